/** Signals: which there are, what they do, and how a handler is called and returns. signal(7), asm/sigcontext.h. */
import { EAX, ECX, EDX, ESP } from '../../../machines/pc/registers.ts';
import { FLAG_DF, FLAG_TF } from '../../../machines/pc/eflags.ts';
import type { Process, Thread } from './process.ts';

// prettier-ignore
export const SIGNALS = {
  HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10, SEGV: 11, USR2: 12, PIPE: 13,
  ALRM: 14, TERM: 15, STKFLT: 16, CHLD: 17, CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24,
  XFSZ: 25, VTALRM: 26, PROF: 27, WINCH: 28, IO: 29, PWR: 30, SYS: 31,
} as const;
export const LAST_SIGNAL = 64;
const FIRST_REALTIME = 32;

export interface SignalInfo {
  readonly signal: number;
  /** SI_USER 0, SI_KERNEL 128, or what the signal defines. */
  readonly code: number;
  /** The three words behind: sender and user, or address, or child, user and status. */
  readonly fields: readonly number[];
}

export interface SignalAction {
  /** Address of the handler; 0 default, 1 ignore. */
  readonly handler: number;
  readonly flags: number;
  readonly restorer: number;
  readonly mask: bigint;
}
export const SIG_DFL = 0;
export const SIG_IGN = 1;
const DEFAULT: SignalAction = { handler: SIG_DFL, flags: 0, restorer: 0, mask: 0n };

const SA_NOCLDSTOP = 1;
const SA_NOCLDWAIT = 2;
const SA_SIGINFO = 4;
const SA_RESTORER = 0x04000000;
const SA_ONSTACK = 0x08000000;
export const SA_RESTART = 0x10000000;
const SA_NODEFER = 0x40000000;
const SA_RESETHAND = 0x80000000 | 0;

export const bit = (signal: number): bigint => 1n << BigInt(signal - 1);
const UNBLOCKABLE = bit(SIGNALS.KILL) | bit(SIGNALS.STOP);
const STOPS: ReadonlySet<number> = new Set([SIGNALS.STOP, SIGNALS.TSTP, SIGNALS.TTIN, SIGNALS.TTOU]);
const IGNORED: ReadonlySet<number> = new Set([SIGNALS.CHLD, SIGNALS.CONT, SIGNALS.URG, SIGNALS.WINCH]);

export const actionOf = (process: Process, signal: number): SignalAction =>
  process.actions.get(signal) ?? DEFAULT;
/** A mask as it may be set: KILL and STOP are never blocked. */
export const blockable = (mask: bigint): bigint => mask & ~UNBLOCKABLE;
/** Whether the parent hears of stops, and whether dead children are kept for it. */
export const hearsOfStops = (parent: Process): boolean =>
  (actionOf(parent, SIGNALS.CHLD).flags & SA_NOCLDSTOP) === 0;
export const keepsChildren = (parent: Process): boolean => {
  const { handler, flags } = actionOf(parent, SIGNALS.CHLD);
  return handler !== SIG_IGN && (flags & SA_NOCLDWAIT) === 0;
};

/** What a signal would do now. */
export type Disposition = 'ignore' | 'terminate' | 'stop' | 'handler';

export function dispositionOf(process: Process, signal: number): Disposition {
  const { handler } = actionOf(process, signal);
  if (handler === SIG_IGN) return 'ignore';
  if (handler !== SIG_DFL) return 'handler';
  // Process 1 of a namespace dies only of what comes from outside or from the kernel itself.
  if (IGNORED.has(signal)) return 'ignore';
  return STOPS.has(signal) ? 'stop' : 'terminate';
}

export const isStop = (signal: number): boolean => STOPS.has(signal);

/** The status that wait(2) reports of a death by signal; nothing is ever dumped. */
export const killedBy = (signal: number): number => signal;

/** Adds to a queue; one of a standard signal is enough. */
export function enqueue(queue: SignalInfo[], info: SignalInfo): void {
  if (info.signal < FIRST_REALTIME && queue.some(({ signal }) => signal === info.signal)) return;
  queue.push(info);
}

/** The next signal that is not blocked, the thread's own before the process's; null if there is none. */
export function next(thread: Thread): SignalInfo | null {
  return first(thread.pending, thread.mask) ?? first(thread.process.pending, thread.mask);
}

function first(queue: readonly SignalInfo[], mask: bigint): SignalInfo | null {
  let found: SignalInfo | null = null;
  for (const info of queue)
    if ((mask & bit(info.signal)) === 0n && (found === null || info.signal < found.signal)) found = info;
  return found;
}

export function take(thread: Thread, info: SignalInfo): void {
  thread.pending = thread.pending.filter((other) => other !== info);
  const { process } = thread;
  process.pending = process.pending.filter((other) => other !== info);
}

export const pendingMask = (thread: Thread): bigint =>
  [...thread.pending, ...thread.process.pending].reduce((mask, { signal }) => mask | bit(signal), 0n);

// ---------------------------------------------------------------- frames

