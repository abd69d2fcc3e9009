/** Programs for Linux on IA-32 in containers: the committed programs of the teaching kernel run here as they are. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { Pc } from '../../machines/pc/machine.ts';
import { NativePc } from '../../machines/pc/native-system.ts';
import { startContainer } from './container.ts';
import { MemoryFile, MemoryFileSystem } from './files/tmpfs.ts';
import { Directory } from './files/inode.ts';
import { overlayRoot } from './files/overlay-root.ts';
import { Kernel } from './kernel.ts';
import { CLONE_PARENT_SETTID, CLONE_SIGHAND, CLONE_THREAD, CLONE_VM } from './process/birth.ts';
import { terminate } from './process/exit.ts';
import { readFilter, runFilter } from './process/seccomp.ts';
import { readImage } from './oci/image.ts';
import { storeLayers } from './oci/store.ts';
import { tar } from '../../../tests/tar.ts';

const program = (name: string): Uint8Array => readFileSync(`labs/+shared/pc/built/programs/${name}.elf`);

function rootWith(...names: readonly string[]): MemoryFileSystem {
  const system = new MemoryFileSystem(1);
  const bin = system.root.create('bin', { kind: 'directory', mode: 0o755 });
  system.root.create('tmp', { kind: 'directory', mode: 0o777 });
  for (const name of names) {
    const file = bin instanceof Directory ? bin.create(name, { kind: 'file', mode: 0o755 }) : null;
    if (file instanceof MemoryFile) file.borrow(program(name));
  }
  return system;
}

interface Running {
  readonly pc: Pc;
  readonly kernel: Kernel;
  readonly text: () => string;
  readonly status: () => number | null;
  readonly group: () => Kernel['rootGroup'];
}

/** A machine with one container, started and ready to run. */
function started(
  from: MemoryFileSystem | ((kernel: Kernel) => Directory),
  command: readonly string[],
): Running {
  const pc = new Pc({ memory: 32 << 20 });
  const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });
  const root = from instanceof MemoryFileSystem ? from.root : from(kernel);
  let [text, status] = ['', null as number | null];
  const print = (bytes: Uint8Array): void => {
    text += new TextDecoder().decode(bytes);
  };
  const process = startContainer(kernel, {
    ...{ name: 'one', root, command, environment: [], directory: '/' },
    ...{ input: { read: () => new Uint8Array(), waits: false }, output: print, errors: print },
  });
  if (typeof process === 'string') throw new Error(process);
  kernel.onOrphanEnd = (_process, ended) => {
    status = ended;
    pc.pause('ended');
  };
  const { cgroup } = process;
  kernel.start();
  return { pc, kernel, text: () => text, status: () => status, group: () => cgroup };
}

function ended(run: Running, limit = 3e9): Running {
  while (run.status() === null && run.pc.clock < limit) run.pc.run(limit - run.pc.clock);
  return run;
}

test('a static program writes to standard output and ends with its status', () => {
  const run = ended(started(rootWith('echo'), ['/bin/echo', 'two', 'words']));
  expect(run.text()).toBe('two words\n');
  expect(run.status()).toBe(0);
  expect(run.kernel.calls.get('write')).toBeGreaterThan(0);
});

test('the self-test of the teaching kernel passes here too: processes, memory, files, pipes, signals', () => {
  const run = ended(started(rootWith('selftest', 'echo', 'cat', 'wc', 'sh'), ['/bin/selftest']));
  expect(run.text()).not.toContain('FAIL');
  expect(run.text()).toMatch(/selftest: \d+ passed, 0 failed/);
}, 30_000);

test('every cycle is booked once, and all frames come back when the last process has ended', () => {
  const run = started(rootWith('forkwait'), ['/bin/forkwait']);
  const { kernel, pc } = ended(run);
  expect(run.status()).not.toBeNull();
  expect(pc.ledger.total).toBe(pc.clock);
  kernel.reclaim();
  expect(kernel.frames.available).toBe(kernel.frames.total);
  expect(run.group().pages).toBe(0);
});

test('pids.max is exact: the fork that would exceed it is refused', () => {
  const run = started(rootWith('forkwait'), ['/bin/forkwait']);
  run.group().pidsMax = 1;
  ended(run);
  expect(run.group().pidsPeak).toBe(1);
  expect(run.group().pidsEvents).toBeGreaterThan(0);
});

test('memory.max holds to the page: what goes beyond it is killed', () => {
  const run = started(rootWith('selftest', 'echo', 'cat', 'wc', 'sh'), ['/bin/selftest']);
  const pages = 24;
  run.group().memoryMax = pages * 4096;
  ended(run);
  expect(run.group().memoryPeak).toBeLessThanOrEqual(pages);
  expect(run.group().events.oom_kill).toBeGreaterThan(0);
}, 30_000);

