/** Real programs of several users on the machine, under every discipline and every way to share and protect core. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DISCIPLINE_NAMES } from '../../os/timesharing/disciplines/table.ts';
import type { Settings } from '../../os/timesharing/settings.ts';
import type { Supervisor } from '../../os/timesharing/supervisor.ts';
import type { Job } from './configuration.ts';
import type { timesharingReport } from './timesharing-report.ts';
import { office } from '../../../tests/bench/timesharing.ts';
import { harmDone } from '../../../tests/fuzz/timesharing.ts';
import { S370World } from './world.ts';

const program = (name: string): string =>
  readFileSync(new URL(`../../../labs/+shared/s370/users/${name}.s`, import.meta.url), 'utf8');
const job = (name: string, weight: number): Job => ({
  name: name.toUpperCase(),
  source: program(name),
  weight,
});
const JOBS = [job('sum', 5), job('edit', 3), job('matrix', 2)];

const SETTINGS: Settings = {
  discipline: 'round-robin',
  protection: 'dat',
  memory: 'resident',
  frames: 40,
  quantum: 50_000,
  second: 500_000,
  users: 6,
  think: 1,
  seed: 7,
  interactions: 3,
};

function world(settings: Partial<Settings>, source = program('sum'), jobs = JOBS): S370World {
  const { world: made, diagnostics } = S370World.create({
    program: { kind: 'source', text: source, file: 'source' },
    timesharing: { settings: { ...SETTINGS, ...settings }, jobs, weight: 0 },
  });
  if (!made) throw new Error(JSON.stringify(diagnostics));
  return made;
}
const reportOf = (w: S370World) => (w.system.report!() as ReturnType<typeof timesharingReport>).timesharing;
function run(settings: Partial<Settings>, source?: string, jobs?: readonly Job[], limit = 2e9) {
  const w = world(settings, source, jobs as Job[] | undefined);
  const stop = w.run(limit);
  return { stop, world: w, ...reportOf(w) };
}

/** What each program types for each argument when it is alone on the machine. */
const alone = new Map<string, string>();
function typedAlone(name: string, argument: number): string {
  const key = `${name} ${argument}`;
  if (!alone.has(key)) {
    const w = world({ users: 0 }, program('sum'));
    w.run(1e9);
    w.input({ kind: 'type', terminal: '', text: key });
    w.run(1e9);
    alone.set(key, reportOf(w).processes.at(-1)!.output);
  }
  return alone.get(key)!;
}
function expectVerified({ processes, responses }: ReturnType<typeof run>, interactions: number): void {
  expect(responses.count).toBe(interactions);
  const wrong = processes.filter(
    (p) =>
      p.failure !== '' ||
      p.exitCode !== 0 ||
      (p.user !== 'operator' && p.output !== typedAlone(p.program, p.argument)),
  );
  expect(wrong).toEqual([]);
}

describe('programs of many users', () => {
  test.each(DISCIPLINE_NAMES)(
    'have the results that they have alone, interrupted as often as %s can: after one cycle',
    (discipline) => {
      expectVerified(run({ discipline, quantum: 1, users: 4, interactions: 2 }), 8);
    },
  );

  test('are interrupted at every instruction boundary by a quantum of one cycle', () => {
    const { switches, world: w } = run({ quantum: 1, users: 4, interactions: 2 });
    expect(switches).toBeGreaterThanOrEqual(w.instructions);
  });

  test.each(['swap', 'onion', 'lru', 'clock', 'working-set'] as const)(
    'have their results when core is shared by %s',
    (memory) => {
      expectVerified(run({ memory, discipline: 'ctss', frames: 16 }), 18);
    },
  );

  test.each(['none', 'keys', 'dat'] as const)(
    'have their results while all behave, whatever keeps them apart: %s',
    (protection) => {
      expectVerified(run({ protection, discipline: 'ctss' }), 18);
      expectVerified(run({ protection, discipline: 'fair-share', memory: 'onion', frames: 16 }), 18);
    },
  );

  test('run the same to the cycle when they are saved in the middle and restored', () => {
    const settings = { memory: 'working-set', discipline: 'cfs', frames: 16 } as const;
    const first = world(settings);
    first.run(4_000_000);
    const saved = first.save();
    first.run(2e9);
    const second = world(settings);
    second.restore(saved);
    second.run(2e9);
    expect(reportOf(second)).toEqual(reportOf(first));
  });

  test('book every cycle once', () => {
    const { world: w } = run({ memory: 'swap', frames: 16, discipline: 'ctss' });
    expect(w.machine.ledger.total).toBe(w.clock);
  });
});

