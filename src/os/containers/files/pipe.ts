/** Pipes. pipe(7). */
import { fail } from '../abi/errno.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '../abi/modes.ts';
import { OpenFile, type Asker } from './open-file.ts';
import type { Place } from './mounts.ts';

const CAPACITY = 65536;
/** Writes up to so many bytes go in one piece. */
const PIPE_BUF = 4096;

/** Bytes on their way, first in, first out. */
export class ByteQueue {
  private parts: Uint8Array[] = [];
  length = 0;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes.slice());
    this.length += bytes.length;
  }

  /** Takes at most `length` bytes. */
  take(length: number): Uint8Array {
    const bytes = this.peek(length);
    let left = bytes.length;
    this.length -= left;
    while (left > 0) {
      const first = this.parts[0]!;
      if (first.length <= left) this.parts.shift();
      else this.parts[0] = first.subarray(left);
      left -= Math.min(left, first.length);
    }
    return bytes;
  }

  peek(length: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(length, this.length));
    let done = 0;
    for (const piece of this.parts) {
      if (done === bytes.length) break;
      const some = piece.subarray(0, bytes.length - done);
      bytes.set(some, done);
      done += some.length;
    }
    return bytes;
  }

  clear(): void {
    [this.parts, this.length] = [[], 0];
  }
}

export class Pipe {
  readonly queue = new ByteQueue();
  readers = 0;
  writers = 0;
  /** How often each end has been opened. */
  readonly opened = { readers: 0, writers: 0 };
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/** Writing where nobody will read: the caller turns it into SIGPIPE and EPIPE. */
export const BROKEN = -2;

/** FIONREAD: how many bytes wait. */
export const FIONREAD = 0x541b;

/** One end, or with O_RDWR both ends, of a pipe. */
export class PipeEnd extends OpenFile {
  readonly pipe: Pipe;
  /** How often the other end had been opened when this one was. */
  private readonly before: number;

  constructor(flags: number, pipe: Pipe, place: Place | null = null) {
    super(flags, place);
    this.pipe = pipe;
    this.before = pipe.opened[this.mayRead ? 'writers' : 'readers'];
    if (this.mayRead) [pipe.readers, pipe.opened.readers] = [pipe.readers + 1, pipe.opened.readers + 1];
    if (this.mayWrite) [pipe.writers, pipe.opened.writers] = [pipe.writers + 1, pipe.opened.writers + 1];
  }

  /** Nobody has the other end, and nobody has come and gone since: opening a pipe by its name waits. fifo(7). */
  get alone(): boolean {
    const { pipe, mayRead, mayWrite, before } = this;
    if (mayRead && mayWrite) return false;
    const other = mayRead ? 'writers' : 'readers';
    return pipe[other] === 0 && pipe.opened[other] === before;
  }

  override get label(): string {
    return `pipe:[${this.pipe.number}]`;
  }

  read(length: number): Uint8Array | null {
    const { queue, writers } = this.pipe;
    if (queue.length > 0) return queue.take(length);
    return writers === 0 ? new Uint8Array() : null;
  }

  write(bytes: Uint8Array): number | null {
    const { queue, readers } = this.pipe;
    if (readers === 0) return BROKEN;
    const room = CAPACITY - queue.length;
    if (room === 0 || (bytes.length <= PIPE_BUF && room < bytes.length)) return null;
    const some = bytes.subarray(0, room);
    queue.push(some);
    return some.length;
  }

  override poll(): number {
    const { queue, readers, writers } = this.pipe;
    let bits = 0;
    if (this.mayRead) bits |= (queue.length > 0 ? POLLIN : 0) | (writers === 0 ? POLLHUP : 0);
    if (this.mayWrite)
      bits |= (CAPACITY - queue.length >= PIPE_BUF ? POLLOUT : 0) | (readers === 0 ? POLLERR : 0);
    return bits;
  }

  override ioctl(request: number, argument: number, { memory }: Asker): number {
    if (request !== FIONREAD) return fail('ENOTTY');
    memory.setWord(argument, this.pipe.queue.length);
    return 0;
  }

  override closed(): void {
    if (this.mayRead) this.pipe.readers--;
    if (this.mayWrite) this.pipe.writers--;
  }
}
