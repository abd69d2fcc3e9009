/**
 * Ways to shut programs up that history brought, as rows of one table: what each gives a program of its own, and what
 * it leaves shared. All are made of the same mechanisms of this kernel; the systems named had their own.
 */
import type { Capability } from './process/credentials.ts';

export type OwnNamespace = 'mounts' | 'pid' | 'uts' | 'ipc' | 'network' | 'cgroup';

export interface Isolation {
  /** The directory that it takes for the root: the host's own, that of chroot, or the only one that its mounts have. */
  readonly root: 'host' | 'chroot' | 'mounts';
  readonly own: readonly OwnNamespace[];
  /** A control group with limits. */
  readonly limits: boolean;
  /** Capabilities that its root keeps; null: all. */
  readonly keeps: readonly Capability[] | null;
  /** Its files are layers, one over the other, and what it changes is kept apart from them. */
  readonly layered: boolean;
  /** Its network is joined with the host's by a bridge. */
  readonly bridged: boolean;
}

/** Docker's default list. docs.docker.com, "Runtime privilege and Linux capabilities". */
const DOCKER: readonly Capability[] = [
  ...([
    'CHOWN',
    'DAC_OVERRIDE',
    'FSETID',
    'FOWNER',
    'MKNOD',
    'NET_RAW',
    'SETGID',
    'SETUID',
    'SETFCAP',
  ] as const),
  ...(['SETPCAP', 'NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'] as const),
];
/** What a jail's root may not: mount, load modules, change the host's name or clock, reboot. jail(8). */
const JAIL: readonly Capability[] = DOCKER.filter((capability) => capability !== 'MKNOD');

const ALL_OWN: readonly OwnNamespace[] = ['mounts', 'pid', 'uts', 'ipc', 'network', 'cgroup'];

export const ISOLATIONS = {
  /** A program as any other. */
  process: { root: 'host', own: [], limits: false, keeps: null, layered: false, bridged: false },
  /** UNIX, 1979: another root directory. */
  chroot: { root: 'chroot', own: [], limits: false, keeps: null, layered: false, bridged: false },
  /** FreeBSD 4.0, 2000: that, its own processes, name and address, and a root without the host's rights. */
  jail: {
    root: 'mounts',
    own: ['mounts', 'pid', 'uts', 'ipc', 'network'],
    limits: false,
    keeps: JAIL,
    layered: false,
    bridged: false,
  },
  /** LXC, 2008: namespaces and control groups; its root has all capabilities. */
  lxc: { root: 'mounts', own: ALL_OWN, limits: true, keeps: null, layered: false, bridged: true },
  /** Docker, 2013: the same, with a short list of capabilities, and files in layers. */
  docker: { root: 'mounts', own: ALL_OWN, limits: true, keeps: DOCKER, layered: true, bridged: true },
} as const satisfies Readonly<Record<string, Isolation>>;

export type IsolationName = keyof typeof ISOLATIONS;
