/** The file system of processes, as one pid namespace sees them. proc(5). */
import { fail } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { PAGE } from '../memory/frames.ts';
import { toInside } from '../process/credentials.ts';
import type { PidNamespace } from '../process/namespaces.ts';
import type { Process } from '../process/process.ts';
import { pendingMask } from '../process/signals.ts';
import { Directory, RegularFile, type FileSystem, type Inode, SymbolicLink } from './inode.ts';
import { pathOf, type Place } from './mounts.ts';
import { MagicLink } from './walk.ts';

const PROC_MAGIC = 0x9fa0;
const HZ = 100;
const encoder = new TextEncoder();

/** A file whose text is made when it is read. */
class TextFile extends RegularFile {
  private readonly make: () => string;
  constructor(filesystem: FileSystem, make: () => string) {
    super(filesystem, 0o444);
    this.make = make;
  }
  override get size(): number {
    return encoder.encode(this.make()).length;
  }
  read(offset: number, length: number): Uint8Array {
    return encoder.encode(this.make()).slice(offset, offset + length);
  }
  write(): void {
    fail('EACCES');
  }
  truncate(): void {
    fail('EACCES');
  }
}

class PlaceLink extends MagicLink {
  private readonly place: () => Place | null;
  constructor(filesystem: FileSystem, place: () => Place | null) {
    super(filesystem, '');
    this.place = place;
  }
  follow(): Place {
    return this.place() ?? fail('ENOENT');
  }
}

/** A directory whose entries are fixed. */
class FixedDirectory extends Directory {
  private readonly list: ReadonlyMap<string, Inode>;
  constructor(filesystem: FileSystem, above: Directory | null, list: ReadonlyMap<string, Inode>) {
    super(filesystem, 0o555);
    if (above) this.above = above;
    this.list = list;
  }
  find(name: string): Inode | null {
    return this.list.get(name) ?? null;
  }
  entries(): Iterable<readonly [string, Inode]> {
    return this.list;
  }
}

/** Descriptors of a process as links to what they stand for. */
class DescriptorDirectory extends Directory {
  private readonly process: Process;
  constructor(filesystem: FileSystem, process: Process) {
    super(filesystem, 0o500);
    this.process = process;
  }
  find(name: string): Inode | null {
    const descriptor = /^\d+$/.test(name) ? Number(name) : -1;
    if (!this.process.files.has(descriptor)) return null;
    const { place, label } = this.process.file(descriptor);
    return place ? new PlaceLink(this.filesystem, () => place) : new SymbolicLink(this.filesystem, label);
  }
  *entries(): Generator<readonly [string, Inode]> {
    for (const descriptor of this.process.files.descriptors)
      yield [String(descriptor), this.find(String(descriptor))!];
  }
}

/** What `self` leads to: whoever asks. */
class SelfLink extends SymbolicLink {
  private readonly asker: () => number;
  constructor(filesystem: FileSystem, asker: () => number) {
    super(filesystem, '');
    this.asker = asker;
  }
  override get target(): string {
    return String(this.asker());
  }
}

class ProcRoot extends Directory {
  private readonly fixed: ReadonlyMap<string, Inode>;
  private readonly made = new WeakMap<Process, Directory>();
  private readonly kernel: Kernel;
  private readonly namespace: PidNamespace;

  constructor(filesystem: FileSystem, kernel: Kernel, namespace: PidNamespace) {
    super(filesystem, 0o555);
    [this.kernel, this.namespace] = [kernel, namespace];
    this.fixed = systemFiles(filesystem, kernel, namespace);
  }
  find(name: string): Inode | null {
    const fixed = this.fixed.get(name);
    if (fixed || !/^[1-9]\d*$/.test(name)) return fixed ?? null;
    const process = this.namespace.process(Number(name));
    return process ? this.directoryOf(process) : null;
  }
  private directoryOf(process: Process): Directory {
    const known = this.made.get(process);
    if (known) return known;
    const directory = new FixedDirectory(
      this.filesystem,
      this,
      processFiles(this.filesystem, this.kernel, process, this.namespace),
    );
    this.made.set(process, directory);
    return directory;
  }
  *entries(): Generator<readonly [string, Inode]> {
    for (const process of this.namespace.processes)
      yield [String(process.pidIn(this.namespace)), this.directoryOf(process)];
    yield* this.fixed;
  }
}

