/** Files that only tell of events: epoll(7), eventfd(2), timerfd_create(2). */
import { fail } from '../abi/errno.ts';
import { POLLIN, POLLOUT } from '../abi/modes.ts';
import type { KernelClock } from '../clock.ts';
import { OpenFile } from './open-file.ts';

const EPOLLONESHOT = 0x40000000;
const EPOLLET = 0x80000000;
const POLLERR_HUP = 8 | 16;

interface Interest {
  readonly file: OpenFile;
  events: number;
  data: readonly [number, number];
  /** What was told already, where only changes are wanted. */
  told: number;
}

export class EventPoll extends OpenFile {
  /** By descriptor, as long as its file is open. */
  private readonly interests = new Map<number, Interest>();

  override get label(): string {
    return 'anon_inode:[eventpoll]';
  }
  read(): never {
    return fail('EINVAL');
  }
  write(): never {
    return fail('EINVAL');
  }

  control(
    operation: number,
    descriptor: number,
    file: OpenFile,
    events: number,
    data: readonly [number, number],
  ): void {
    const known = this.interests.get(descriptor);
    const same = known?.file === file ? known : null;
    if (operation === 1) {
      if (same) fail('EEXIST');
      if (file === this || (file instanceof EventPoll && file.reaches(this))) fail('EINVAL');
      this.interests.set(descriptor, { file, events, data, told: 0 });
    } else if (!same) fail('ENOENT');
    else if (operation === 2) this.interests.delete(descriptor);
    else if (operation === 3) Object.assign(same, { events, data, told: 0 });
    else fail('EINVAL');
  }

  /** Whether it watches the other one, itself or through others. */
  private reaches(other: EventPoll): boolean {
    return [...this.interests.values()].some(
      ({ file }) => file === other || (file instanceof EventPoll && file.reaches(other)),
    );
  }

  private bitsOf({ file, events, told }: Interest): number {
    const bits = file.poll() & ((events & 0xffff) | POLLERR_HUP);
    return (events & EPOLLET) !== 0 ? bits & ~told : bits;
  }

  /** Events that are due, `most` at most; tells each one that wants it so only once. */
  collect(most: number): { readonly events: number; readonly data: readonly [number, number] }[] {
    const due: { events: number; data: readonly [number, number] }[] = [];
    for (const [descriptor, interest] of this.interests) {
      if (interest.file.users === 0) {
        this.interests.delete(descriptor);
        continue;
      }
      const events = this.bitsOf(interest);
      // What is no longer so may be told again.
      interest.told &= interest.file.poll();
      if (events === 0 || due.length === most) continue;
      due.push({ events, data: interest.data });
      interest.told |= events;
      if ((interest.events & EPOLLONESHOT) !== 0) interest.events = EPOLLONESHOT;
    }
    return due;
  }

  override poll(): number {
    for (const interest of this.interests.values())
      if (interest.file.users > 0 && this.bitsOf(interest) !== 0) return POLLIN;
    return 0;
  }
}

const SEMAPHORE = 1;
const MOST = 0xffff_ffff_ffff_fffen;
const eight = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
};

export class EventCounter extends OpenFile {
  private value: bigint;
  private readonly counts: boolean;

  constructor(flags: number, initial: number) {
    super(2 | (flags & ~SEMAPHORE));
    this.value = BigInt(initial >>> 0);
    this.counts = (flags & SEMAPHORE) !== 0;
  }
  override get label(): string {
    return 'anon_inode:[eventfd]';
  }
  read(length: number): Uint8Array | null {
    if (length < 8) return fail('EINVAL');
    if (this.value === 0n) return null;
    const taken = this.counts ? 1n : this.value;
    this.value -= taken;
    return eight(taken);
  }
  write(bytes: Uint8Array): number | null {
    if (bytes.length < 8) return fail('EINVAL');
    const more = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
    if (more > MOST) return fail('EINVAL');
    if (this.value + more > MOST) return null;
    this.value += more;
    return 8;
  }
  override poll(): number {
    return (this.value > 0n ? POLLIN : 0) | (this.value < MOST ? POLLOUT : 0);
  }
}

/** Becomes readable when a time has come, and again each period. In cycles of the clock. */
export class TimerFile extends OpenFile {
  private readonly clock: KernelClock;
  at = Infinity;
  every = 0;

  constructor(flags: number, clock: KernelClock) {
    super(flags);
    this.clock = clock;
  }
  override get label(): string {
    return 'anon_inode:[timerfd]';
  }
  private get due(): number {
    const late = this.clock.cycles - this.at;
    if (late < 0) return 0;
    return this.every > 0 ? 1 + Math.floor(late / this.every) : 1;
  }
  read(length: number): Uint8Array | null {
    if (length < 8) return fail('EINVAL');
    const { due } = this;
    if (due === 0) return null;
    this.at = this.every > 0 ? this.at + due * this.every : Infinity;
    return eight(BigInt(due));
  }
  write(): never {
    return fail('EINVAL');
  }
  override poll(): number {
    return this.due > 0 ? POLLIN : 0;
  }
}
