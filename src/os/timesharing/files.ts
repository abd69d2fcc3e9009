/** Files on the disk, and pipes: what processes can open besides the terminal. Files are read and written by blocks. */
import type { PageStore } from './page-store.ts';
import { PAGE } from './settings.ts';

interface File {
  readonly slots: number[];
  length: number;
}
export interface Pipe {
  bytes: number[];
  readers: number;
  writers: number;
}
/** A block in one of the supervisor's buffers. */
interface Buffer {
  slot: number;
  changed: boolean;
  moving: boolean;
  usedAt: number;
}
export interface FilesState {
  files: Record<string, File>;
  pipes: Pipe[];
  buffers: Buffer[];
}
export const BUFFERS = 4;
export const PIPE_BYTES = 512;

export class Files {
  private readonly disk: PageStore;
  private readonly bufferAt: (index: number) => number;
  private readonly clear: (real: number) => void;
  state: FilesState = {
    files: {},
    pipes: [],
    buffers: Array.from({ length: BUFFERS }, () => ({ slot: -1, changed: false, moving: false, usedAt: -1 })),
  };

  constructor(disk: PageStore, bufferAt: (index: number) => number, clear: (real: number) => void) {
    this.disk = disk;
    this.bufferAt = bufferAt;
    this.clear = clear;
  }

  open(name: string): void {
    this.state.files[name] ??= { slots: [], length: 0 };
  }
  lengthOf(name: string): number {
    return this.state.files[name]?.length ?? 0;
  }

  /**
   * Real address of byte `at` of the file, and how many bytes of its block follow; null where the block is to come
   * first, and has been sent for on behalf of `process`. With `grow` a block is added where the file ends; no byte
   * follows when the disk is full.
   */
  locate(
    name: string,
    at: number,
    process: number,
    now: number,
    grow: boolean,
  ): { real: number; room: number } | null {
    const file = this.state.files[name]!;
    const block = Math.floor(at / PAGE);
    const isNew = file.slots[block] === undefined;
    if (isNew && (!grow || this.disk.full)) return { real: 0, room: 0 };
    const index = this.bufferOf(isNew ? null : file.slots[block]!, process, now);
    if (index === null) return null;
    if (isNew) {
      file.slots[block] = this.disk.take();
      this.state.buffers[index] = { slot: file.slots[block], changed: true, moving: false, usedAt: now };
      this.clear(this.bufferAt(index));
    }
    const within = at % PAGE;
    if (grow) {
      this.state.buffers[index]!.changed = true;
    }
    return { real: this.bufferAt(index) + within, room: PAGE - within };
  }
  /** The file is at least so long now. */
  grown(name: string, length: number): void {
    const file = this.state.files[name]!;
    file.length = Math.max(file.length, length);
  }

  /** The buffer that holds a slot, or with null one to fill; null while it is not there yet. */
  private bufferOf(slot: number | null, process: number, now: number): number | null {
    const { buffers } = this.state;
    const held = slot === null ? -1 : buffers.findIndex((b) => b.slot === slot);
    if (held >= 0) {
      buffers[held]!.usedAt = now;
      return buffers[held]!.moving ? null : held;
    }
    const free = buffers.map((b, i) => ({ ...b, i })).filter((b) => !b.moving);
    const oldest = free.sort((a, b) => a.usedAt - b.usedAt)[0];
    if (!oldest) return null;
    const frame = this.bufferAt(oldest.i);
    const moves = [
      ...(oldest.changed ? [{ write: true, frame, slot: oldest.slot }] : []),
      ...(slot === null ? [] : [{ write: false, frame, slot }]),
    ];
    buffers[oldest.i] = { slot: slot ?? -1, changed: false, moving: moves.length > 0, usedAt: now };
    if (moves.length === 0) return oldest.i;
    this.disk.ask({ moves, process, detail: oldest.i });
    return null;
  }
  /** A batch for buffer `index` has been moved. */
  moved(index: number): void {
    this.state.buffers[index]!.moving = false;
  }

  pipe(): number {
    this.state.pipes.push({ bytes: [], readers: 1, writers: 1 });
    return this.state.pipes.length - 1;
  }
}

/** A name as programs pass it: eight characters of EBCDIC, padded with blanks. */
export const NAME_BYTES = 8;
