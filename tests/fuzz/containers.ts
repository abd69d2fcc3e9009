/**
 * Random system calls from within a container, with arguments that make sense often enough: whatever they do, the host
 * and its files stay as they are, nobody gets out of the container, and all memory comes back when it has ended.
 */
import { seededRandom, type Random } from '../../src/base/random.ts';
import { hostFiles } from '../../labs/+shared/pc/host-files.ts';
import { DEFAULT_MODEL } from '../../src/machines/pc/models.ts';
import { Failure } from '../../src/os/containers/abi/errno.ts';
import { Directory, RegularFile } from '../../src/os/containers/files/inode.ts';
import type { MemoryFileSystem } from '../../src/os/containers/files/tmpfs.ts';
import { ISOLATIONS } from '../../src/os/containers/isolation.ts';
import type { Kernel } from '../../src/os/containers/kernel.ts';
import { terminate } from '../../src/os/containers/process/exit.ts';
import type { Thread } from '../../src/os/containers/process/process.ts';
import { SIGNALS } from '../../src/os/containers/process/signals.ts';
import { ContainerWorld } from '../../src/worlds/containers/world.ts';

const SECRET = 'only the host knows\n';
const CALLS = 150;
/** Numbers of system calls up to here, known and unknown ones, but those that only end a seed early. */
const LAST_CALL = 460;
/** exit, pause, sigsuspend, sigreturn, rt_sigreturn, rt_sigsuspend, exit_group. */
const ENDING: ReadonlySet<number> = new Set([1, 29, 72, 119, 173, 179, 252]);
/** More than the container needs to begin computing. */
const BEGINNING = 3_000_000;

const TEXTS = [
  ...[
    '/',
    '.',
    '..',
    '../../../..',
    '/tmp',
    '/tmp/a',
    '/tmp/b',
    '/etc/secret',
    '/bin/sh',
    '/proc',
    '/dev/null',
  ],
  ...[
    '/proc/1/root',
    '/proc/1/cwd',
    '/proc/self/exe',
    '/proc/self/fd/0',
    '/proc/self/ns/mnt',
    '/proc/1/ns/pid',
  ],
  ...['/proc/self/uid_map', '/proc/self/gid_map', '/proc/self/setgroups', '0 0 1', '0 0 4294967295', 'deny'],
  ...['proc', 'cgroup2', 'tmpfs', 'one', '/tmp/a/pids.max', '/tmp/a/cgroup.procs', 'max', '1'],
  ...[
    'overlay',
    'lowerdir=/,upperdir=/tmp,workdir=/tmp/a',
    'lowerdir=/proc:/tmp',
    'user.a',
    'trusted.overlay.opaque',
  ],
  // Addresses: of the loop, of the host on the bridge, and of Unix sockets with a path and without.
  ...['\x02\0\0\x50\x7f\0\0\x01', '\x02\0\0\x50\xac\x11\0\x01', '\x01\0/tmp/s', '\x01\0\0name'],
];
const ROOM = 64;

function begun(): { readonly world: ContainerWorld; readonly files: MemoryFileSystem } {
  const files = hostFiles(['one'], { '/etc/secret': SECRET });
  const world = new ContainerWorld({
    ...{ model: DEFAULT_MODEL, memory: 16 << 20, root: files, hostCommand: ['/bin/sh'], seed: 1 },
    endsWithTenants: false,
    tenants: [
      {
        ...{ name: 'one', home: '/srv/one', isolation: ISOLATIONS.docker, command: ['/bin/spin', '1000000'] },
        limits: { memory: 1 << 20, pids: 16, weight: 100 },
        layers: ['/srv/one'],
      },
    ],
  });
  while (world.clock < BEGINNING) world.run(BEGINNING - world.clock);
  return { world, files };
}

