/** What system calls wait for, as data with one question: would the call get on now? */
import { POLLERR, POLLHUP, POLLNVAL } from '../abi/modes.ts';
import type { OpenFile } from '../files/open-file.ts';
import type { PipeEnd } from '../files/pipe.ts';
import type { StreamSocket } from '../net/stream.ts';
import type { Waiter } from '../process/futex.ts';
import type { Condition, Process, Thread } from '../process/process.ts';
import { pendingMask } from '../process/signals.ts';

/** Only a signal or the deadline. */
export class Never implements Condition {
  ready(): boolean {
    return false;
  }
}

/** Some of these bits of poll(2) on a file. */
export class Ready implements Condition {
  private readonly file: OpenFile;
  private readonly bits: number;
  constructor(file: OpenFile, bits: number) {
    [this.file, this.bits] = [file, bits];
  }
  ready(): boolean {
    return (this.file.poll() & this.bits) !== 0;
  }
}

/** Somebody at the other end of a pipe that is being opened. */
export class Joined implements Condition {
  private readonly end: PipeEnd;
  constructor(end: PipeEnd) {
    this.end = end;
  }
  ready(): boolean {
    return !this.end.alone;
  }
}

/** Room among the connections that a socket has not accepted yet. */
export class Backlog implements Condition {
  private readonly socket: StreamSocket;
  constructor(socket: StreamSocket) {
    this.socket = socket;
  }
  ready(): boolean {
    return this.socket.hasRoom;
  }
}

export class Woken implements Condition {
  private readonly waiter: Waiter;
  constructor(waiter: Waiter) {
    this.waiter = waiter;
  }
  ready(): boolean {
    return this.waiter.woken;
  }
}

/** A descriptor with the bits of poll(2) that are asked for. */
export interface Watch {
  readonly descriptor: number;
  readonly events: number;
}

export function readiness(process: Process, { descriptor, events }: Watch): number {
  if (descriptor < 0) return 0;
  if (!process.files.has(descriptor)) return POLLNVAL;
  return process.file(descriptor).poll() & (events | POLLERR | POLLHUP);
}

/** One of several descriptors. */
export class AnyReady implements Condition {
  private readonly process: Process;
  private readonly watches: readonly Watch[];
  constructor(process: Process, watches: readonly Watch[]) {
    [this.process, this.watches] = [process, watches];
  }
  ready(): boolean {
    return this.watches.some((watch) => readiness(this.process, watch) !== 0);
  }
}

/** One of these signals, which are blocked, for a thread or its process. */
export class SignalPending implements Condition {
  private readonly thread: Thread;
  private readonly set: bigint;
  constructor(thread: Thread, set: bigint) {
    [this.thread, this.set] = [thread, set];
  }
  ready(): boolean {
    return (pendingMask(this.thread) & this.set) !== 0n;
  }
}

// ---------------------------------------------------------------- children

const WUNTRACED = 2;
const WCONTINUED = 8;

/** The children that wait(2) is to look at. */
export function wanted({ namespaces, group, children }: Process, pid: number): Process[] {
  return [...children].filter((child) => {
    if (pid > 0) return child.pidIn(namespaces.pid) === pid;
    if (pid === 0) return child.group === group;
    return pid === -1 || child.group.leader.pidIn(namespaces.pid) === -pid;
  });
}

/** The first child with news, and the status that wait(2) reports of it. */
export function report(
  children: readonly Process[],
  options: number,
): { readonly child: Process; readonly status: number } | null {
  for (const child of children) {
    if (child.status !== null) return { child, status: child.status };
    if (child.news === 'stopped' && (options & WUNTRACED) !== 0)
      return { child, status: (child.stopped << 8) | 0x7f };
    if (child.news === 'continued' && (options & WCONTINUED) !== 0) return { child, status: 0xffff };
  }
  return null;
}

/** A child that wait(2) would tell of, or no child any more. */
export class ChildNews implements Condition {
  private readonly process: Process;
  private readonly pid: number;
  private readonly options: number;
  constructor(process: Process, pid: number, options: number) {
    [this.process, this.pid, this.options] = [process, pid, options];
  }
  ready(): boolean {
    const children = wanted(this.process, this.pid);
    return children.length === 0 || report(children, this.options) !== null;
  }
}
