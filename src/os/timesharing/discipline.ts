/**
 * What a scheduling discipline is: one function that says where in the queue a task joins and how long it may stay.
 * The task of lowest rank runs first; among equals the one that has waited longest. Times are cycles.
 */

/** A process as a discipline sees it. */
export interface Task {
  readonly id: number;
  /** Whose process it is: an index. */
  readonly user: number;
  /** Pages of its program. */
  readonly pages: number;
  /** Lower is more urgent; what the user asked for. */
  readonly priority: number;
  /** When it was started. */
  readonly arrivedAt: number;
  /** Processor time since it was started. */
  readonly total: number;
  /** Processor time since it last waited for its user. */
  readonly burst: number;
  /** Processor time of its latest stay. */
  readonly stay: number;
  /** The rank at which it joined last. */
  readonly rank: number;
}

/** Why a task joins the queue. */
export type Why =
  | 'started'
  | 'answered' // what it waited for has come
  | 'expired' // its quantum is over
  | 'preempted' // one of lower rank has come
  | 'waited'; // its patience has come to an end in the queue

/** What else a discipline may go by. */
export interface Moment {
  readonly now: number;
  /** Cycles of a second of the users. */
  readonly second: number;
  /** Cycles of the quantum that the run is set to. */
  readonly quantum: number;
  /** Pages that can be moved into core and out again in one quantum. */
  readonly pagesPerQuantum: number;
  /** Tasks that are ready or running, this one among them. */
  readonly ready: number;
  /** Processor time that the task's user has had lately: halved with every ten seconds. */
  readonly recent: number;
  /** Lowest rank among the others that are ready or running, or null. */
  readonly lowest: number | null;
}

export interface Placement {
  readonly rank: number;
  /** Cycles until it is interrupted; null: it stays until it waits or ends. */
  readonly quantum: number | null;
  /** Cycles after which it is placed anew if it still waits. */
  readonly patience?: number;
}

export interface Discipline {
  /** A task that joins at a lower rank takes the processor from the one that runs. */
  readonly preempts: boolean;
  place(task: Task, why: Why, moment: Moment): Placement;
}
