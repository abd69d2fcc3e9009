/** The tree of control groups as a file system. Linux, Documentation/admin-guide/cgroup-v2.rst. */
import { fail } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { PAGE } from '../memory/frames.ts';
import type { ControlGroup } from '../process/cgroup.ts';
import { Directory, RegularFile, type FileSystem, type Inode, type NewNode } from './inode.ts';

const CGROUP2_MAGIC = 0x63677270;
const MICROSECONDS = 1e6;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Knob {
  readonly read: (group: ControlGroup, kernel: Kernel) => string;
  /** Takes what was written; absent where nothing may be. Failure(EINVAL) for anything else than it knows. */
  readonly write?: (group: ControlGroup, text: string, kernel: Kernel) => void;
  /** The root has no limits and keeps no account of its own. */
  readonly notAtRoot?: true;
}

const limit = (value: number): string => (value === Infinity ? 'max\n' : `${value}\n`);
function number(text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : fail('EINVAL');
}
const limitFrom = (text: string): number => (text === 'max' ? Infinity : number(text, 0));
const list = (rows: Readonly<Record<string, number>>): string =>
  Object.entries(rows)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');

const micro = (cycles: number, { clock }: Kernel): number =>
  Math.floor((cycles * MICROSECONDS) / clock.frequency);

function cpuMax(group: ControlGroup, kernel: Kernel): string {
  const { quota, period } = group;
  if (quota === Infinity) return 'max 100000\n';
  return `${micro(quota, kernel)} ${micro(period, kernel)}\n`;
}

function setCpuMax(group: ControlGroup, text: string, kernel: Kernel): void {
  const { clock, system } = kernel;
  const [quota = '', period = '100000'] = text.split(/\s+/);
  const cycles = (each: string): number => (number(each, 1000) * clock.frequency) / MICROSECONDS;
  group.setBandwidth(quota === 'max' ? Infinity : cycles(quota), cycles(period), system.clock);
}

/** Moves a process here; its memory stays on the account that paid for it. */
function enter(group: ControlGroup, text: string, kernel: Kernel): void {
  const asker = kernel.current!.process;
  const pid = number(text, 0);
  const process = pid === 0 ? asker : (asker.namespaces.pid.process(pid) ?? fail('ESRCH'));
  kernel.moveTo(group, process);
}

const KNOBS: Readonly<Record<string, Knob>> = {
  'cgroup.procs': {
    read: (group, { current }) => {
      const namespace = current?.process.namespaces.pid;
      const numbers = [...group.processes].map((process) => (namespace ? process.pidIn(namespace) : 0));
      return numbers.map((pid) => `${pid}\n`).join('');
    },
    write: enter,
  },
  'cgroup.controllers': { read: () => 'cpu memory pids\n' },
  'cgroup.freeze': {
    notAtRoot: true,
    read: ({ frozen }) => `${frozen ? 1 : 0}\n`,
    write: (group, text) => {
      group.frozen = number(text, 0, 1) === 1;
    },
  },
  'cgroup.events': {
    notAtRoot: true,
    read: ({ populated, isFrozen }) => list({ populated: populated ? 1 : 0, frozen: isFrozen ? 1 : 0 }),
  },
  'cpu.weight': {
    notAtRoot: true,
    read: ({ weight }) => `${weight}\n`,
    write: (group, text) => {
      group.weight = number(text, 1, 10_000);
    },
  },
  'cpu.max': { notAtRoot: true, read: cpuMax, write: setCpuMax },
  'cpu.stat': {
    read: ({ used }, kernel) =>
      list({
        usage_usec: micro(used.user + used.system, kernel),
        user_usec: micro(used.user, kernel),
        system_usec: micro(used.system, kernel),
        nr_periods: used.periods,
        nr_throttled: used.throttled,
        throttled_usec: micro(used.throttledTime, kernel),
      }),
  },
  'memory.max': {
    notAtRoot: true,
    read: ({ memoryMax }) => limit(memoryMax),
    write: (group, text) => {
      group.memoryMax = limitFrom(text);
    },
  },
  'memory.current': { notAtRoot: true, read: ({ pages }) => `${pages * PAGE}\n` },
  'memory.peak': { notAtRoot: true, read: ({ memoryPeak }) => `${memoryPeak * PAGE}\n` },
  'memory.events': { notAtRoot: true, read: ({ events }) => list(events) },
  'memory.oom.group': {
    notAtRoot: true,
    read: ({ groupKill }) => `${groupKill ? 1 : 0}\n`,
    write: (group, text) => {
      group.groupKill = number(text, 0, 1) === 1;
    },
  },
  'pids.max': {
    notAtRoot: true,
    read: ({ pidsMax }) => limit(pidsMax),
    write: (group, text) => {
      group.pidsMax = limitFrom(text);
    },
  },
  'pids.current': { notAtRoot: true, read: ({ pids }) => `${pids}\n` },
  'pids.peak': { notAtRoot: true, read: ({ pidsPeak }) => `${pidsPeak}\n` },
  'pids.events': { notAtRoot: true, read: ({ pidsEvents }) => list({ max: pidsEvents }) },
};

