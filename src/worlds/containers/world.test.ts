/** A kernel with several users, as a timeline drives it. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../machines/pc/models.ts';
import { ISOLATIONS, type IsolationName } from '../../os/containers/isolation.ts';
import type { Input, View } from '../../protocol/frame.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { fingerprint } from '../../../tests/fingerprint.ts';
import { escapes } from '../../../tests/fuzz/containers.ts';
import { hostFiles } from '../../../labs/+shared/pc/host-files.ts';
import { ContainerWorld, HOST_TERMINAL } from './world.ts';

const NOTHING: Omit<View, 'parts'> = {
  ...{ subject: '', storageAt: 0, storageLength: 0, walk: null },
  ...{ strataWindow: null, strataCycles: 0, strataGrain: 0, events: 0 },
};
const LIMITS = { memory: 1 << 20, pids: 16, weight: 100 };

function worldWith(script: string, isolation: IsolationName, endsWithTenants = true): ContainerWorld {
  return new ContainerWorld({
    model: DEFAULT_MODEL,
    memory: 16 << 20,
    root: hostFiles(['one'], {
      '/srv/one/script': script,
      '/script': script,
      '/etc/secret': 'the host only\n',
    }),
    hostCommand: ['/bin/sh'],
    tenants: [
      {
        ...{ name: 'one', home: '/srv/one', isolation: ISOLATIONS[isolation], limits: LIMITS },
        ...(ISOLATIONS[isolation].layered && { layers: ['/srv/one'] }),
        command: script === '' ? ['/bin/sh'] : ['/bin/sh', '/script'],
      },
    ],
    seed: 1,
    endsWithTenants,
  });
}

/** What stands on the tenant's terminal when it has ended. */
function ran(script: string, isolation: IsolationName): string {
  const world = worldWith(script, isolation);
  for (let turns = 0; turns < 400; turns++) if (world.run(1e7).kind !== 'budget') break;
  return world.textOf('one');
}

function runTo(subject: { readonly clock: number; run(budget: number): unknown }, clock: number): void {
  for (let before = -1; subject.clock < clock && subject.clock !== before;) {
    before = subject.clock;
    subject.run(clock - before);
  }
}

describe('what a program sees of its host', () => {
  const LOOK = 'hostname\nls /\nps | wc\n';
  test.each<[IsolationName, string, boolean, number]>([
    ['process', 'host', true, 5],
    ['chroot', 'host', false, 5],
    ['jail', 'one', false, 4],
    ['docker', 'one', false, 4],
  ])('under %s: name %s, its files %s, lines of ps %i', (isolation, name, seesSrv, lines) => {
    const text = ran(LOOK, isolation);
    expect(text.split('\n')[0]).toBe(name);
    expect(/^srv\/?$/m.test(text)).toBe(seesSrv);
    expect(Number(/^\s*(\d+)\s+\d+\s+\d+\s*$/m.exec(text)?.[1])).toBe(lines);
  });

  test('a chroot lets its root out, a root of its own mounts does not', () => {
    expect(ran('escape\n', 'chroot')).toContain('out. /etc/secret says: the host only');
    for (const isolation of ['jail', 'lxc', 'docker'] as const)
      expect(ran('escape\n', isolation)).toContain('still inside');
  });

  test('limits hold: processes exactly, memory to the page', () => {
    expect(ran('bomb\n', 'docker')).toContain('bomb: refused after 14:');
    expect(ran('bomb 40\n', 'jail')).toContain('nobody stopped it, 40 processes');
    const hog = ran('hog 4096\n', 'docker');
    expect(hog).toContain('hog: 512 KB');
    expect(hog).toContain('ended by signal 9');
  });
});

test('what a container of layers changes stands in the layer for changes, and each one has an own', () => {
  const world = worldWith('echo more > /bin/ls\nrm /bin/wc\nmkdir /new\necho x > /new/file\n', 'docker');
  for (let turns = 0; turns < 400; turns++) if (world.run(1e7).kind !== 'budget') break;
  const view = { ...NOTHING, parts: ['kernel'] as const };
  const [overlay] = world.parts(view).kernel?.overlays ?? [];
  const changes = overlay?.changes.map(({ path, kind, covers }) => [path, kind, covers]);
  expect(changes).toEqual([
    ['/bin/ls', 'over', 2],
    ['/bin/wc', 'gone', 2],
    ['/new/', 'new', null],
    ['/new/file', 'new', null],
  ]);
  expect(overlay?.copied.files).toBe(1);
  expect(overlay?.layers.map(({ files }) => files > 0)).toEqual([true, true, true]);
});