/** Texts, and words that look like structures, where the program has its stack; null where it has none any more. */
function prepare(thread: Thread, random: Random): (() => number) | null {
  const base = ((thread.registers.general[4]! >>> 0) - 0x4000) & -0x1000;
  const { memory } = thread.process;
  const encoder = new TextEncoder();
  const words = base + TEXTS.length * ROOM;
  const numbers = Array.from({ length: 64 }, () =>
    random.below(2) === 0 ? random.below(64) : random.word(),
  );
  try {
    TEXTS.forEach((text, k) => memory.write(base + k * ROOM, encoder.encode(`${text}\0`)));
    memory.setWords(words, numbers);
  } catch (failure) {
    if (failure instanceof Failure) return null;
    throw failure;
  }
  return () =>
    random.below(4) === 0 ? words + 4 * random.below(60) : base + ROOM * random.below(TEXTS.length);
}

function argument(random: Random, address: () => number): number {
  const kind = random.below(8);
  if (kind < 3) return address() | 0;
  if (kind < 5) return random.below(12);
  return [0, -1, -100, 1 << random.below(31), random.word() | 0][random.below(5)]! | 0;
}

function callNumber(random: Random): number {
  for (;;) {
    const number = random.below(LAST_CALL);
    if (!ENDING.has(number)) return number;
  }
}

/** The processes of the container, wherever they have put themselves. */
const inmates = (kernel: Kernel) =>
  kernel.rootPids.processes.filter((process) => process !== kernel.rootPids.init);

function contents(files: MemoryFileSystem, ...path: readonly string[]): string {
  let node = files.root.find(path[0]!);
  for (const name of path.slice(1)) node = node instanceof Directory ? node.find(name) : null;
  return node instanceof RegularFile ? new TextDecoder().decode(node.read(0, node.size)) : '';
}

/** What of the host has changed, or who is outside; null where all is well. */
function harm(kernel: Kernel, files: MemoryFileSystem, mounts: number): string | null {
  const host = kernel.rootPids.init;
  if (!host || host.status !== null) return 'the host’s first process has ended';
  if (host.namespaces.uts.hostname !== 'host') return 'the host has another name';
  if (host.namespaces.mounts.mounts.length !== mounts) return 'the host’s mounts are others';
  if (contents(files, 'etc', 'secret') !== SECRET) return 'the host’s file is another';
  const [root, group] = [kernel.rootGroup, kernel.rootGroup.children.get('one')];
  if (root.children.size !== 1 || root.pidsMax !== Infinity || root.memoryMax !== Infinity)
    return 'groups are others';
  if (group?.pidsMax !== 16 || group.memoryMax !== 1 << 20) return 'the container has other limits';
  for (const { namespaces, fs, cgroup } of inmates(kernel)) {
    const { mounts: own, pid, uts } = namespaces;
    if (own === host.namespaces.mounts || pid === host.namespaces.pid || uts === host.namespaces.uts)
      return 'a process is in a namespace of the host';
    if (fs.root.mount === host.namespaces.mounts.root) return 'a process stands on the host’s root';
    if (![...cgroup.lineage()].includes(group)) return 'a process has left its group';
  }
  return null;
}

/** Makes the calls of one seed; what is wrong afterwards, or null. */
export function escapes(seed: number): string | null {
  const random = seededRandom(seed);
  const { world, files } = begun();
  const { kernel, machine } = world;
  const mounts = kernel.rootPids.init!.namespaces.mounts.mounts.length;
  const free = kernel.frames.available;
  for (let call = 0; call < CALLS; call++) {
    const thread = kernel.current;
    if (!thread || thread.process === kernel.rootPids.init) break;
    const address = prepare(thread, random);
    if (!address) break;
    const stack = machine.cpu.words[4]!;
    const next = (): number => argument(random, address);
    // EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI.
    machine.cpu.words.set([callNumber(random), next(), next(), next(), stack, next(), next(), next()]);
    kernel.interrupt({ vector: 0x80, kind: 'software', error: -1 });
    const wrong = harm(kernel, files, mounts);
    if (wrong !== null) return `call ${call}: ${wrong}`;
  }
  for (const process of inmates(kernel))
    if (process.status === null) terminate(kernel, process, SIGNALS.KILL);
  kernel.reclaim();
  const group = kernel.rootGroup.children.get('one');
  if (group?.pids !== 0) return `${group?.pids} processes are still counted`;
  return kernel.frames.available >= free ? null : `${free - kernel.frames.available} frames are lost`;
}