export class GroupFile extends RegularFile {
  private readonly kernel: Kernel;
  private readonly group: ControlGroup;
  private readonly name: string;

  constructor(filesystem: FileSystem, kernel: Kernel, group: ControlGroup, name: string) {
    super(filesystem, KNOBS[name]!.write ? 0o644 : 0o444);
    [this.kernel, this.group, this.name] = [kernel, group, name];
  }
  private get text(): Uint8Array {
    return encoder.encode(KNOBS[this.name]!.read(this.group, this.kernel));
  }
  override get size(): number {
    return this.text.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.text.slice(offset, offset + length);
  }
  write(_offset: number, bytes: Uint8Array): void {
    const { write } = KNOBS[this.name]!;
    if (!write) return fail('EACCES');
    write(this.group, decoder.decode(bytes).trim(), this.kernel);
  }
  truncate(): void {
    // The shell's > truncates before it writes; there is nothing to shorten.
  }
}

/** One group: its files, and the groups below it as directories. */
export class GroupDirectory extends Directory {
  private readonly kernel: Kernel;
  private readonly group: ControlGroup;
  private readonly below = new Map<ControlGroup, GroupDirectory>();
  private readonly files = new Map<string, GroupFile>();

  constructor(filesystem: FileSystem, kernel: Kernel, group: ControlGroup) {
    super(filesystem, 0o755);
    [this.kernel, this.group] = [kernel, group];
    for (const [name, { notAtRoot }] of Object.entries(KNOBS))
      if (group.parent || !notAtRoot) this.files.set(name, new GroupFile(filesystem, kernel, group, name));
  }
  find(name: string): Inode | null {
    const child = this.group.children.get(name);
    return child ? this.directoryOf(child) : (this.files.get(name) ?? null);
  }
  private directoryOf(group: ControlGroup): GroupDirectory {
    let known = this.below.get(group);
    if (!known) {
      known = new GroupDirectory(this.filesystem, this.kernel, group);
      known.above = this;
      this.below.set(group, known);
    }
    return known;
  }
  *entries(): Generator<readonly [string, Inode]> {
    yield* this.files;
    for (const [name, group] of this.group.children) yield [name, this.directoryOf(group)];
  }
  override create(name: string, what: NewNode): Inode {
    if (what.kind !== 'directory') return fail('EACCES');
    if (this.find(name)) return fail('EEXIST');
    return this.directoryOf(this.group.child(name));
  }
  override remove(name: string): void {
    const child = this.group.children.get(name) ?? fail('EPERM');
    if (!child.removable) fail('EBUSY');
    this.group.children.delete(name);
    this.below.delete(child);
  }
  /** Only groups below keep it from being removed. */
  override isEmpty(): boolean {
    return this.group.children.size === 0;
  }
}

/** The tree from `group` down, as a cgroup namespace with that root sees it. */
export function groupRoot(kernel: Kernel, group: ControlGroup): Directory {
  const filesystem: FileSystem = { type: 'cgroup2', magic: CGROUP2_MAGIC, device: 3, nextInode: 1 };
  return new GroupDirectory(filesystem, kernel, group);
}
