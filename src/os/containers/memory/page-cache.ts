/**
 * Pages of files in memory: mappings of one file share its frames, whoever maps it. Reading and writing a file that is
 * mapped passes through here, so that both ways to its contents agree.
 */
import type { RegularFile } from '../files/inode.ts';
import type { SystemPc } from '../../../machines/pc/system.ts';
import { PAGE, type Frames, type Payer } from './frames.ts';

interface Cached {
  readonly frames: Map<number, number>;
  /** Somebody may store into these frames through a shared mapping. */
  stored: boolean;
}

export class PageCache {
  private readonly system: SystemPc;
  private readonly frames: Frames;
  private readonly files = new Map<RegularFile, Cached>();

  constructor(system: SystemPc, frames: Frames) {
    this.system = system;
    this.frames = frames;
  }

  /** The frame with page `index` of `file`, one more user of it; 0 without memory. */
  page(file: RegularFile, index: number, payer: Payer | null, toStore: boolean): number {
    let cached = this.files.get(file);
    if (!cached) {
      this.files.set(file, (cached = { frames: new Map(), stored: false }));
      file.cachedBy = this;
    }
    cached.stored ||= toStore;
    let frame = cached.frames.get(index) ?? 0;
    if (frame === 0) {
      if (payer && !payer.charge()) return 0;
      frame = this.frames.allocate(payer);
      if (frame === 0) {
        payer?.uncharge();
        return 0;
      }
      const bytes = file.read(index * PAGE, PAGE);
      if (bytes.length > 0) this.system.writePhysical(frame, bytes);
      cached.frames.set(index, frame);
    }
    this.frames.share(frame);
    return frame;
  }

  /** Brings what was stored through mappings into the file. */
  flush(file: RegularFile): void {
    const cached = this.files.get(file);
    if (!cached?.stored) return;
    const { size } = file;
    for (const [index, frame] of cached.frames) {
      const length = Math.min(PAGE, size - index * PAGE);
      if (length > 0) file.write(index * PAGE, this.system.readPhysical(frame, length));
    }
  }

  /** Takes over what was written into the file between two offsets. */
  written(file: RegularFile, from: number, to: number): void {
    const cached = this.files.get(file);
    if (!cached) return;
    for (let index = Math.floor(from / PAGE); index * PAGE < to; index++) {
      const frame = cached.frames.get(index);
      if (frame === undefined) continue;
      const page = new Uint8Array(PAGE);
      page.set(file.read(index * PAGE, PAGE));
      this.system.writePhysical(frame, page);
    }
  }

  /** The file ends at `size`: gives back what lies beyond, but for pages that are mapped. */
  cut(file: RegularFile, size: number): void {
    const { frames } = this.files.get(file) ?? {};
    for (const [index, frame] of frames ?? [])
      if (index * PAGE >= size && this.frames.usersOf(frame) === 1) {
        this.frames.release(frame);
        frames!.delete(index);
      }
  }

  /** Gives all pages of a file back, without bringing anything into it. */
  forget(file: RegularFile): void {
    for (const frame of this.files.get(file)?.frames.values() ?? []) this.frames.release(frame);
    this.files.delete(file);
    file.cachedBy = null;
  }

  /** Gives up pages that only the cache holds; how many. */
  shrink(): number {
    let given = 0;
    for (const [file, cached] of this.files) {
      this.flush(file);
      for (const [index, frame] of cached.frames) {
        if (this.frames.usersOf(frame) > 1) continue;
        this.frames.release(frame);
        cached.frames.delete(index);
        given++;
      }
      if (cached.frames.size === 0) this.forget(file);
    }
    return given;
  }
}
