/**
 * A container as a runtime configuration describes it: namespaces, mounts, identity, limits, filter. What this kernel
 * does not serve is told, never passed over in silence. OCI runtime specification, config.md and config-linux.md.
 */
import { TABLE } from '../calls/table.ts';
import { ownMounts, ownNamespaces, startProcess } from '../container.ts';
import { groupRoot } from '../files/cgroupfs.ts';
import { populateDevices } from '../files/devices.ts';
import { Directory } from '../files/inode.ts';
import {
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  type MountNamespace,
  type Place,
} from '../files/mounts.ts';
import type { OpenFile } from '../files/open-file.ts';
import { folder } from '../files/overlay-root.ts';
import { procRoot } from '../files/procfs.ts';
import { ptsRoot } from '../files/pty.ts';
import { MemoryFileSystem } from '../files/tmpfs.ts';
import { Walker } from '../files/walk.ts';
import { Failure } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import type { RuntimeConfiguration } from './runtime-spec.ts';
import { compile } from './seccomp-profile.ts';
import type { ControlGroup } from '../process/cgroup.ts';
import { bitOf, CAPABILITIES, rootOf, type Credentials } from '../process/credentials.ts';
import type { Namespaces } from '../process/namespaces.ts';
import type { Process } from '../process/process.ts';
import { readFilter } from '../process/seccomp.ts';

type Linux = NonNullable<RuntimeConfiguration['linux']>;
type ProcessPart = NonNullable<RuntimeConfiguration['process']>;

export interface Started {
  readonly process: Process;
  /** What the configuration asks for and this kernel does not do. */
  readonly left: readonly string[];
}

export interface BundleRequest {
  readonly configuration: RuntimeConfiguration;
  readonly root: Directory;
  readonly name: string;
  readonly files: readonly OpenFile[];
  /** In place of the configuration's own. */
  readonly command?: readonly string[];
}

/** Starts the process of a bundle; a string says why it could not be started. */
export function startBundle(kernel: Kernel, request: BundleRequest): Started | string {
  const { configuration, root, name, files } = request;
  const { process: wanted, linux = {}, hostname = name, mounts = [], hooks = {} } = configuration;
  const command = request.command ?? wanted?.args ?? [];
  if (command.length === 0) return 'process.args is missing';
  const left: string[] = [];
  const tree = ownMounts(kernel, root);
  tree.root.flags = configuration.root?.readonly ? MS_RDONLY : 0;
  const cgroup = kernel.rootGroup.child(name);
  limit(kernel, cgroup, linux, left);
  const namespaces = namespacesFor(kernel, tree, cgroup, { hostname, linux, left });
  namespaces.uts.domain = configuration.domainname ?? namespaces.uts.domain;
  for (const each of mounts) mountOne(kernel, namespaces, each, left);
  hide(kernel, tree, linux);
  for (const [kind, list] of Object.entries(hooks))
    if (list && list.length > 0) left.push(`hooks.${kind}: there is no host here that could run them`);
  const process = startProcess(kernel, {
    ...{ namespaces, cgroup, files, command },
    root: { mount: tree.root, node: root },
    credentials: credentialsFor(kernel, wanted),
    environment: wanted?.env ?? [],
    directory: wanted?.cwd ?? '/',
  });
  if (typeof process === 'string') return process;
  settle(process, wanted, linux);
  return { process, left };
}

// ---------------------------------------------------------------- what it sees

