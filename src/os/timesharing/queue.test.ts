/** What each discipline promises, for any load: tried on one processor that does nothing but what the queue says. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { psw } from '../../machines/s370/psw.ts';
import { DISCIPLINE_NAMES, DISCIPLINES, type DisciplineName } from './disciplines/table.ts';
import type { Process } from './process.ts';
import { ReadyQueue } from './queue.ts';
import type { Settings } from './settings.ts';

const SECOND = 1000;
const QUANTUM = 100;
const settings = { second: SECOND, quantum: QUANTUM } as Settings;

const processOf = (id: number, user: number, pages: number, priority: number): Process => ({
  ...{
    id,
    user,
    program: '',
    argument: 0,
    parent: -1,
    priority,
    state: 'blocked',
    waiting: null,
    fresh: false,
  },
  ...{
    gr: new Int32Array(16),
    fpr: new Uint32Array(8),
    psw: psw(),
    base: 0,
    key: 0,
    tables: 0,
    open: [],
    output: '',
  },
  pages: Array.from({ length: pages }, () => ({
    frame: 0,
    slot: -1,
    source: -1,
    changed: false,
    moving: false,
  })),
  ...{
    exitCode: 0,
    failure: '',
    arrivedAt: 0,
    total: 0,
    burst: 0,
    stay: 0,
    rank: 0,
    queuedAt: 0,
    turn: 0,
    left: 0,
  },
  ...{
    patienceEnds: Infinity,
    endedAt: 0,
    dispatches: 0,
    preemptions: 0,
    faults: 0,
    pagesIn: 0,
    pagesOut: 0,
  },
});

interface Load {
  readonly at: number;
  readonly cycles: number;
  readonly user: number;
  readonly pages: number;
  readonly priority: number;
}
interface Outcome {
  readonly processes: readonly Process[];
  readonly idleWithWork: number;
  /** Processor time by user up to `until`. */
  readonly byUser: readonly number[];
}

/** Executes the loads until all are done or `until`; idle only while nothing is ready. */
function execute(name: DisciplineName, loads: readonly Load[], until = Infinity): Outcome {
  const processes: Process[] = [];
  let live: Process[] = [];
  const waiting = loads.map((load, i) => ({ ...load, id: i })).sort((a, b) => a.at - b.at);
  const need = new Map<number, number>();
  const byUser: number[] = [];
  const discipline = DISCIPLINES[name];
  const queue = new ReadyQueue(discipline, settings, 2, () => live);
  let now = 0;
  let idleWithWork = 0;
  let running: Process | null = null;
  while ((waiting.length > 0 || need.size > 0) && now < until) {
    while (waiting[0] && waiting[0].at <= now) {
      const load = waiting.shift()!;
      const process = Object.assign(processOf(load.id, load.user, load.pages, load.priority), {
        arrivedAt: load.at,
      });
      processes.push(process);
      live.push(process);
      need.set(load.id, load.cycles);
      queue.join(process, 'started', now);
    }
    queue.age(now);
    const first: Process | undefined = queue.order()[0];
    if (running && discipline.preempts && first && first.rank < running.rank) {
      queue.join(running, 'preempted', now);
      running = null;
    }
    if (!running) {
      running = queue.order()[0] ?? null;
      if (running) running.state = 'running';
    }
    if (!running) {
      if (need.size > 0) idleWithWork++;
      now = waiting[0]?.at ?? now;
      continue;
    }
    const stretch = Math.min(need.get(running.id)!, running.left ?? Infinity, 10);
    now += stretch;
    running.total += stretch;
    running.stay += stretch;
    if (running.left !== null) running.left -= stretch;
    byUser[running.user] = (byUser[running.user] ?? 0) + stretch;
    queue.used(running.user, stretch, now);
    need.set(running.id, need.get(running.id)! - stretch);
    if (need.get(running.id)! <= 0) {
      need.delete(running.id);
      Object.assign(running, { state: 'ended', endedAt: now });
      live = live.filter((p) => p.state !== 'ended');
      running = null;
    } else if (running.left !== null && running.left <= 0) {
      queue.join(running, 'expired', now);
      running = null;
    }
  }
  return { processes, idleWithWork, byUser };
}

