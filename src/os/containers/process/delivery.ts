/** Sending signals, and delivering them to a thread that is about to go on. */
import { EAX } from '../../../machines/pc/registers.ts';
import { ERRNO, Failure } from '../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import { SERVICE, SIGNAL } from '../paths.ts';
import { exitGroup, notifyParent } from './exit.ts';
import type { Process, Thread } from './process.ts';
import * as signals from './signals.ts';

const { SIGNALS } = signals;
const RETURN_LENGTH = 2;

/**
 * Process 1 of a namespace hears from processes only what it has a handler for; from outside also KILL and STOP.
 * pid_namespaces(7), "The namespace init process".
 */
function protectedInit(
  process: Process,
  { signal, code }: signals.SignalInfo,
  sender: Process | null,
): boolean {
  const { pid } = process.namespaces;
  if (sender === null || pid.init !== process || code > 0) return false;
  if (signals.actionOf(process, signal).handler !== signals.SIG_DFL) return false;
  const fromInside = sender.namespaces.pid === pid;
  return fromInside || (signal !== SIGNALS.KILL && signal !== SIGNALS.STOP);
}

/** Sends a signal to a process. */
export function post(
  kernel: Kernel,
  process: Process,
  info: signals.SignalInfo,
  sender: Process | null = null,
): void {
  if (process.status !== null || protectedInit(process, info, sender)) return;
  before(process, info.signal);
  if (signals.dispositionOf(process, info.signal) === 'ignore' && !blocked(process, info.signal)) return;
  signals.enqueue(process.pending, info);
  const thread = process.threads.find((t) => !t.ended && (t.mask & signals.bit(info.signal)) === 0n);
  if (thread) interruptWait(thread);
}

/** Sends a signal to one thread. */
export function postToThread(thread: Thread, info: signals.SignalInfo, sender: Process | null = null): void {
  const { process } = thread;
  if (thread.ended || protectedInit(process, info, sender)) return;
  before(process, info.signal);
  if (signals.dispositionOf(process, info.signal) === 'ignore' && !blocked(process, info.signal)) return;
  signals.enqueue(thread.pending, info);
  if ((thread.mask & signals.bit(info.signal)) === 0n) interruptWait(thread);
}

/** A signal that an instruction earned: a block or an ignore does not help. */
export function force(kernel: Kernel, thread: Thread, info: signals.SignalInfo): void {
  const { process } = thread;
  const { handler } = signals.actionOf(process, info.signal);
  if (handler === signals.SIG_IGN || (thread.mask & signals.bit(info.signal)) !== 0n) {
    process.actions.delete(info.signal);
    thread.mask &= ~signals.bit(info.signal);
  }
  signals.enqueue(thread.pending, info);
  kernel.counts.signals++;
}

const blocked = ({ threads }: Process, signal: number): boolean =>
  threads.every(({ mask }) => (mask & signals.bit(signal)) !== 0n);

/** SIGCONT takes stops back, a stop takes SIGCONT back; SIGCONT and SIGKILL let a stopped process go on. */
function before(process: Process, signal: number): void {
  if (signal === SIGNALS.CONT || signals.isStop(signal)) {
    const opposite = (other: number): boolean =>
      signal === SIGNALS.CONT ? signals.isStop(other) : other === SIGNALS.CONT;
    const kept = (queue: signals.SignalInfo[]): signals.SignalInfo[] =>
      queue.filter((i) => !opposite(i.signal));
    process.pending = kept(process.pending);
    for (const thread of process.threads) thread.pending = kept(thread.pending);
  }
  if (process.stopped === 0 || (signal !== SIGNALS.CONT && signal !== SIGNALS.KILL)) return;
  process.stopped = 0;
  if (signal === SIGNALS.CONT) process.news = 'continued';
}

/** A call that waits is tried again, and finds the signal. */
function interruptWait(thread: Thread): void {
  if (thread.waiting) thread.waiting = { ...thread.waiting, deadline: -1 };
}

/** Whether a signal waits that the thread would have to look at. */
export const signalWaits = (thread: Thread): boolean => signals.next(thread) !== null;

/** Delivers what is pending, just before the thread goes on. */
export function deliverSignals(kernel: Kernel, thread: Thread): void {
  for (;;) {
    const info = thread.pending.length + thread.process.pending.length === 0 ? null : signals.next(thread);
    if (!info) break;
    signals.take(thread, info);
    const { process } = thread;
    switch (signals.dispositionOf(process, info.signal)) {
      case 'ignore':
        continue;
      case 'terminate':
        exitGroup(kernel, process, signals.killedBy(info.signal));
        return;
      case 'stop':
        process.stopped = info.signal;
        process.news = 'stopped';
        notifyParent(kernel, process, 5, info.signal);
        settleCall(thread, true);
        return;
      case 'handler':
        callHandler(kernel, thread, info);
        if (thread.ended) return;
    }
  }
  settleCall(thread, true);
  if (thread.savedMask !== null && thread.waiting === null) {
    thread.mask = thread.savedMask;
    thread.savedMask = null;
  }
}

/** A call that a signal has interrupted: begins anew, or has failed with EINTR. */
function settleCall(thread: Thread, restarts: boolean): void {
  if (thread.call === null) return;
  const { general } = thread.registers;
  const result = general[EAX]!;
  if (result === RESTART || result === RESTART_NO_HANDLER) {
    if (restarts) {
      general[EAX] = thread.call;
      thread.registers.eip = (thread.registers.eip - RETURN_LENGTH) | 0;
    } else general[EAX] = -ERRNO.EINTR;
  }
  thread.call = null;
}

/** What EAX holds inside the kernel while an interrupted call waits to be settled; no program sees it. */
export const RESTART = -512;
/** … and for calls that begin anew only where no handler was called. */
export const RESTART_NO_HANDLER = -514;

function callHandler(kernel: Kernel, thread: Thread, info: signals.SignalInfo): void {
  const action = signals.actionOf(thread.process, info.signal);
  kernel.system.work(SERVICE, SIGNAL);
  kernel.counts.signals++;
  const interrupted = thread.registers.general[EAX]!;
  settleCall(thread, interrupted === RESTART && (action.flags & signals.SA_RESTART) !== 0);
  const float = kernel.processor.floatOf(thread);
  try {
    signals.enterHandler(thread, info, action);
    thread.floatsBelow.push({ frame: thread.registers.general[4]! >>> 0, state: float });
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    exitGroup(kernel, thread.process, signals.killedBy(SIGNALS.SEGV));
  }
}
