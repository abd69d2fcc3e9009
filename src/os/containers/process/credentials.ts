/**
 * Who a process is: user and group numbers, capabilities, and the user namespace that they count in. Numbers inside the
 * kernel are the outermost namespace's; a namespace's maps turn them into its own and back. user_namespaces(7).
 */
import { MAY_EXEC, S_IFDIR } from '../abi/modes.ts';
import type { Inode } from '../files/inode.ts';

// prettier-ignore
export const CAPABILITIES = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP',
  'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER',
  'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE',
  'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP',
  'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF',
  'CHECKPOINT_RESTORE',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const bitOf = (capability: Capability): bigint => 1n << BigInt(CAPABILITIES.indexOf(capability));
export const ALL_CAPABILITIES = (1n << BigInt(CAPABILITIES.length)) - 1n;
/** What a number is seen as that a namespace has no name for. */
export const OVERFLOW_ID = 65534;

/** One line of uid_map or gid_map. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

export class UserNamespace {
  readonly parent: UserNamespace | null;
  readonly owner: number;
  readonly level: number;
  readonly number: number;
  /** In the kernel's numbers; null until they are written. */
  uidMap: readonly IdRange[] | null;
  gidMap: readonly IdRange[] | null;
  setgroups = true;

  constructor(parent: UserNamespace | null, owner: number, number: number) {
    [this.parent, this.owner, this.number] = [parent, owner, number];
    this.level = parent ? parent.level + 1 : 0;
    const all = parent ? null : [{ inside: 0, outside: 0, count: 0xffffffff }];
    [this.uidMap, this.gidMap] = [all, all];
  }
}

/** The kernel's number for one of a namespace's; −1 if it has none. */
export function fromInside(map: readonly IdRange[] | null, id: number): number {
  const range = map?.find((r) => id >= r.inside && id < r.inside + r.count);
  return range ? id - range.inside + range.outside : -1;
}

/** A namespace's number for one of the kernel's; the overflow number if it has none. */
export function toInside(map: readonly IdRange[] | null, id: number): number {
  const range = map?.find((r) => id >= r.outside && id < r.outside + r.count);
  return range ? id - range.outside + range.inside : OVERFLOW_ID;
}

export interface Credentials {
  readonly uid: number;
  readonly euid: number;
  readonly suid: number;
  readonly fsuid: number;
  readonly gid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly fsgid: number;
  readonly groups: readonly number[];
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
  readonly bounding: bigint;
  readonly ambient: bigint;
  readonly keepCapabilities: boolean;
  readonly securebits: number;
  readonly users: UserNamespace;
}

export const rootOf = (users: UserNamespace): Credentials => ({
  ...{ uid: 0, euid: 0, suid: 0, fsuid: 0, gid: 0, egid: 0, sgid: 0, fsgid: 0, groups: [] },
  ...{ effective: ALL_CAPABILITIES, permitted: ALL_CAPABILITIES, inheritable: 0n },
  ...{ bounding: ALL_CAPABILITIES, ambient: 0n, keepCapabilities: false, securebits: 0, users },
});

/** Root with some of its capabilities; null: all. */
export function rootKeeping(users: UserNamespace, keeps: readonly Capability[] | null): Credentials {
  const all = rootOf(users);
  if (keeps === null) return all;
  const set = keeps.reduce((bits, capability) => bits | bitOf(capability), 0n);
  return { ...all, effective: set, permitted: set, bounding: set };
}

/** Whether it holds a capability over what `target` governs: there, or as the owner of a namespace on the way. */
export function capable(c: Credentials, capability: Capability, target: UserNamespace): boolean {
  for (let users: UserNamespace | null = target; users; users = users.parent) {
    if (users === c.users) return (c.effective & bitOf(capability)) !== 0n;
    if (users.parent === c.users && users.owner === c.euid) return true;
  }
  return false;
}

/** Whether both owner and group of an inode have names in the namespace: only then its capabilities reach it. */
const reaches = ({ users }: Credentials, node: Inode): boolean =>
  users.parent === null || (mapped(users.uidMap, node.uid) && mapped(users.gidMap, node.gid));
const mapped = (map: readonly IdRange[] | null, id: number): boolean =>
  map?.some((r) => id >= r.outside && id < r.outside + r.count) ?? false;

export const capableOver = (c: Credentials, capability: Capability, node: Inode): boolean =>
  (c.effective & bitOf(capability)) !== 0n && reaches(c, node);

/** Whether the permission bits, or a capability, grant `wanted` (bits of access(2)). path_resolution(7). */
export function permits(c: Credentials, node: Inode, wanted: number, uid = c.fsuid, gid = c.fsgid): boolean {
  const { mode } = node;
  const triple =
    uid === node.uid ? mode >> 6 : gid === node.gid || c.groups.includes(node.gid) ? mode >> 3 : mode;
  if ((triple & wanted) === wanted) return true;
  const directory = node.type === S_IFDIR;
  const executable = directory || (mode & 0o111) !== 0;
  if (((wanted & MAY_EXEC) === 0 || executable) && capableOver(c, 'DAC_OVERRIDE', node)) return true;
  const onlyReads = (wanted & ~(directory ? 5 : 4)) === 0;
  return onlyReads && capableOver(c, 'DAC_READ_SEARCH', node);
}

/** What changes of user numbers do to capabilities. capabilities(7), "Effect of user ID changes". */
export function afterUserChange(before: Credentials, after: Credentials): Credentials {
  const root = fromInside(after.users.uidMap, 0);
  const had = [before.uid, before.euid, before.suid].includes(root);
  const has = [after.uid, after.euid, after.suid].includes(root);
  let { effective, permitted, ambient } = after;
  if (had && !has && !after.keepCapabilities) [effective, permitted, ambient] = [0n, 0n, 0n];
  else if (before.euid === root && after.euid !== root) effective = 0n;
  else if (before.euid !== root && after.euid === root) effective = permitted;
  return { ...after, effective, permitted, ambient };
}

/** What execve does to them. capabilities(7), "Transformation of capabilities during execve()". */
export function afterExec(c: Credentials): Credentials {
  const root = fromInside(c.users.uidMap, 0);
  const privileged = c.euid === root || c.uid === root;
  const permitted = (privileged ? c.inheritable | c.bounding : 0n) | c.ambient;
  const effective = c.euid === root ? permitted : c.ambient;
  return { ...c, permitted, effective, keepCapabilities: false };
}
