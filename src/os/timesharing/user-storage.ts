/** How the supervisor reaches the storage of a process: by its own path, with the checks that its protection makes. */
import type { System370 } from '../../machines/s370/system.ts';
import type { Process } from './process.ts';
import { PAGE, type Settings } from './settings.ts';

/** Thrown where a page is to come first. */
export class PageMissing extends Error {
  readonly page: number;
  constructor(page: number) {
    super(`page ${page} is not in core`);
    this.page = page;
  }
}
/** Thrown where the process may not go. */
export class Forbidden extends Error {
  constructor() {
    super('an address that the process may not use');
  }
}

const MOST_BYTES = 4096;

export class UserStorage {
  private readonly system: System370;
  private readonly settings: Settings;

  constructor(system: System370, settings: Settings) {
    this.system = system;
    this.settings = settings;
  }

  fetch(p: Process, address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(this.checked(length));
    this.pieces(p, address, length, (real, at, count) => {
      bytes.set(this.system.fetch(real, count), at);
    });
    return bytes;
  }
  store(p: Process, address: number, bytes: ArrayLike<number>): void {
    this.pieces(p, address, this.checked(bytes.length), () => undefined);
    this.pieces(p, address, bytes.length, (real, at, count, page) => {
      this.system.store(real, Array.from(bytes).slice(at, at + count));
      if (page) page.changed = true;
    });
  }
  private checked(length: number): number {
    if (length < 0 || length > MOST_BYTES) throw new Forbidden();
    return length;
  }

  /** Cuts a stretch of the process's storage at pages, each where it is in real storage. */
  private pieces(
    p: Process,
    address: number,
    length: number,
    act: (real: number, at: number, count: number, page: Process['pages'][number] | null) => void,
  ): void {
    for (let at = 0; at < length;) {
      const logical = address + at;
      const count = Math.min(length - at, PAGE - (logical % PAGE));
      const index = Math.floor((logical - p.base) / PAGE);
      const page = p.pages[index] ?? null;
      // Without protection the supervisor has nothing to tell a bad address by, as long as there is storage.
      if (!page && (this.settings.protection !== 'none' || logical + count > this.system.storageSize))
        throw new Forbidden();
      if (page && (page.frame < 0 || page.moving)) throw new PageMissing(index);
      act(page ? page.frame + (logical % PAGE) : logical, at, count, page);
      at += count;
    }
  }
}