describe('namespaces of somebody else’s, and of users', () => {
  test('setns enters those of a process, by the files of /proc', () => {
    const world = worldWith('', 'lxc', false);
    runTo(world, 2e7);
    world.input({ kind: 'type', terminal: HOST_TERMINAL, text: 'nsenter 2 -up hostname' });
    world.input({ kind: 'type', terminal: HOST_TERMINAL, text: 'nsenter 2 -mp ps' });
    world.input({ kind: 'type', terminal: HOST_TERMINAL, text: 'nsenter 2 -m cat /etc/secret' });
    runTo(world, 9e7);
    const text = world.textOf(HOST_TERMINAL);
    expect(text).toMatch(/^one$/m);
    expect(text).toMatch(/1 {5}0 S .* sh\n.* ps\n/);
    expect(text).toContain('/etc/secret: no such file or directory');
  });

  test('a user namespace makes its owner root inside and nobody outside, once it is mapped', () => {
    const text = ran(
      'unshare -U id\nunshare -r id\nunshare -ru sh -c "cat /proc/self/uid_map; hostname x; hostname"\n' +
        'unshare -r hostname x\nunshare -r sh -c "echo 0 5 1 > /proc/self/uid_map; cat /proc/self/uid_map"\n',
      'process',
    );
    // Without a name, execve takes the rights away; with one they are whole, in there.
    expect(text).toMatch(/^uid=65534 gid=65534\nCapEff:\t0+\n/m);
    expect(text).toMatch(/^uid=0 gid=0\nCapEff:\t000001f+\n/m);
    expect(text).toMatch(/^ {9}0 {10}0 {10}1\nx$/m);
    expect(text.match(/^ {9}0 {10}0 {10}1$/gm)).toHaveLength(2);
    expect(text).toContain('hostname: x: not allowed (1)');
  });
});

test('random calls from within leave the host as it was, and all memory comes back', () => {
  for (let seed = 1; seed <= 8; seed++) expect(escapes(seed)).toBeNull();
}, 30_000);

test('a terminal echoes, edits a line, and ^C ends what is in the foreground', () => {
  const world = worldWith('', 'docker', false);
  runTo(world, 2e7);
  world.input({ kind: 'keys', terminal: 'one', text: 'echp\x7fo hello\n' });
  runTo(world, 4e7);
  expect(world.textOf('one')).toContain('$ echo hello\nhello\n$ ');
  world.input({ kind: 'type', terminal: 'one', text: 'sleep 100000' });
  runTo(world, 6e7);
  world.input({ kind: 'attention', terminal: 'one' });
  world.input({ kind: 'type', terminal: 'one', text: 'echo still here' });
  runTo(world, 9e7);
  expect(world.textOf('one')).toContain('^C\n');
  expect(world.textOf('one')).toContain('$ still here\n');
});

test('the host changes a limit while it runs, through the file system of groups', () => {
  const world = worldWith('', 'docker', false);
  runTo(world, 2e7);
  world.input({ kind: 'type', terminal: HOST_TERMINAL, text: 'echo 4 > /sys/fs/cgroup/one/pids.max' });
  runTo(world, 6e7);
  world.input({ kind: 'type', terminal: 'one', text: 'bomb' });
  runTo(world, 12e7);
  expect(world.textOf('one')).toContain('bomb: refused after 2:');
});

describe('a timeline over it', { timeout: 30_000 }, () => {
  const SCRIPT =
    'ps | cat | wc\nmkdir /tmp/a\nls / > /tmp/a/list\ncat /tmp/a/list | wc\nforkwait 5\nhostname x\nns\n';

  test('steps back, and forward again to the same state', () => {
    const world = worldWith(SCRIPT, 'lxc');
    const timeline = new Timeline<Input>(world, { spacing: 300_000, most: 8 });
    runTo(timeline, 1e6);
    timeline.give({ kind: 'type', terminal: HOST_TERMINAL, text: 'ps' });
    runTo(timeline, 6e6);
    const [end, last] = [timeline.clock, fingerprint(world)];
    for (const part of [0.9, 0.55, 0.3, 0.1]) {
      timeline.seek(Math.floor(end * part));
      const [clock, here] = [world.clock, fingerprint(world)];
      const seen: [number, string][] = [];
      for (let i = 0; i < 4 && timeline.stepBack(); i++) seen.push([world.clock, fingerprint(world)]);
      for (const [at, then] of seen.toReversed()) {
        timeline.seek(at);
        expect(fingerprint(world)).toBe(then);
      }
      timeline.seek(clock);
      expect(fingerprint(world)).toBe(here);
    }
    timeline.seek(end);
    expect(fingerprint(world)).toBe(last);
  });

  test('a state restored into another world goes on alike, and every cycle has an account', () => {
    const world = worldWith(SCRIPT, 'docker');
    runTo(world, 2_345_678);
    const state = structuredClone(world.save());
    runTo(world, 8e6);
    const other = worldWith(SCRIPT, 'docker');
    other.restore(state);
    runTo(other, 8e6);
    expect(fingerprint(other)).toBe(fingerprint(world));
    expect(other.textOf('one')).toBe(world.textOf('one'));
    expect(world.machine.ledger.total).toBe(world.clock);
  });
});
