/**
 * Path lengths of the supervisor: instructions that its paths would take in System/370 code. No counted listing of such
 * a supervisor was at hand: estimates beside CP's own (monitors/cp/paths.ts), so that the two compare on equal terms.
 */
import type { Reason } from '../../accounting/vocabulary.ts';

interface Path {
  readonly instructions: number;
  readonly reason: Reason;
}
const estimate = (instructions: number, reason: Reason): Path => ({ instructions, reason });

export const PATHS = {
  /** First-level interruption handler: registers and PSW into the process's block. */
  entry: estimate(30, 'emulation'),
  dispatch: estimate(70, 'scheduling'),
  /** Placing a task in the queue. */
  place: estimate(60, 'scheduling'),
  call: estimate(60, 'emulation'),
  /** Copying or clearing 256 bytes. */
  copy: estimate(4, 'emulation'),
  spawn: estimate(400, 'command'),
  /** Choosing a frame, changing tables and keys. */
  frame: estimate(60, 'paging'),
  /** Building a channel program and starting it, for each page. */
  transfer: estimate(40, 'input-output'),
  interrupt: estimate(80, 'input-output'),
} as const satisfies Readonly<Record<string, Path>>;
export type PathName = keyof typeof PATHS;
