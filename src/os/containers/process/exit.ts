/** The end of threads and processes, and what their parents learn of it. */
import type { Kernel } from '../kernel.ts';
import { post } from './delivery.ts';
import type { Process, Thread } from './process.ts';
import { hearsOfStops, keepsChildren, killedBy, SIGNALS } from './signals.ts';

const CLD_EXITED = 1;
const CLD_KILLED = 2;

/** One thread ends; with the last one its process does, with `status` as wait(2) reports it. */
export function exitThread(kernel: Kernel, thread: Thread, status: number): void {
  if (thread.ended) return;
  thread.ended = true;
  thread.waiting = null;
  thread.abandonOpening();
  const { process } = thread;
  clearTid(kernel, thread);
  kernel.futexes.leave(thread);
  releaseVfork(kernel, thread);
  kernel.threads.delete(thread);
  kernel.processor.forget(thread);
  process.deadTimes = {
    user: process.deadTimes.user + thread.used.user,
    system: process.deadTimes.system + thread.used.system,
  };
  process.threads = process.threads.filter((other) => other !== thread);
  process.cgroup.countPids(-1);
  if (process.threads.length === 0) finish(kernel, process, status);
  else if (process.leader !== thread) forget(thread);
}

/** pthread_join waits for this word to become 0. */
function clearTid(kernel: Kernel, thread: Thread): void {
  const { process, clearChildTid } = thread;
  if (clearChildTid === 0 || process.threads.length <= 1) return;
  try {
    process.memory.setWord(clearChildTid, 0);
    kernel.futexes.wake(futexKey(process, clearChildTid), 1);
  } catch {
    // The word's memory is gone: nobody can wait for it.
  }
}

/** Which word a futex is: private ones belong to a space, shared ones are told apart by their frame. */
export const futexKey = (process: Process, address: number): string =>
  `${process.space.tables.directory}:${address >>> 0}`;

/** The parent of a vfork goes on once the child has executed or ended. */
export function releaseVfork(kernel: Kernel, child: Thread): void {
  for (const thread of kernel.threads) if (thread.vforkChild === child) thread.vforkChild = null;
}

const forget = (thread: Thread): void => {
  for (const [namespace, number] of thread.numbers) namespace.threads.delete(number);
};

/** All threads of a process end. */
export function exitGroup(kernel: Kernel, process: Process, status: number): void {
  for (const thread of [...process.threads]) exitThread(kernel, thread, status);
}

/** Ends a process from outside, as SIGKILL does. */
export function terminate(kernel: Kernel, process: Process, signal: number): void {
  exitGroup(kernel, process, killedBy(signal));
}

function finish(kernel: Kernel, process: Process, status: number): void {
  process.status = status;
  kernel.processor.leave(process.space);
  process.space.release();
  process.files.release();
  process.cgroup.processes.delete(process);
  if (process.session.leader === process) process.session.terminal?.leave();
  endNamespace(kernel, process);
  for (const child of [...process.children]) adopt(kernel, process, child);
  const { parent } = process;
  if (!parent) {
    reap(process);
    kernel.onOrphanEnd?.(process, status);
    return;
  }
  const kept = keepsChildren(parent);
  const killed = (status & 0x7f) !== 0;
  notifyParent(kernel, process, killed ? CLD_KILLED : CLD_EXITED, killed ? status & 0x7f : status >> 8);
  if (!kept) reap(process);
}

/** With process 1 of a namespace everybody in it ends. */
function endNamespace(kernel: Kernel, process: Process): void {
  const { pid } = process.namespaces;
  if (pid.init !== process) return;
  for (const other of pid.processes)
    if (other !== process && other.status === null) terminate(kernel, other, SIGNALS.KILL);
}

/** An orphan goes to the next ancestor that asked for it, else to process 1 of its namespace. */
function adopt(kernel: Kernel, dead: Process, child: Process): void {
  dead.children.delete(child);
  let heir: Process | null = dead.parent;
  while (heir && !(heir.subreaper && heir.status === null)) heir = heir.parent;
  const init = child.namespaces.pid.init;
  heir ??= init && init !== dead && init !== child && init.status === null ? init : null;
  child.parent = heir;
  heir?.children.add(child);
  if (child.parentDeathSignal !== 0 && child.status === null)
    post(kernel, child, { signal: child.parentDeathSignal, code: 0, fields: [] });
  if (child.status === null) return;
  if (heir) notifyParent(kernel, child, CLD_EXITED, child.status >> 8);
  else reap(child);
}

/** SIGCHLD, with who it is and how it ended or stopped. */
export function notifyParent(kernel: Kernel, process: Process, code: number, status: number): void {
  const { parent } = process;
  if (!parent || process.exitSignal === 0) return;
  if (code === 5 && !hearsOfStops(parent)) return;
  const { user, system } = process.used();
  const tick = (cycles: number): number => Math.floor((cycles * 100) / kernel.clock.frequency);
  const fields = [
    process.pidIn(parent.namespaces.pid),
    process.credentials.uid,
    status,
    tick(user),
    tick(system),
  ];
  post(kernel, parent, { signal: process.exitSignal, code, fields });
}

/** The last trace of a process goes. */
export function reap(process: Process): void {
  const { parent } = process;
  if (parent) {
    const { user, system } = process.used();
    parent.childTimes = {
      user: parent.childTimes.user + user + process.childTimes.user,
      system: parent.childTimes.system + system + process.childTimes.system,
    };
    parent.children.delete(process);
  }
  forget(process.leader);
}