export function procRoot(kernel: Kernel, namespace: PidNamespace): Directory {
  const filesystem: FileSystem = { type: 'proc', magic: PROC_MAGIC, device: 2, nextInode: 1 };
  return new ProcRoot(filesystem, kernel, namespace);
}

function systemFiles(
  filesystem: FileSystem,
  kernel: Kernel,
  namespace: PidNamespace,
): ReadonlyMap<string, Inode> {
  const { clock, frames } = kernel;
  const text = (make: () => string): Inode => new TextFile(filesystem, make);
  const seconds = (): string => (clock.cycles / clock.frequency).toFixed(2);
  const kilobytes = (pages: number): string => `${String((pages * PAGE) / 1024).padStart(8)} kB`;
  const runnable = (): number => [...kernel.threads].filter(({ waiting }) => !waiting).length;
  return new Map([
    ['self', new SelfLink(filesystem, () => kernel.current?.process.pidIn(namespace) ?? 0)],
    ['mounts', new SymbolicLink(filesystem, 'self/mounts')],
    ['uptime', text(() => `${seconds()} 0.00\n`)],
    [
      'loadavg',
      text(() => `0.00 0.00 0.00 ${runnable()}/${kernel.threads.size} ${namespace.processes.length}\n`),
    ],
    ['version', text(() => 'Linux version 5.10.0-strata (strata) #1\n')],
    ['filesystems', text(() => 'nodev\tproc\nnodev\ttmpfs\n')],
    [
      'meminfo',
      text(
        () =>
          `MemTotal:       ${kilobytes(frames.total)}\nMemFree:        ${kilobytes(frames.available)}\nMemAvailable:   ${kilobytes(frames.available)}\nBuffers:        ${kilobytes(0)}\nCached:         ${kilobytes(0)}\nSwapTotal:      ${kilobytes(0)}\nSwapFree:       ${kilobytes(0)}\n`,
      ),
    ],
    [
      'cpuinfo',
      text(
        () =>
          `processor\t: 0\nvendor_id\t: GenuineIntel\ncpu MHz\t\t: ${(clock.frequency / 1e6).toFixed(3)}\n\n`,
      ),
    ],
    [
      'stat',
      text(
        () =>
          `cpu  0 0 0 ${Math.floor((clock.cycles * HZ) / clock.frequency)} 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\nctxt ${kernel.counts.switches}\nbtime ${clock.now.seconds - Math.floor(clock.cycles / clock.frequency)}\nprocesses ${kernel.threads.size}\n`,
      ),
    ],
  ]);
}

const stateOf = ({ status, stopped, threads }: Process): string => {
  if (status !== null) return 'Z';
  if (stopped !== 0) return 'T';
  return threads.some(({ waiting }) => !waiting) ? 'R' : 'S';
};

function processFiles(
  filesystem: FileSystem,
  kernel: Kernel,
  process: Process,
  namespace: PidNamespace,
): ReadonlyMap<string, Inode> {
  const text = (make: () => string): Inode => new TextFile(filesystem, make);
  const link = (place: () => Place | null): Inode => new PlaceLink(filesystem, place);
  return new Map([
    ['cmdline', text(() => process.command.map((part) => `${part}\0`).join(''))],
    ['comm', text(() => `${process.name}\n`)],
    ['stat', text(() => statLine(kernel, process, namespace))],
    ['status', text(() => statusText(process, namespace))],
    ['maps', text(() => mapsText(process))],
    ['mounts', text(() => mountsText(process))],
    ['cgroup', text(() => `0::${process.cgroup.path}\n`)],
    ['exe', link(() => process.executable)],
    ['cwd', link(() => process.fs.cwd)],
    ['root', link(() => process.fs.root)],
    ['fd', new DescriptorDirectory(filesystem, process)],
  ]);
}

