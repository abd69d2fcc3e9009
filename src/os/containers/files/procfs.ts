/** The file system of processes, as one pid namespace sees them. proc(5). */
import { fail } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { PAGE } from '../memory/frames.ts';
import { toInside } from '../process/credentials.ts';
import { pathFrom } from '../process/cgroup.ts';
import type { PidNamespace } from '../process/namespaces.ts';
import type { Process } from '../process/process.ts';
import { pendingMask } from '../process/signals.ts';
import { Directory, RegularFile, type FileSystem, type Inode, SymbolicLink } from './inode.ts';
import { MAP_NAMES, MapFile, SetgroupsFile } from './id-maps.ts';
import { pathOf, type Place } from './mounts.ts';
import { NamespaceDirectory } from './nsfs.ts';
import { MagicLink } from './walk.ts';

const PROC_MAGIC = 0x9fa0;
const HZ = 100;
const encoder = new TextEncoder();

/** A file whose text is made when it is read. */
abstract class TextFile extends RegularFile {
  constructor(filesystem: FileSystem) {
    super(filesystem, 0o444);
  }
  protected abstract text(): string;
  override get size(): number {
    return encoder.encode(this.text()).length;
  }
  read(offset: number, length: number): Uint8Array {
    return encoder.encode(this.text()).slice(offset, offset + length);
  }
  write(): void {
    fail('EACCES');
  }
  truncate(): void {
    fail('EACCES');
  }
}

/** One of `SYSTEM_TEXTS`. */
export class SystemText extends TextFile {
  private readonly kernel: Kernel;
  private readonly namespace: PidNamespace;
  private readonly name: string;
  constructor(filesystem: FileSystem, kernel: Kernel, namespace: PidNamespace, name: string) {
    super(filesystem);
    [this.kernel, this.namespace, this.name] = [kernel, namespace, name];
  }
  protected text(): string {
    return SYSTEM_TEXTS[this.name]!(this.kernel, this.namespace);
  }
}

/** One of `PROCESS_TEXTS`. */
export class ProcessText extends TextFile {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly namespace: PidNamespace;
  private readonly name: string;
  constructor(
    filesystem: FileSystem,
    kernel: Kernel,
    process: Process,
    { namespace, name }: { readonly namespace: PidNamespace; readonly name: string },
  ) {
    super(filesystem);
    [this.kernel, this.process, this.namespace, this.name] = [kernel, process, namespace, name];
  }
  protected text(): string {
    return PROCESS_TEXTS[this.name]!(this.process, this.namespace, this.kernel);
  }
}

/** Where a descriptor leads. */
export class OpenedLink extends MagicLink {
  private readonly place: Place;
  constructor(filesystem: FileSystem, place: Place) {
    super(filesystem, '');
    this.place = place;
  }
  follow(): Place {
    return this.place;
  }
}

/** One of `PLACES` of a process. */
export class ProcessLink extends MagicLink {
  private readonly process: Process;
  private readonly name: string;
  constructor(filesystem: FileSystem, process: Process, name: string) {
    super(filesystem, '');
    [this.process, this.name] = [process, name];
  }
  follow(): Place {
    return PLACES[this.name]!(this.process) ?? fail('ENOENT');
  }
}

