/** What the supervisor remembers of a process and of its pages: plain data. */
import type { Psw } from '../../machines/s370/psw.ts';
import type { Task } from './discipline.ts';

/** The user who sits at the real terminal. */
export const OPERATOR = -1;

export interface PageState {
  /** Real address of the frame that holds it, or −1. */
  frame: number;
  /** Where on the drum its own copy is, or −1. */
  slot: number;
  /** Where in the library it is as long as it has no copy of its own; −1: a page of zeros. */
  readonly source: number;
  /** The supervisor stored into it, which no change bit tells. */
  changed: boolean;
  /** On its way. */
  moving: boolean;
}

/** What a process has open: the terminal, a file, or an end of a pipe. */
export type Open =
  | { readonly kind: 'terminal' }
  | { readonly kind: 'file'; readonly name: string; at: number }
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: 'read' | 'write' };

/** What a process waits for. */
export type Waiting =
  | { readonly kind: 'line' }
  | { readonly kind: 'child'; readonly id: number }
  | { readonly kind: 'page'; readonly page: number }
  | { readonly kind: 'core' } // room in core, or its first pages
  | { readonly kind: 'block'; readonly slot: number }
  | { readonly kind: 'pipe'; readonly pipe: number };

export interface Process {
  readonly id: number;
  readonly user: number;
  program: string;
  argument: number;
  readonly parent: number;
  priority: number;
  state: 'ready' | 'running' | 'blocked' | 'ended';
  waiting: Waiting | null;
  readonly gr: Int32Array;
  readonly fpr: Uint32Array;
  psw: Psw;
  /** Its registers are as they are when a program begins, and not yet told where it lies. */
  fresh: boolean;
  pages: PageState[];
  /** Address at which its program begins: real, or virtual under address translation. */
  base: number;
  /** Its storage key. */
  key: number;
  /** Place of its tables in the supervisor's storage. */
  readonly tables: number;
  open: (Open | null)[];
  output: string;
  exitCode: number;
  /** Why the supervisor ended it, or ''. */
  failure: string;

  // What disciplines go by.
  readonly arrivedAt: number;
  total: number;
  burst: number;
  stay: number;
  rank: number;
  queuedAt: number;
  /** Order of joining, where clocks are equal. */
  turn: number;
  /** Cycles that its present stay may still take; null: any number. */
  left: number | null;
  patienceEnds: number;

  // Figures.
  endedAt: number;
  dispatches: number;
  preemptions: number;
  faults: number;
  pagesIn: number;
  pagesOut: number;
}

export const taskOf = (p: Process): Task => ({
  id: p.id,
  user: p.user,
  pages: p.pages.length,
  priority: p.priority,
  arrivedAt: p.arrivedAt,
  total: p.total,
  burst: p.burst,
  stay: p.stay,
  rank: p.rank,
});