function statLine(kernel: Kernel, process: Process, namespace: PidNamespace): string {
  const ticks = (cycles: number): number => Math.floor((cycles * HZ) / kernel.clock.frequency);
  const { user, system } = process.used();
  const { regions, resident } = process.space;
  const pid = (other: Process | null): number => other?.pidIn(namespace) ?? 0;
  const fields = [
    ...[pid(process), `(${process.name})`, stateOf(process), pid(process.parent), pid(process.group.leader)],
    ...[pid(process.session.leader), 0, -1, 0, process.faults, 0, 0, 0, ticks(user), ticks(system)],
    ...[ticks(process.childTimes.user), ticks(process.childTimes.system), 20, 0, process.threads.length, 0],
    ...[ticks(process.started), regions.bytes, resident, -1, ...new Array<number>(27).fill(0)],
  ];
  return `${fields.join(' ')}\n`;
}

function statusText(process: Process, namespace: PidNamespace): string {
  const { credentials: c, leader, space } = process;
  const state = stateOf(process);
  const users = (ids: readonly number[]): string => ids.map((id) => toInside(c.users.uidMap, id)).join('\t');
  const groups = (ids: readonly number[]): string => ids.map((id) => toInside(c.users.gidMap, id)).join('\t');
  const set = (bits: bigint): string => bits.toString(16).padStart(16, '0');
  const rows: readonly (readonly [string, string | number])[] = [
    ['Name', process.name],
    ['State', `${state} (${{ R: 'running', S: 'sleeping', T: 'stopped', Z: 'zombie' }[state]!})`],
    ['Tgid', process.pidIn(namespace)],
    ['Pid', process.pidIn(namespace)],
    ['PPid', process.parent?.pidIn(namespace) ?? 0],
    ['Uid', users([c.uid, c.euid, c.suid, c.fsuid])],
    ['Gid', groups([c.gid, c.egid, c.sgid, c.fsgid])],
    ['VmSize', `${String(space.regions.bytes / 1024).padStart(8)} kB`],
    ['VmRSS', `${String((space.resident * PAGE) / 1024).padStart(8)} kB`],
    ['Threads', process.threads.length],
    ['SigPnd', set(pendingMask(leader))],
    ['SigBlk', set(leader.mask)],
    ['CapInh', set(c.inheritable)],
    ['CapPrm', set(c.permitted)],
    ['CapEff', set(c.effective)],
    ['CapBnd', set(c.bounding)],
    ['CapAmb', set(c.ambient)],
    ['NoNewPrivs', leader.noNewPrivileges ? 1 : 0],
    ['Seccomp', leader.strict ? 1 : leader.filters.length > 0 ? 2 : 0],
  ];
  return rows.map(([name, value]) => `${name}:\t${value}\n`).join('');
}

function mapsText({ space }: Process): string {
  const address = (value: number): string => value.toString(16).padStart(8, '0');
  return space.regions.all
    .map(({ start, end, protection, shared, file, offset, name }) => {
      const rights = ['r', 'w', 'x']
        .map((letter, k) => (((protection >> k) & 1) !== 0 ? letter : '-'))
        .join('');
      const head = `${address(start)}-${address(end)} ${rights}${shared ? 's' : 'p'} ${address(offset)} 00:00 ${file?.number ?? 0}`;
      return name === '' ? `${head}\n` : `${head.padEnd(49)}${name}\n`;
    })
    .join('');
}

function mountsText({ namespaces, fs }: Process): string {
  return namespaces.mounts.mounts
    .map((mount) => {
      const at = mount.parent && mount.at ? pathOf({ mount, node: mount.root }, fs.root) : '/';
      const options = (mount.flags & 1) !== 0 ? 'ro' : 'rw';
      return `${mount.source} ${at} ${mount.root.filesystem.type} ${options} 0 0\n`;
    })
    .filter((line) => !line.includes('(unreachable)'))
    .join('');
}