function namespacesFor(
  kernel: Kernel,
  mounts: MountNamespace,
  cgroup: ControlGroup,
  { hostname, linux, left }: { readonly hostname: string; readonly linux: Linux; readonly left: string[] },
): Namespaces {
  const own = ownNamespaces(kernel, hostname, mounts);
  const host = { ...ownNamespaces(kernel, 'host', mounts), pid: kernel.rootPids, childPid: kernel.rootPids };
  const kinds = new Set((linux.namespaces ?? []).map(({ type }) => type));
  linux.namespaces?.forEach(({ type, path }, k) => {
    if (path !== undefined)
      left.push(`linux.namespaces[${k}].path: there is nobody whose ${type} namespace it could be`);
    if (type === 'user') left.push(`linux.namespaces[${k}]: no user namespace is made`);
  });
  const pick = <Key extends keyof Namespaces>(
    key: Key,
    kind: Parameters<typeof kinds.has>[0],
  ): Namespaces[Key] => (kinds.has(kind) ? own[key] : host[key]);
  return {
    mounts,
    ...{ pid: pick('pid', 'pid'), childPid: pick('childPid', 'pid'), network: pick('network', 'network') },
    ...{ uts: pick('uts', 'uts'), ipc: pick('ipc', 'ipc'), time: pick('time', 'time') },
    childTime: pick('childTime', 'time'),
    cgroup: kinds.has('cgroup') ? { ...own.cgroup, root: cgroup } : host.cgroup,
  };
}

const FLAGS: Readonly<Record<string, number>> = {
  ...{ ro: MS_RDONLY, nosuid: MS_NOSUID, nodev: MS_NODEV, noexec: MS_NOEXEC },
};

/** A place in the container's tree, through its own mounts. */
function placeOf(tree: MountNamespace, path: string): Place | null {
  const root = { mount: tree.root, node: tree.root.root };
  const { users } = tree;
  try {
    return new Walker({ mounts: tree, root, cwd: root, credentials: rootOf(users) }).find(path);
  } catch (failure) {
    if (failure instanceof Failure) return null;
    throw failure;
  }
}

type Mounted = NonNullable<RuntimeConfiguration['mounts']>[number];

function mountOne(kernel: Kernel, namespaces: Namespaces, mount: Mounted, left: string[]): void {
  const { destination, type = 'none', source = type, options = [] } = mount;
  const tree = namespaces.mounts;
  const option = (name: string): string | undefined =>
    options.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const root = fileSystemOf(kernel, namespaces, type, option('mode'));
  if (!root) {
    left.push(`mounts, ${destination}: ${type} is not served`);
    return;
  }
  const parent = placeOf(tree, destination.replace(/\/[^/]*\/?$/, '') || '/');
  if (!placeOf(tree, destination) && parent?.node instanceof Directory)
    folder(parent.node, destination.replace(/^.*\/(?=[^/])/, ''));
  const at = placeOf(tree, destination);
  if (!(at?.node instanceof Directory)) {
    left.push(`mounts, ${destination}: is no directory`);
    return;
  }
  const flags = options.reduce((sum, each) => sum | (FLAGS[each] ?? 0), 0);
  tree.mount(root, at, flags, source);
  if (destination === '/dev') populateDevices(root);
}

function fileSystemOf(
  kernel: Kernel,
  { pid, cgroup }: Namespaces,
  type: string,
  mode = '755',
): Directory | null {
  switch (type) {
    case 'proc':
      return procRoot(kernel, pid);
    case 'cgroup':
    case 'cgroup2':
      return groupRoot(kernel, cgroup.root);
    case 'devpts':
      return ptsRoot();
    case 'tmpfs':
      return new MemoryFileSystem(kernel.number() & 0xff, { mode: parseInt(mode, 8) || 0o755 }).root;
    default:
      return null;
  }
}

/** Masked paths show nothing, read-only ones are mounted on themselves. What is not there needs neither. */
function hide(kernel: Kernel, tree: MountNamespace, { maskedPaths = [], readonlyPaths = [] }: Linux): void {
  const empty = new MemoryFileSystem(kernel.number() & 0xff, { mode: 0o755 });
  const nothing = empty.root.create('nothing', { kind: 'file', mode: 0o444 });
  const blank = new MemoryFileSystem(kernel.number() & 0xff, { mode: 0o755 }).root;
  for (const path of maskedPaths) {
    const place = placeOf(tree, path);
    if (place) tree.mount(place.node instanceof Directory ? blank : nothing, place, MS_RDONLY, 'tmpfs', true);
  }
  for (const path of readonlyPaths) {
    const place = placeOf(tree, path);
    if (place) tree.mount(place.node, place, place.mount.flags | MS_RDONLY, place.mount.source, true);
  }
}