test('a seccomp filter answers by its rules, and one that could run beyond its end is refused', () => {
  const code = (...rows: readonly (readonly [number, number, number, number])[]): Uint8Array => {
    const bytes = new Uint8Array(8 * rows.length);
    const view = new DataView(bytes.buffer);
    rows.forEach(([operation, yes, no, k], i) => {
      view.setUint16(8 * i, operation, true);
      view.setUint8(8 * i + 2, yes);
      view.setUint8(8 * i + 3, no);
      view.setInt32(8 * i + 4, k | 0, true);
    });
    return bytes;
  };
  const filter = readFilter(
    code([0x20, 0, 0, 0], [0x15, 0, 1, 39], [0x06, 0, 0, 0x50001], [0x06, 0, 0, 0x7fff0000]),
  );
  expect(runFilter(filter, 39, 0, new Int32Array(6))).toBe(0x50001);
  expect(runFilter(filter, 4, 0, new Int32Array(6))).toBe(0x7fff0000);
  expect(() => readFilter(code([0x15, 0, 9, 39], [0x06, 0, 0, 0]))).toThrow('EINVAL');
});

test('a program finds itself in /proc, numbered as its own namespace numbers it', () => {
  const run = ended(started(rootWith('cat'), ['/bin/cat', '/proc/self/status', '/proc/mounts']));
  expect(run.text()).toContain('Name:\tcat\n');
  expect(run.text()).toContain('Pid:\t1\n');
  expect(run.text()).toContain('proc /proc proc rw 0 0\n');
});

test('a thread whose number cannot be stored where it was asked for is born, and counted once', () => {
  const { kernel, pc, group } = started(rootWith('cat'), ['/bin/cat']);
  const flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_PARENT_SETTID;
  const nowhere = 0xbad00000 | 0;
  pc.cpu.words.set([120, 0, nowhere, flags, pc.cpu.words[4]!, 0, 0, 0]);
  kernel.interrupt({ vector: 0x80, kind: 'software', error: -1 });
  expect(group().pids).toBe(2);
  terminate(kernel, kernel.current!.process, 9);
  expect(group().pids).toBe(0);
});

test('calls with random numbers and arguments never stop the kernel', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const { kernel, pc } = started(rootWith('cat'), ['/bin/cat']);
    const odd = (): number =>
      [
        0,
        -1,
        1,
        random.below(16),
        0x08048000 + random.below(8192),
        0xbfffe000 + random.below(4000),
        random.word(),
      ][random.below(7)]! | 0;
    for (let call = 0; call < 40 && kernel.current; call++) {
      pc.cpu.words.set([random.below(460), odd(), odd(), odd(), pc.cpu.words[4]!, odd(), odd(), odd()]);
      kernel.interrupt({ vector: 0x80, kind: 'software', error: -1 });
    }
    expect(kernel.frames.available).toBeLessThanOrEqual(kernel.frames.total);
  }
}, 20_000);

const saved = (): Uint8Array =>
  tar({
    'manifest.json': JSON.stringify([{ Config: 'c.json', Layers: ['1.tar', '2.tar'] }]),
    'c.json': JSON.stringify({
      architecture: '386',
      os: 'linux',
      config: { Entrypoint: ['/bin/echo'], Cmd: ['by', 'default'] },
    }),
    '1.tar': tar({ 'bin/echo': program('echo'), 'etc/gone': 'lower', 'opt/a': 'lower' }),
    '2.tar': tar({ 'etc/.wh.gone': '', 'opt/.wh..wh..opq': '', 'opt/b': 'upper' }),
  });

test('a saved image runs with its layers one over the other, whiteouts taking away', () => {
  const image = readImage(saved());
  if (typeof image === 'string') throw new Error(image);
  const host = new MemoryFileSystem(1);
  const layers = storeLayers(host.root, image);
  if (typeof layers === 'string') throw new Error(layers);
  const { entrypoint, command } = image.configuration;
  let root: Directory | null = null;
  const run = started(
    (kernel) => (root = overlayRoot(kernel, host.root, layers, 'c').root),
    [...entrypoint, ...command],
  );
  const names = (directory: string): string[] => {
    const node = root!.find(directory);
    return node instanceof Directory ? [...node.entries()].map(([name]) => name) : [];
  };
  expect(names('etc')).toEqual([]);
  expect(names('opt')).toEqual(['b']);
  expect(ended(run).text()).toBe('by default\n');
});