const load = fc.record({
  at: fc.integer({ min: 0, max: 5000 }),
  cycles: fc.integer({ min: 1, max: 3000 }),
  user: fc.integer({ min: 0, max: 3 }),
  pages: fc.integer({ min: 1, max: 20 }),
  priority: fc.integer({ min: 0, max: 3 }),
});
const loads = fc.array(load, { minLength: 1, maxLength: 12 });

describe('every discipline', () => {
  test.each(DISCIPLINE_NAMES)('%s conserves work, and ends all that is given to it', (name) => {
    fc.assert(
      fc.property(loads, (given) => {
        const { processes, idleWithWork } = execute(name, given);
        expect(idleWithWork).toBe(0);
        expect(processes.map((p) => p.total).sort()).toEqual(given.map((l) => l.cycles).sort());
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

const short = (at: number): Load => ({ at, cycles: 100, user: 1, pages: 1, priority: 0 });
/** A long job of low urgency, and short ones that come for ever so fast that nothing is left over. */
const flood: readonly Load[] = [
  { at: 0, cycles: 250, user: 0, pages: 4, priority: 3 },
  ...Array.from({ length: 3000 }, (_, i) => short(i * 100)),
];

describe('a long job under a flood of short ones', () => {
  test.each(['fcfs', 'round-robin', 'ctss', 'fair-share', 'cfs'] as const)(
    'comes to its end under %s',
    (name) => {
      const long = execute(name, flood, 300_000).processes[0]!;
      expect(long.state).toBe('ended');
    },
  );

  test('starves under priorities, which promise nothing else', () => {
    expect(execute('priority', flood, 300_000).processes[0]!.state).not.toBe('ended');
  });

  test('owes it to promotion after a minute under CTSS', () => {
    const long = execute('ctss', flood, 300_000).processes[0]!;
    expect(long.endedAt).toBeGreaterThan(60 * SECOND);
  });
});

describe('shares', () => {
  const endless = (user: number): Load => ({ at: 0, cycles: 1e9, user, pages: 1, priority: 0 });

  test('are the same for each user under fair share, however many processes he has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (a, b) => {
        const given = [
          ...Array.from({ length: a }, () => endless(0)),
          ...Array.from({ length: b }, () => endless(1)),
        ];
        const [first = 0, second = 0] = execute('fair-share', given, 100 * SECOND).byUser;
        expect(Math.abs(first - second) / (first + second)).toBeLessThan(0.05);
      }),
      { numRuns: 20, seed: 2 },
    );
  });

  test.each(['round-robin', 'cfs'] as const)('are the same for each process under %s', (name) => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), (n) => {
        const given = Array.from({ length: n }, (_, i) => endless(i));
        const { byUser } = execute(name, given, 100 * SECOND);
        expect(Math.max(...byUser) - Math.min(...byUser)).toBeLessThanOrEqual(4 * QUANTUM);
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe('CTSS', () => {
  test('lets a job of thirty quanta stay five times, each time twice as long: the last is cut by its end', () => {
    const process = processOf(0, 0, 1, 0);
    const queue = new ReadyQueue(DISCIPLINES.ctss, settings, 2, () => [process]);
    const stays: number[] = [];
    for (let left = 30 * QUANTUM; left > 0;) {
      queue.join(process, stays.length === 0 ? 'started' : 'expired', 0);
      const stay = Math.min(left, process.left!);
      stays.push(stay / QUANTUM);
      left -= stay;
    }
    expect(stays).toEqual([1, 2, 4, 8, 15]);
  });

  test.each([
    [1, 0],
    [2, 1],
    [5, 1],
    [6, 2],
    [14, 3],
  ])('admits a program of %i pages at level %i, where two pages are moved in a quantum', (pages, level) => {
    const process = processOf(0, 0, pages, 0);
    new ReadyQueue(DISCIPLINES.ctss, settings, 2, () => [process]).join(process, 'started', 0);
    expect(process.rank).toBe(level);
  });
});
