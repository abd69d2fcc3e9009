/** What a system call's handler is given, and what it answers. */
import type { Kernel } from '../kernel.ts';
import type { UserMemory } from '../memory/user.ts';
import type { Condition, Process, Thread, Waiting } from '../process/process.ts';

export interface Call {
  readonly kernel: Kernel;
  readonly thread: Thread;
  readonly process: Process;
  readonly memory: UserMemory;
  /** EBX, ECX, EDX, ESI, EDI, EBP. */
  readonly args: Int32Array;
}

/** EAX for the program, or what the call waits for: it is tried again from its beginning. Failures are thrown. */
export type Handler = (call: Call) => number | Waiting;

export const until = (on: Condition, deadline = Infinity, restarts = true): Waiting => ({
  on,
  deadline,
  restarts,
});

/** The deadline of the call: its first try sets it, `nanoseconds` from now. */
export function deadlineOf({ kernel, thread }: Call, nanoseconds: bigint): number {
  thread.deadline ??= kernel.clock.cycles + Math.max(1, kernel.clock.toCycles(nanoseconds));
  return thread.deadline;
}
export const passed = ({ kernel, thread }: Call): boolean =>
  thread.deadline !== null && kernel.clock.cycles >= thread.deadline;