/** A directory whose entries are fixed. */
export class FixedDirectory extends Directory {
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
export class DescriptorDirectory extends Directory {
  private readonly process: Process;
  constructor(filesystem: FileSystem, process: Process) {
    super(filesystem, 0o500);
    this.process = process;
  }
  find(name: string): Inode | null {
    const descriptor = /^\d+$/.test(name) ? Number(name) : -1;
    if (!this.process.files.has(descriptor)) return null;
    const { place, label } = this.process.file(descriptor);
    return place ? new OpenedLink(this.filesystem, place) : new SymbolicLink(this.filesystem, label);
  }
  *entries(): Generator<readonly [string, Inode]> {
    for (const descriptor of this.process.files.descriptors)
      yield [String(descriptor), this.find(String(descriptor))!];
  }
}

/** What `self` leads to: whoever asks. */
export class SelfLink extends SymbolicLink {
  private readonly kernel: Kernel;
  private readonly namespace: PidNamespace;
  constructor(filesystem: FileSystem, kernel: Kernel, namespace: PidNamespace) {
    super(filesystem, '');
    [this.kernel, this.namespace] = [kernel, namespace];
  }
  override get target(): string {
    return String(this.kernel.current?.process.pidIn(this.namespace) ?? 0);
  }
}

export class ProcRoot extends Directory {
  private readonly fixed: ReadonlyMap<string, Inode>;
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
    const known = process.shownAs.get(this);
    if (known) return known;
    const directory = new FixedDirectory(
      this.filesystem,
      this,
      processFiles(this.filesystem, this.kernel, process, this.namespace),
    );
    process.shownAs.set(this, directory);
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
  const texts = Object.keys(SYSTEM_TEXTS).map(
    (name) => [name, new SystemText(filesystem, kernel, namespace, name)] as const,
  );
  return new Map<string, Inode>([
    ['self', new SelfLink(filesystem, kernel, namespace)],
    ['mounts', new SymbolicLink(filesystem, 'self/mounts')],
    ...texts,
  ]);
}

const kilobytes = (pages: number): string => `${String((pages * PAGE) / 1024).padStart(8)} kB`;

const SYSTEM_TEXTS: Readonly<Record<string, (kernel: Kernel, namespace: PidNamespace) => string>> = {
  uptime: ({ clock }) => `${(clock.cycles / clock.frequency).toFixed(2)} 0.00\n`,
  loadavg: ({ threads }, { processes }) => {
    const runnable = [...threads].filter(({ waiting }) => !waiting).length;
    return `0.00 0.00 0.00 ${runnable}/${threads.size} ${processes.length}\n`;
  },
  version: () => 'Linux version 5.10.0-strata (strata) #1\n',
  filesystems: () => 'nodev\tproc\nnodev\ttmpfs\nnodev\tcgroup2\nnodev\toverlay\n',
  meminfo: ({ frames }) =>
    [
      `MemTotal:       ${kilobytes(frames.total)}`,
      `MemFree:        ${kilobytes(frames.available)}`,
      `MemAvailable:   ${kilobytes(frames.available)}`,
      ...['Buffers:        ', 'Cached:         ', 'SwapTotal:      ', 'SwapFree:       '].map(
        (name) => `${name}${kilobytes(0)}`,
      ),
      '',
    ].join('\n'),
  cpuinfo: ({ clock }) =>
    `processor\t: 0\nvendor_id\t: GenuineIntel\ncpu MHz\t\t: ${(clock.frequency / 1e6).toFixed(3)}\n\n`,
  stat: ({ clock, counts, threads }) =>
    [
      `cpu  0 0 0 ${Math.floor((clock.cycles * HZ) / clock.frequency)} 0 0 0 0 0 0`,
      'cpu0 0 0 0 0 0 0 0 0 0 0',
      `ctxt ${counts.switches}`,
      `btime ${clock.now.seconds - Math.floor(clock.cycles / clock.frequency)}`,
      `processes ${threads.size}\n`,
    ].join('\n'),
};

export const stateOf = ({ status, stopped, threads }: Process): string => {
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
  const texts = Object.keys(PROCESS_TEXTS).map(
    (name) => [name, new ProcessText(filesystem, kernel, process, { namespace, name })] as const,
  );
  const links = Object.keys(PLACES).map(
    (name) => [name, new ProcessLink(filesystem, process, name)] as const,
  );
  return new Map<string, Inode>([
    ...texts,
    ...links,
    ['fd', new DescriptorDirectory(filesystem, process)],
    ['ns', new NamespaceDirectory(filesystem, process)],
    ...MAP_NAMES.map((name) => [name, new MapFile(filesystem, kernel, process, name)] as const),
    ['setgroups', new SetgroupsFile(filesystem, process)],
  ]);
}

const PLACES: Readonly<Record<string, (process: Process) => Place | null>> = {
  exe: ({ executable }) => executable,
  cwd: ({ fs }) => fs.cwd,
  root: ({ fs }) => fs.root,
};

type Describe = (process: Process, namespace: PidNamespace, kernel: Kernel) => string;
const PROCESS_TEXTS: Readonly<Record<string, Describe>> = {
  cmdline: ({ command }) => command.map((part) => `${part}\0`).join(''),
  comm: ({ name }) => `${name}\n`,
  stat: (process, namespace, kernel) => statLine(kernel, process, namespace),
  status: (process, namespace) => statusText(process, namespace),
  maps: (process) => mapsText(process),
  mounts: (process) => mountsText(process),
  cgroup: (process) => `0::${pathFrom(process.namespaces.cgroup.root, process.cgroup)}\n`,
};

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
      const { options: own = '' } = mount.root.filesystem;
      const options = `${(mount.flags & 1) !== 0 ? 'ro' : 'rw'}${own === '' ? '' : `,${own}`}`;
      return `${mount.source} ${at} ${mount.root.filesystem.type} ${options} 0 0\n`;
    })
    .filter((line) => !line.includes('(unreachable)'))
    .join('');
}
