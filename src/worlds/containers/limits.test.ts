/** Control groups keep what they promise: shares of the processor within 3 %, memory to the page, processes exactly. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../machines/pc/models.ts';
import type { Model } from '../../machines/pc/models/classes.ts';
import type { ControlGroup } from '../../os/containers/process/cgroup.ts';
import { hostFiles } from '../../../labs/+shared/pc/host-files.ts';
import { ContainerWorld } from './world.ts';

const FOREVER = '1000000';
const WITHIN = 0.03;
/** A slow processor has fewer cycles to the second: the periods of quotas are given in time. */
const MODEL: Model = { ...DEFAULT_MODEL, frequency: 5e6 };
/** Whole periods of a quota, and many turns. */
const WINDOW = 1.2 * MODEL.frequency;

/** A group: what is written into its files, and a program that runs in it. */
interface Group {
  readonly path: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly runs?: string;
}

const spinning = (path: string, files: Group['files'] = {}): Group => ({
  ...{ path, files },
  runs: `spin ${FOREVER}`,
});

/** A host that makes the groups, starts their programs, and then only waits. */
function hostWith(groups: readonly Group[]): ContainerWorld {
  const made = groups.flatMap(({ path, files = {} }) => [
    `mkdir /sys/fs/cgroup/${path}`,
    ...Object.entries(files).map(([name, value]) => `echo ${value} > /sys/fs/cgroup/${path}/${name}`),
  ]);
  const begun = groups.flatMap(({ path, runs }) => (runs ? [`cgexec ${path} ${runs} &`] : []));
  return new ContainerWorld({
    ...{ model: MODEL, memory: 16 << 20, hostCommand: ['/bin/sh', '/script'] },
    root: hostFiles([], { '/script': [...made, ...begun, `sleep ${FOREVER}`, ''].join('\n') }),
    ...{ tenants: [], seed: 1, endsWithTenants: false },
  });
}

function runFor(world: ContainerWorld, cycles: number): void {
  const end = world.clock + cycles;
  for (let before = -1; world.clock < end && world.clock !== before;) {
    before = world.clock;
    world.run(end - before);
  }
}

function groupAt(world: ContainerWorld, path: string): ControlGroup {
  let group: ControlGroup | undefined = world.kernel.rootGroup;
  for (const name of path.split('/')) group = group?.children.get(name);
  if (!group) throw new Error(`no group ${path}`);
  return group;
}

/** The part of the processor that each group had, once all of them were busy. */
function parts(groups: readonly Group[]): Record<string, number> {
  const world = hostWith(groups);
  runFor(world, 3e6);
  const spent = (): number[] =>
    groups.map(({ path }) => groupAt(world, path).used).map(({ user, system }) => user + system);
  const before = spent();
  runFor(world, WINDOW);
  const after = spent();
  return Object.fromEntries(groups.map(({ path }, k) => [path, (after[k]! - before[k]!) / WINDOW]));
}

function expectWithin(
  seen: Readonly<Record<string, number>>,
  wanted: Readonly<Record<string, number>>,
): void {
  for (const [path, part] of Object.entries(wanted))
    expect(Math.abs(seen[path]! / part - 1), `${path}: ${seen[path]}, not ${part}`).toBeLessThan(WITHIN);
}

describe('processor time', () => {
  test.each<[string, readonly number[]]>([
    ['two groups', [100, 300]],
    ['three groups', [50, 100, 350]],
  ])('%s have it by their weights %j', (_, weights) => {
    const groups = weights.map((weight, k) => spinning(`g${k}`, { 'cpu.weight': String(weight) }));
    const all = weights.reduce((sum, weight) => sum + weight);
    expectWithin(parts(groups), Object.fromEntries(weights.map((weight, k) => [`g${k}`, weight / all])));
  });

  test('weights share what the group above them has: by the level, not by the number of groups', () => {
    const seen = parts([
      { path: 'up' },
      spinning('up/a', { 'cpu.weight': '100' }),
      spinning('up/b', { 'cpu.weight': '300' }),
      spinning('beside', { 'cpu.weight': '100' }),
    ]);
    expectWithin(seen, { 'up/a': 1 / 8, 'up/b': 3 / 8, beside: 1 / 2 });
  });

  test('a quota holds on an idle machine, and what it leaves is the others’', () => {
    const capped = spinning('capped', { 'cpu.max': '"20000 100000"' });
    expectWithin(parts([capped]), { capped: 0.2 });
    expectWithin(parts([capped, spinning('free')]), { capped: 0.2, free: 0.8 });
  });

  test('a quota holds for all groups below it together', () => {
    const seen = parts([
      { path: 'up', files: { 'cpu.max': '"40000 100000"' } },
      spinning('up/a', { 'cpu.weight': '100' }),
      spinning('up/b', { 'cpu.weight': '300' }),
    ]);
    expectWithin(seen, { up: 0.4, 'up/a': 0.1, 'up/b': 0.3 });
  });
});

describe('memory', () => {
  const KILOBYTES = 256;
  const withHog = (files: Group['files']): ControlGroup => {
    const world = hostWith([{ path: 'g', files: files ?? {}, runs: `hog ${KILOBYTES}` }]);
    runFor(world, 1e7);
    return groupAt(world, 'g');
  };

  test('a group that needs just its memory.max lives; with a page less its program is killed', () => {
    const needed = withHog({}).memoryPeak;
    expect(needed).toBeGreaterThanOrEqual(KILOBYTES / 4);
    const enough = withHog({ 'memory.max': String(4096 * needed) });
    expect([enough.memoryPeak, enough.events.oom_kill]).toEqual([needed, 0]);
    const short = withHog({ 'memory.max': String(4096 * (needed - 1)) });
    expect([short.memoryPeak, short.events.oom_kill]).toEqual([needed - 1, 1]);
  });
});

test('pids.max is exact, and that of a group above counts all below it', () => {
  const world = hostWith([
    { path: 'up', files: { 'pids.max': '7' } },
    { path: 'up/busy', runs: `sleep ${FOREVER}` },
    { path: 'up/bomb', files: { 'pids.max': '20' }, runs: 'bomb' },
    { path: 'alone', files: { 'pids.max': '5' }, runs: 'bomb' },
  ]);
  runFor(world, 1e7);
  expect(world.textOf('host')).toContain('bomb: refused after 5:');
  expect(world.textOf('host')).toContain('bomb: refused after 4:');
  expect([groupAt(world, 'up').pidsPeak, groupAt(world, 'alone').pidsPeak]).toEqual([7, 5]);
  expect(groupAt(world, 'up').pidsEvents).toBe(1);
});
