/** New processes and threads: fork, vfork and clone. clone(2). */
import { fail, Failure } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { UserMemory } from '../memory/user.ts';
import { BIRTH, SERVICE } from '../paths.ts';
import { copyRegisters } from '../processor.ts';
import { cloneNamespaces } from './unshare.ts';
import { Process, Thread, type Registers } from './process.ts';
import type { PidNamespace } from './namespaces.ts';
import { ALL_NAMESPACES, CLONE_NEWNS } from './namespaces.ts';

export const CLONE_VM = 0x100;
export const CLONE_FS = 0x200;
export const CLONE_FILES = 0x400;
export const CLONE_SIGHAND = 0x800;
export const CLONE_VFORK = 0x4000;
export const CLONE_PARENT = 0x8000;
export const CLONE_THREAD = 0x10000;
export const CLONE_SETTLS = 0x80000;
export const CLONE_PARENT_SETTID = 0x100000;
export const CLONE_CHILD_CLEARTID = 0x200000;
export const CLONE_CHILD_SETTID = 0x1000000;

export interface CloneRequest {
  readonly flags: number;
  readonly exitSignal: number;
  /** Where the child's stack pointer stands; 0: where the parent's does. */
  readonly stack: number;
  readonly parentTid: number;
  readonly childTid: number;
}

/** Gives a thread its numbers, from its namespace outwards. */
export function number(thread: Thread, namespace: PidNamespace): void {
  for (let at: PidNamespace | null = namespace; at; at = at.parent) thread.numbers.set(at, at.enter(thread));
}

/** Makes a child; its registers are the parent's but for EAX = 0. */
export function clone(kernel: Kernel, thread: Thread, request: CloneRequest): Thread {
  const { flags } = request;
  if ((flags & CLONE_SIGHAND) !== 0 && (flags & CLONE_VM) === 0) fail('EINVAL');
  if ((flags & CLONE_THREAD) !== 0 && (flags & CLONE_SIGHAND) === 0) fail('EINVAL');
  if ((flags & CLONE_FS) !== 0 && (flags & CLONE_NEWNS) !== 0) fail('EINVAL');
  const { cgroup } = thread.process;
  if (!cgroup.takePids(1)) fail('EAGAIN');
  kernel.system.work(SERVICE, BIRTH);
  try {
    const child =
      (flags & CLONE_THREAD) !== 0 ? newThread(thread, request) : newProcess(kernel, thread, request);
    ready(kernel, thread, child, request);
    return child;
  } catch (failure) {
    cgroup.countPids(-1);
    throw failure;
  }
}

function childRegisters({ registers }: Thread, stack: number): Registers {
  const copy = copyRegisters(registers);
  copy.general[0] = 0;
  if (stack !== 0) copy.general[4] = stack;
  return copy;
}

function newThread(parent: Thread, { stack }: CloneRequest): Thread {
  const child = new Thread(parent.process, childRegisters(parent, stack));
  number(child, parent.process.namespaces.pid);
  parent.process.threads.push(child);
  return child;
}

function newProcess(kernel: Kernel, thread: Thread, { flags, exitSignal, stack }: CloneRequest): Thread {
  const parent = thread.process;
  const made = cloneNamespaces(kernel, parent, flags & ALL_NAMESPACES);
  const space = (flags & CLONE_VM) !== 0 ? parent.space : parent.space.fork(parent.cgroup);
  const owner = (flags & CLONE_PARENT) !== 0 ? parent.parent : parent;
  const process = new Process(owner, kernel.system.clock);
  if (space === parent.space) space.users++;
  process.space = space;
  process.memory = new UserMemory(kernel.system, space);
  process.credentials = made.credentials;
  process.namespaces = made.namespaces;
  process.fs = (flags & CLONE_FS) !== 0 ? parent.fs : { ...made.fs };
  process.files = (flags & CLONE_FILES) !== 0 ? parent.files : parent.files.copy();
  if ((flags & CLONE_FILES) !== 0) parent.files.users++;
  process.actions = (flags & CLONE_SIGHAND) !== 0 ? parent.actions : new Map(parent.actions);
  process.group = parent.group;
  process.cgroup = parent.cgroup;
  process.cgroup.processes.add(process);
  process.limits = new Map(parent.limits);
  process.exitSignal = exitSignal;
  [process.executable, process.command] = [parent.executable, parent.command];
  process.oomScoreAdjustment = parent.oomScoreAdjustment;
  const child = new Thread(process, childRegisters(thread, stack));
  process.leader = child;
  process.threads = [child];
  const { pid } = process.namespaces;
  number(child, pid);
  pid.init ??= process;
  child.alternateStack = { ...thread.alternateStack };
  return child;
}

/** Stores a thread's number where it was asked for; the child is born even if nothing can be stored there. */
function tell({ memory }: Process, address: number, tid: number): void {
  try {
    memory.setWord(address, tid);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
  }
}

function ready(kernel: Kernel, parent: Thread, child: Thread, request: CloneRequest): void {
  const { flags, parentTid, childTid } = request;
  child.name = parent.name;
  child.mask = parent.mask;
  child.nice = parent.nice;
  child.virtual = parent.virtual;
  child.tls = parent.tls.slice();
  child.float = kernel.processor.floatOf(parent);
  [child.noNewPrivileges, child.filters, child.strict] = [
    parent.noNewPrivileges,
    parent.filters,
    parent.strict,
  ];
  const tid = child.numberIn(parent.process.namespaces.pid);
  if ((flags & CLONE_PARENT_SETTID) !== 0) tell(parent.process, parentTid, tid);
  if ((flags & CLONE_CHILD_SETTID) !== 0)
    tell(child.process, childTid, child.numberIn(child.process.namespaces.pid));
  if ((flags & CLONE_CHILD_CLEARTID) !== 0) child.clearChildTid = childTid;
  if ((flags & CLONE_VFORK) !== 0) parent.vforkChild = child;
  kernel.threads.add(child);
}