const CONTEXT_WORDS = 22;
const USER_CODE = 0x73;
const USER_DATA = 0x7b;
const low = (mask: bigint): number => Number(BigInt.asIntN(32, mask));
const high = (mask: bigint): number => Number(BigInt.asIntN(32, mask >> 32n));
export const joined = (lowWord: number, highWord: number): bigint =>
  BigInt(lowWord >>> 0) | (BigInt(highWord >>> 0) << 32n);

function contextWords({ registers }: Thread, mask: bigint): number[] {
  const { general: g, eip, flags, segments } = registers;
  const [ds, es, fs, gs] = segments;
  return [
    ...[gs, fs, es, ds, g[7]!, g[6]!, g[5]!, g[4]!, g[3]!, g[2]!, g[1]!, g[0]!],
    ...[0, 0, eip, USER_CODE, flags, g[4]!, USER_DATA, 0, low(mask), 0],
  ];
}

/** `pop %eax; mov $119, %eax; int $0x80`, and the same for rt_sigreturn, where libc brings no restorer. */
const RETURN = Uint8Array.of(0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80);
const RT_RETURN = Uint8Array.of(0xb8, 173, 0, 0, 0, 0xcd, 0x80, 0);

/** Puts a frame on the stack and makes the thread go on in its handler. Failure(EFAULT) if there is no stack. */
export function enterHandler(thread: Thread, info: SignalInfo, action: SignalAction): void {
  const { registers, process, alternateStack: alternate } = thread;
  const mask = thread.savedMask ?? thread.mask;
  let top = registers.general[ESP]! >>> 0;
  const onAlternate = top > alternate.address && top <= alternate.address + alternate.size;
  if ((action.flags & SA_ONSTACK) !== 0 && (alternate.flags & 2) === 0 && !onAlternate)
    top = alternate.address + alternate.size;
  const withInfo = (action.flags & SA_SIGINFO) !== 0;
  const size = withInfo ? 16 + 128 + 20 + 4 * CONTEXT_WORDS + 8 + 8 : 8 + 4 * CONTEXT_WORDS + 4 + 8;
  // As at the entry of a function: the stack is aligned before the return address is pushed.
  const frame = ((top - size - 4) & -16) - 4;
  const code = frame + size - 8;
  const back = (action.flags & SA_RESTORER) !== 0 ? action.restorer : code;
  const context = contextWords(thread, mask);
  const { memory } = process;
  if (withInfo) {
    const infoAt = frame + 16;
    const ucontext = infoAt + 128;
    memory.setWords(frame, [back, info.signal, infoAt, ucontext, ...infoWords(info)]);
    const stack = [alternate.address, alternate.flags, alternate.size];
    memory.setWords(ucontext, [0, 0, ...stack, ...context, low(mask), high(mask)]);
    memory.write(code, RT_RETURN);
    registers.general[EDX] = infoAt;
    registers.general[ECX] = ucontext;
  } else {
    memory.setWords(frame, [back, info.signal, ...context, high(mask)]);
    memory.write(code, RETURN);
  }
  registers.general[EAX] = info.signal;
  registers.general[ESP] = frame;
  registers.eip = action.handler;
  registers.flags &= ~(FLAG_DF | FLAG_TF);
  thread.savedMask = null;
  thread.mask |= action.mask | ((action.flags & SA_NODEFER) === 0 ? bit(info.signal) : 0n);
  thread.mask = blockable(thread.mask);
  if ((action.flags & SA_RESETHAND) !== 0) process.actions.delete(info.signal);
}

/** The words of siginfo_t, 128 bytes. */
export function infoWords({ signal, code, fields }: SignalInfo): number[] {
  const words = [signal, 0, code, ...fields];
  while (words.length < 32) words.push(0);
  return words;
}

/** Bits of EFLAGS that a program may set. */
const OWN_FLAGS = 0x50dd5;

/** sigreturn: the registers as the frame has them. The value for EAX. */
export function leaveHandler(thread: Thread, withInfo: boolean): number {
  const { registers, process } = thread;
  const { memory } = process;
  // The return address has been popped; sigreturn's own code has popped the signal's number as well.
  const frame = (registers.general[ESP]! >>> 0) - (withInfo ? 4 : 8);
  const at = withInfo ? frame + 16 + 128 + 20 : frame + 8;
  const words = memory.words(at, CONTEXT_WORDS + 2);
  const [gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax] = [...words.subarray(0, 12)] as [
    ...[number, number, number, number, number, number, number, number, number, number, number, number],
  ];
  thread.mask = blockable(
    withInfo ? joined(words[CONTEXT_WORDS]!, words[CONTEXT_WORDS + 1]!) : joined(words[20]!, words[22]!),
  );
  registers.general.set([eax, ecx, edx, ebx, esp, ebp, esi, edi]);
  registers.eip = words[14]!;
  registers.flags = (registers.flags & ~OWN_FLAGS) | (words[16]! & OWN_FLAGS);
  registers.segments = [ds & 0xffff, es & 0xffff, fs & 0xffff, gs & 0xffff];
  return frame;
}