describe('a disk that is full', () => {
  test('fails who writes to it, and nobody else', () => {
    const w = world({ users: 0 });
    const { disk } = (w.system as unknown as { readonly supervisor: Supervisor }).supervisor;
    disk.reserve(Array.from({ length: disk.device.slots }, (_, slot) => slot));
    for (const text of ['EDIT 2', 'SUM 1']) {
      w.run(1e8);
      w.input({ kind: 'type', terminal: '', text });
    }
    w.run(1e8);
    const { down, processes } = reportOf(w);
    expect(down).toBe('');
    expect(processes.slice(1).map((p) => [p.program, p.exitCode, p.failure])).toEqual([
      ['EDIT', 1, ''],
      ['SUM', 0, ''],
    ]);
  });
});

describe('core that is too small', () => {
  test('makes demand paging thrash, and a working-set window cures it', () => {
    const one = {
      discipline: 'round-robin',
      users: 6,
      interactions: 2,
      frames: 20,
      quantum: 20_000,
    } as const;
    const jobs = [job('matrix', 1)];
    const thrashing = run({ ...one, memory: 'lru' }, undefined, jobs, 1e9);
    const cured = run({ ...one, memory: 'working-set' }, undefined, jobs, 1e9);
    expect(cured.responses.count).toBe(12);
    expect(thrashing.drum.reads).toBeGreaterThan(10 * cured.drum.reads);
  });

  test('costs less to share by onion skins than by swapping whole', () => {
    const settings = { discipline: 'ctss', frames: 20, users: 8 } as const;
    const whole = run({ ...settings, memory: 'swap' });
    const onion = run({ ...settings, memory: 'onion' });
    expect(onion.drum.writes).toBeLessThan(whole.drum.writes);
    expect(onion.responses.count).toBe(whole.responses.count);
  });
});

describe('more and more users of a swapping system', () => {
  test('wait longer under CTSS, as its users did; with round-robin swapping takes all before', () => {
    const [five, twenty, forty] = [5, 20, 40].map((users) => office(users, 'ctss'));
    expect(twenty!.mean).toBeGreaterThan(1.5 * five!.mean);
    expect(forty!.mean).toBeGreaterThan(1.5 * twenty!.mean);
    expect(forty!.moved).toBeGreaterThan(five!.moved * 8);
    expect(forty!.median).toBeLessThan(forty!.mean / 2);
    const roundRobin = office(20, 'round-robin');
    expect(roundRobin.moved).toBeGreaterThan(3 * twenty!.moved);
    expect(roundRobin.mean).toBeGreaterThan(3 * twenty!.mean);
  });
});

describe('a wild program', () => {
  test('brings the whole system down where nothing protects it', () => {
    expect(run({ protection: 'none' }, program('wild')).down).toBe(
      'a program has overwritten the supervisor',
    );
  });

  test.each(['keys', 'dat'] as const)(
    'is ended alone, with the address at which it went wrong, under %s',
    (protection) => {
      const { processes, down, responses } = run({ protection }, program('wild'));
      expect(down).toBe('');
      expect(processes[0]!.failure).toMatch(
        /^(protection|page translation) exception at 00000[8-9A-F] of the program$/,
      );
      expect(responses.count).toBe(18);
    },
  );
});

describe('fuzzed programs', () => {
  test.each(['keys', 'dat'] as const)(
    'neither read nor write the storage of another under %s',
    (protection) => {
      const harmed = Array.from({ length: 12 }, (_, seed) => harmDone(seed + 1, protection)).filter(
        (what) => what !== null,
      );
      expect(harmed).toEqual([]);
    },
  );

  test('do both where nothing protects: the attempts are real ones', () => {
    const harmed = Array.from({ length: 12 }, (_, seed) => harmDone(seed + 1, 'none')).filter(
      (what) => what !== null,
    );
    expect(harmed.length).toBeGreaterThan(3);
  });
});

describe('the UNIX-shaped calls', () => {
  test('fork a process that shares a pipe with its parent', () => {
    const { world: w } = run({ users: 0 }, program('pipes'));
    expect(w.system.terminals()[0]!.text).toBe('PIPES 0210\n');
  });

  test('make a shell: it forks, the child executes a program, and the parent waits', () => {
    const w = world({ users: 0 }, program('sh'));
    for (const text of ['sum', 'nosuch', 'matrix', '']) {
      w.run(1e8);
      w.input({ kind: 'type', terminal: '', text });
    }
    w.run(1e8);
    const paper = w.system.terminals()[0]!.text;
    expect(paper).toContain('SUM 1656438113');
    expect(paper).toContain('MATRIX 0014356992');
    expect(paper.match(/^\?$/gm)).toHaveLength(1);
    expect(w.guestEnd?.failure).toBe('');
  });
});