// ---------------------------------------------------------------- what it may

function credentialsFor(kernel: Kernel, wanted: ProcessPart | undefined): Credentials {
  const all = rootOf(kernel.rootUsers);
  const { uid = 0, gid = 0, additionalGids = [] } = wanted?.user ?? {};
  const { bounding, effective, permitted, inheritable, ambient } = wanted?.capabilities ?? {};
  const set = (names: readonly string[] | undefined): bigint =>
    (names ?? []).reduce((bits, name) => {
      const known = CAPABILITIES.find((each) => name === `CAP_${each}`);
      return known ? bits | bitOf(known) : bits;
    }, 0n);
  return {
    ...all,
    ...{
      uid,
      euid: uid,
      suid: uid,
      fsuid: uid,
      gid,
      egid: gid,
      sgid: gid,
      fsgid: gid,
      groups: additionalGids,
    },
    ...{ bounding: set(bounding), effective: set(effective), permitted: set(permitted) },
    ...{ inheritable: set(inheritable), ambient: set(ambient) },
  };
}

/** cpu.shares of version 1 as a weight of version 2. config-linux.md, "CPU"; runc's conversion. */
const weightOf = (shares: number): number =>
  Math.max(1, Math.min(10_000, Math.floor(1 + ((Math.max(2, shares) - 2) * 9999) / 262_142)));
const MICROSECONDS = 1e6;

function limit(kernel: Kernel, group: ControlGroup, { resources = {} }: Linux, left: string[]): void {
  const { memory, cpu, pids } = resources;
  if (memory?.limit !== undefined && memory.limit >= 0) group.memoryMax = memory.limit;
  if (pids && pids.limit > 0) group.pidsMax = pids.limit;
  if (cpu?.shares) group.weight = weightOf(cpu.shares);
  if (cpu?.quota !== undefined && cpu.quota > 0) {
    const cycles = (microseconds: number): number => (microseconds * kernel.clock.frequency) / MICROSECONDS;
    group.setBandwidth(cycles(cpu.quota), cycles(cpu.period ?? 100_000), kernel.clock.cycles);
  }
  for (const name of ['blockIO', 'hugepageLimits', 'network', 'unified'] as const)
    if (resources[name]) left.push(`linux.resources.${name}: is not served`);
}

/** Numbers of RLIMIT_…. include/uapi/asm-generic/resource.h. */
const LIMITS = [
  ...['CPU', 'FSIZE', 'DATA', 'STACK', 'CORE', 'RSS', 'NPROC', 'NOFILE', 'MEMLOCK', 'AS', 'LOCKS'],
  ...['SIGPENDING', 'MSGQUEUE', 'NICE', 'RTPRIO', 'RTTIME'],
];
const numbers = new Map([...TABLE].map(([number, { name }]) => [name, number]));
const RLIM_INFINITY = 0xffffffff;

function settle(process: Process, wanted: ProcessPart | undefined, { seccomp }: Linux): void {
  const { leader } = process;
  const bounded = (value: number): number => (value > RLIM_INFINITY ? -1 : value | 0);
  for (const { type, soft, hard } of wanted?.rlimits ?? []) {
    const which = LIMITS.indexOf(type.replace('RLIMIT_', ''));
    if (which >= 0) process.limits.set(which, [bounded(soft), bounded(hard)]);
  }
  process.oomScoreAdjustment = wanted?.oomScoreAdj ?? 0;
  process.fs.umask = wanted?.user?.umask ?? process.fs.umask;
  leader.noNewPrivileges = wanted?.noNewPrivileges ?? false;
  if (seccomp) leader.filters = [readFilter(compile(seccomp, numbers))];
}
