/** New namespaces: what clone and unshare ask for. namespaces(7). */
import { fail } from '../abi/errno.ts';
import { Directory } from '../files/inode.ts';
import { MountNamespace } from '../files/mounts.ts';
import type { Mount, Place } from '../files/mounts.ts';
import type { Kernel } from '../kernel.ts';
import { Network } from '../net/network.ts';
import { ALL_CAPABILITIES, capable, UserNamespace, type Credentials } from './credentials.ts';
import * as ns from './namespaces.ts';
import type { FileSystemContext, Process } from './process.ts';

const DEEPEST = 32;

export interface Made {
  readonly namespaces: ns.Namespaces;
  readonly credentials: Credentials;
  readonly fs: FileSystemContext;
}

/** A process's namespaces with new ones of the kinds that `flags` name. */
export function cloneNamespaces(kernel: Kernel, process: Process, flags: number): Made {
  let { credentials, namespaces, fs } = process;
  if (flags === 0) return { credentials, fs, namespaces: born(namespaces) };
  if ((flags & ns.CLONE_NEWUSER) !== 0) credentials = newUsers(kernel, credentials);
  const { users } = credentials;
  if ((flags & ~ns.CLONE_NEWUSER) !== 0 && !capable(credentials, 'SYS_ADMIN', users)) fail('EPERM');
  if ((flags & ns.CLONE_NEWNS) !== 0) {
    const { namespace, became } = namespaces.mounts.copy(kernel.number(), users);
    namespaces = { ...namespaces, mounts: namespace };
    fs = { ...fs, root: moved(fs.root, became), cwd: moved(fs.cwd, became) };
  }
  if ((flags & ns.CLONE_NEWPID) !== 0) {
    if (namespaces.pid.level >= DEEPEST) fail('ENOSPC');
    namespaces = { ...namespaces, childPid: new ns.PidNamespace(kernel.number(), namespaces.pid, users) };
  }
  if ((flags & ns.CLONE_NEWUTS) !== 0)
    namespaces = { ...namespaces, uts: { ...namespaces.uts, number: kernel.number(), users } };
  if ((flags & ns.CLONE_NEWIPC) !== 0)
    namespaces = { ...namespaces, ipc: { number: kernel.number(), users } };
  if ((flags & ns.CLONE_NEWNET) !== 0)
    namespaces = { ...namespaces, network: new Network(kernel.number(), users) };
  if ((flags & ns.CLONE_NEWCGROUP) !== 0)
    namespaces = { ...namespaces, cgroup: { number: kernel.number(), users, root: process.cgroup } };
  if ((flags & ns.CLONE_NEWTIME) !== 0)
    namespaces = { ...namespaces, childTime: { ...namespaces.time, number: kernel.number(), users } };
  return { credentials, fs, namespaces: born(namespaces) };
}

/** As a child is born: the namespaces set aside for children are its own. */
const born = (namespaces: ns.Namespaces): ns.Namespaces => ({
  ...namespaces,
  pid: namespaces.childPid,
  time: namespaces.childTime,
});

/** The same place in a copy of the mounts. */
export const moved = (place: Place, became: ReadonlyMap<Mount, Mount>): Place => ({
  ...place,
  mount: became.get(place.mount) ?? place.mount,
});

/** Whoever enters a user namespace, or makes it, may do everything there. */
const ALL_INSIDE = {
  ...{ effective: ALL_CAPABILITIES, permitted: ALL_CAPABILITIES, bounding: ALL_CAPABILITIES },
  ...{ inheritable: 0n, ambient: 0n, securebits: 0 },
};

function newUsers(kernel: Kernel, credentials: Credentials): Credentials {
  if (credentials.users.level >= DEEPEST) fail('ENOSPC');
  const users = new UserNamespace(credentials.users, credentials.euid, kernel.number());
  return { ...credentials, ...ALL_INSIDE, users };
}

/** unshare(2): as for a child, but the process stays in its pid and time namespaces. */
export function unshare(kernel: Kernel, process: Process, flags: number): void {
  const made = cloneNamespaces(kernel, process, flags);
  const { pid, time } = process.namespaces;
  process.namespaces = {
    ...made.namespaces,
    ...{ pid, childPid: made.namespaces.pid, time, childTime: made.namespaces.time },
  };
  process.credentials = made.credentials;
  process.fs = { ...made.fs };
}

const KINDS: Readonly<Record<string, number>> = {
  mnt: ns.CLONE_NEWNS,
  uts: ns.CLONE_NEWUTS,
  ipc: ns.CLONE_NEWIPC,
  net: ns.CLONE_NEWNET,
  pid: ns.CLONE_NEWPID,
  user: ns.CLONE_NEWUSER,
  cgroup: ns.CLONE_NEWCGROUP,
  time: ns.CLONE_NEWTIME,
};

/** setns(2): takes over a namespace of somebody else's; of pid and time only for children to come. */
export function join(process: Process, kind: string, namespace: object, flag: number): void {
  if (flag !== 0 && flag !== KINDS[kind]) fail('EINVAL');
  const { credentials, namespaces } = process;
  const users = namespace instanceof UserNamespace ? namespace : (namespace as ns.UtsNamespace).users;
  if (!capable(credentials, 'SYS_ADMIN', users)) fail('EPERM');
  if (namespace instanceof UserNamespace) {
    if (namespace === credentials.users) fail('EINVAL');
    process.credentials = { ...credentials, ...ALL_INSIDE, users: namespace };
  } else if (namespace instanceof MountNamespace) {
    if (!capable(credentials, 'SYS_CHROOT', credentials.users)) fail('EPERM');
    const { root } = namespace;
    const place = root.root instanceof Directory ? { mount: root, node: root.root } : fail('EINVAL');
    process.namespaces = { ...namespaces, mounts: namespace };
    process.fs = { ...process.fs, root: place, cwd: place };
  } else process.namespaces = { ...namespaces, [FIELDS[kind]!]: namespace };
}

const FIELDS: Readonly<Record<string, keyof ns.Namespaces>> = {
  ...{ uts: 'uts', ipc: 'ipc', net: 'network', cgroup: 'cgroup', pid: 'childPid', time: 'childTime' },
};
