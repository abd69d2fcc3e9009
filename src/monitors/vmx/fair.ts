/**
 * Which guest is next, by the rules of Linux's completely fair scheduler: each is a process of the host whose virtual
 * time passes the slower the greater its weight, and who has had least of it is next. One that has slept begins at most
 * half a period behind the others. `sched_fair.c`, Linux 2.6.24 to 2.6.31; the constants of a single processor there
 * (`sysctl_sched_latency`, `_min_granularity`, `_wakeup_granularity`) are from memory.
 */

/** Period in which all shall have run once, the shortest turn, and the advance at which who wakes takes over: seconds. */
const [LATENCY, GRANULARITY, WAKE_ADVANCE] = [0.02, 0.004, 0.01];
/** Weight of a process of nice value 0: its virtual time is its real time. */
export const USUAL_WEIGHT = 1024;

/** A guest as the scheduler sees it. */
export interface Task {
  readonly weight: number;
  /** It wants the processor. */
  runnable: boolean;
  /** Cycles that it has had, and the same by its weight. */
  ran: number;
  virtual: number;
}

export class FairScheduler {
  /** The virtual time that all have reached; it never goes back. */
  floor = 0;
  /** Cycles that the present turn has lasted. */
  turn = 0;
  private readonly tasks: readonly Task[];
  private readonly frequency: number;

  /** @param frequency cycles in a second */
  constructor(tasks: readonly Task[], frequency: number) {
    this.tasks = tasks;
    this.frequency = frequency;
  }

  /** The task has had the processor for so long. */
  spent(task: Task, cycles: number): void {
    task.ran += cycles;
    task.virtual += (cycles * USUAL_WEIGHT) / task.weight;
    this.turn += cycles;
    const least = Math.min(...this.runnable.map(({ virtual }) => virtual), task.virtual);
    this.floor = Math.max(this.floor, least);
  }

  /** It had nothing to do, and has now. */
  woken(task: Task): void {
    task.runnable = true;
    task.virtual = Math.max(task.virtual, this.floor - (LATENCY * this.frequency) / 2);
  }

  /** Who goes on or takes over from `current`; null: nobody wants the processor. */
  choose(current: Task | null): Task | null {
    const { runnable } = this;
    const best = runnable.reduce<Task | null>(
      (least, task) => (!least || task.virtual < least.virtual ? task : least),
      null,
    );
    if (!current?.runnable || !best || this.takesOver(best, current)) {
      if (best !== current) this.turn = 0;
      return best;
    }
    if (this.turn < this.share(current)) return current;
    this.turn = 0;
    return best;
  }

  private takesOver(other: Task, current: Task): boolean {
    return current.virtual - other.virtual > WAKE_ADVANCE * this.frequency;
  }

  /** Cycles that the present turn may still last; Infinity where nobody else waits. */
  left(current: Task): number {
    return this.runnable.length > 1 ? Math.max(0, this.share(current) - this.turn) : Infinity;
  }

  private get runnable(): readonly Task[] {
    return this.tasks.filter(({ runnable }) => runnable);
  }

  private share({ weight }: Task): number {
    const whole = this.runnable.reduce((sum, each) => sum + each.weight, 0);
    return Math.max(GRANULARITY, (LATENCY * weight) / whole) * this.frequency;
  }
}
