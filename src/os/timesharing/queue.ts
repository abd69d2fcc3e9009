/** The ready queue: the same for every discipline, which only says where in it a task joins. */
import type { Discipline, Why } from './discipline.ts';
import { taskOf, type Process } from './process.ts';
import type { Settings } from './settings.ts';

/** Seconds in which what a user has had counts half as much. */
const HALF_LIFE = 10;

export interface QueueState {
  turn: number;
  /** By user: cycles that he had, and when they were last decayed. */
  usage: Record<number, { cycles: number; at: number }>;
}

export class ReadyQueue {
  discipline: Discipline;
  private readonly settings: Settings;
  private readonly pagesPerQuantum: number;
  private readonly live: () => readonly Process[];
  state: QueueState = { turn: 0, usage: {} };

  constructor(
    discipline: Discipline,
    settings: Settings,
    pagesPerQuantum: number,
    live: () => readonly Process[],
  ) {
    this.discipline = discipline;
    this.settings = settings;
    this.pagesPerQuantum = pagesPerQuantum;
    this.live = live;
  }

  private recent(user: number, now: number): number {
    const had = this.state.usage[user];
    return had ? had.cycles * 2 ** ((had.at - now) / (HALF_LIFE * this.settings.second)) : 0;
  }
  /** The user's process has had `cycles`. */
  used(user: number, cycles: number, now: number): void {
    this.state.usage[user] = { cycles: this.recent(user, now) + cycles, at: now };
  }

  /** Puts a process in the queue. Who was preempted goes on where it was: before those who joined after it. */
  join(process: Process, why: Why, now: number): void {
    const others = this.live().filter((p) => p !== process && (p.state === 'ready' || p.state === 'running'));
    if (why === 'answered') process.burst = 0;
    const { rank, quantum, patience } = this.discipline.place(taskOf(process), why, {
      now,
      second: this.settings.second,
      quantum: this.settings.quantum,
      pagesPerQuantum: this.pagesPerQuantum,
      ready: others.length + 1,
      recent: this.recent(process.user, now),
      lowest: others.length > 0 ? Math.min(...others.map((p) => p.rank)) : null,
    });
    const keepsPlace = why === 'preempted' || (why === 'waited' && rank === process.rank);
    process.state = 'ready';
    process.waiting = null;
    process.rank = rank;
    if (!keepsPlace) process.turn = this.state.turn++;
    if (why !== 'preempted' || process.left === null || process.left <= 0) process.left = quantum;
    process.queuedAt = now;
    process.patienceEnds = patience === undefined ? Infinity : now + patience;
    process.stay = 0;
  }

  /** Ready processes, the one to run first first. */
  order(): Process[] {
    return this.live()
      .filter(({ state }) => state === 'ready')
      .sort((a, b) => a.rank - b.rank || a.turn - b.turn);
  }

  /** Places anew whose patience has ended. */
  age(now: number): void {
    for (const process of this.live())
      if (process.state === 'ready' && process.patienceEnds <= now) this.join(process, 'waited', now);
  }
}
