/** The namespaces of a process but those of mounts and users, which have files of their own. namespaces(7). */
import type { MountNamespace } from '../files/mounts.ts';
import type { Network } from '../net/network.ts';
import type { ControlGroup } from './cgroup.ts';
import type { UserNamespace } from './credentials.ts';
import type { Process, Thread } from './process.ts';

export const CLONE_NEWTIME = 0x80;
export const CLONE_NEWNS = 0x20000;
export const CLONE_NEWCGROUP = 0x2000000;
export const CLONE_NEWUTS = 0x4000000;
export const CLONE_NEWIPC = 0x8000000;
export const CLONE_NEWUSER = 0x10000000;
export const CLONE_NEWPID = 0x20000000;
export const CLONE_NEWNET = 0x40000000;
export const ALL_NAMESPACES =
  CLONE_NEWTIME |
  CLONE_NEWNS |
  CLONE_NEWCGROUP |
  CLONE_NEWUTS |
  CLONE_NEWIPC |
  CLONE_NEWUSER |
  CLONE_NEWPID |
  CLONE_NEWNET;

export class PidNamespace {
  readonly level: number;
  readonly threads = new Map<number, Thread>();
  /** Process 1: its end is the end of all others. */
  init: Process | null = null;
  readonly number: number;
  readonly parent: PidNamespace | null;
  readonly users: UserNamespace;
  private last = 0;

  constructor(number: number, parent: PidNamespace | null, users: UserNamespace) {
    [this.number, this.parent, this.users] = [number, parent, users];
    this.level = parent ? parent.level + 1 : 0;
  }

  /** Gives the next free number. */
  enter(thread: Thread): number {
    do this.last = this.last >= 32767 ? 2 : this.last + 1;
    while (this.threads.has(this.last));
    this.threads.set(this.last, thread);
    return this.last;
  }
  process(pid: number): Process | undefined {
    const thread = this.threads.get(pid);
    return thread && thread.process.leader === thread ? thread.process : undefined;
  }
  get processes(): readonly Process[] {
    return [...this.threads.values()].filter((t) => t.process.leader === t).map((t) => t.process);
  }
}

export interface UtsNamespace {
  readonly number: number;
  readonly users: UserNamespace;
  hostname: string;
  domain: string;
}

/** System V semaphores, queues and memory: there are none yet. */
export interface IpcNamespace {
  readonly number: number;
  readonly users: UserNamespace;
}

export interface CgroupNamespace {
  readonly number: number;
  readonly users: UserNamespace;
  readonly root: ControlGroup;
}

/** Offsets in nanoseconds that clocks are shifted by. */
export interface TimeNamespace {
  readonly number: number;
  readonly users: UserNamespace;
  monotonic: bigint;
  boottime: bigint;
}

export interface Namespaces {
  readonly mounts: MountNamespace;
  readonly pid: PidNamespace;
  /** Where children are born: differs from `pid` after unshare. */
  readonly childPid: PidNamespace;
  readonly network: Network;
  readonly uts: UtsNamespace;
  readonly ipc: IpcNamespace;
  readonly cgroup: CgroupNamespace;
  readonly time: TimeNamespace;
  readonly childTime: TimeNamespace;
}

/** Every namespace of a process, under the name that /proc/PID/ns gives it. */
export function namespacesOf({
  namespaces: n,
  credentials,
}: Process): ReadonlyMap<string, { readonly number: number }> {
  return new Map<string, { readonly number: number }>([
    ['cgroup', n.cgroup],
    ['ipc', n.ipc],
    ['mnt', n.mounts],
    ['net', n.network],
    ['pid', n.pid],
    ['time', n.time],
    ['user', credentials.users],
    ['uts', n.uts],
  ]);
}
