/** Calls about signals: sigaction(2), sigprocmask(2), kill(2), sigsuspend(2), alarm(2), pause(2). */
import { fail } from '../abi/errno.ts';
import { capable } from '../process/credentials.ts';
import { post, postToThread } from '../process/delivery.ts';
import type { Process } from '../process/process.ts';
import * as signals from '../process/signals.ts';
import { until, type Call, type Handler } from './call.ts';
import { Never } from './waits.ts';

const maskAt = ({ memory }: Call, at: number): bigint => {
  const [low, high] = memory.words(at, 2) as unknown as [number, number];
  return signals.joined(low, high);
};
const putMask = ({ memory }: Call, at: number, mask: bigint): void =>
  memory.setWords(at, [Number(BigInt.asIntN(32, mask)), Number(BigInt.asIntN(32, mask >> 32n))]);

function catchable(signal: number): void {
  const { KILL, STOP } = signals.SIGNALS;
  if (signal < 1 || signal > signals.LAST_SIGNAL || signal === KILL || signal === STOP) fail('EINVAL');
}

const rtSigaction: Handler = (c) => {
  const { process, memory, args } = c;
  const before = signals.actionOf(process, args[0]!);
  if (args[0]! < 1 || args[0]! > signals.LAST_SIGNAL) return fail('EINVAL');
  if (args[1] !== 0) {
    catchable(args[0]!);
    const [handler, flags, restorer] = memory.words(args[1]!, 3) as unknown as [number, number, number];
    process.actions.set(args[0]!, { handler, flags, restorer, mask: maskAt(c, args[1]! + 12) });
  }
  if (args[2] !== 0) {
    memory.setWords(args[2]!, [before.handler, before.flags, before.restorer]);
    putMask(c, args[2]! + 12, before.mask);
  }
  return 0;
};
/** The old structure: handler, mask of 32 bits, flags, restorer. */
const sigaction: Handler = ({ process, memory, args }) => {
  const before = signals.actionOf(process, args[0]!);
  if (args[1] !== 0) {
    catchable(args[0]!);
    const [handler, mask, flags, restorer] = memory.words(args[1]!, 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    process.actions.set(args[0]!, { handler, flags, restorer, mask: BigInt(mask >>> 0) });
  }
  if (args[2] !== 0)
    memory.setWords(args[2]!, [
      before.handler,
      Number(BigInt.asIntN(32, before.mask)),
      before.flags,
      before.restorer,
    ]);
  return 0;
};
/** signal(2) of System V: once, and not masked. */
const signal: Handler = ({ process, args }) => {
  catchable(args[0]!);
  const before = signals.actionOf(process, args[0]!);
  process.actions.set(args[0]!, { handler: args[1]!, flags: 0xc0000000 | 0, restorer: 0, mask: 0n });
  return before.handler;
};

function changeMask({ thread }: Call, how: number, mask: bigint): void {
  const next = [thread.mask | mask, thread.mask & ~mask, mask][how];
  thread.mask = next === undefined ? fail('EINVAL') : signals.blockable(next);
}
const rtSigprocmask: Handler = (c) => {
  const before = c.thread.mask;
  if (c.args[1] !== 0) changeMask(c, c.args[0]!, maskAt(c, c.args[1]!));
  if (c.args[2] !== 0) putMask(c, c.args[2]!, before);
  return 0;
};
const sigprocmask: Handler = (c) => {
  const before = c.thread.mask;
  if (c.args[1] !== 0) changeMask(c, c.args[0]!, BigInt(c.memory.word(c.args[1]!) >>> 0));
  if (c.args[2] !== 0) c.memory.setWord(c.args[2]!, Number(BigInt.asIntN(32, before)));
  return 0;
};
const rtSigpending: Handler = (c) => {
  putMask(c, c.args[0]!, signals.pendingMask(c.thread) & c.thread.mask);
  return 0;
};
const suspended = (c: Call, mask: bigint): ReturnType<Handler> => {
  c.thread.savedMask ??= c.thread.mask;
  c.thread.mask = signals.blockable(mask);
  return until(new Never(), Infinity, false);
};
const rtSigsuspend: Handler = (c) => suspended(c, maskAt(c, c.args[0]!));
const sigsuspend: Handler = (c) => suspended(c, BigInt(c.args[2]! >>> 0));
const pause: Handler = () => until(new Never(), Infinity, false);

/** The thread goes on as its frame says; the floating-point registers as they were. */
const leave =
  (withInfo: boolean): Handler =>
  ({ kernel, thread }) => {
    const frame = signals.leaveHandler(thread, withInfo);
    thread.call = null;
    for (
      let below = thread.floatsBelow.at(-1);
      below && below.frame <= frame;
      below = thread.floatsBelow.at(-1)
    ) {
      thread.floatsBelow.pop();
      if (below.frame === frame) kernel.processor.setFloat(thread, below.state);
    }
    return thread.registers.general[0]!;
  };

const info = (c: Call, number: number) => ({
  signal: number,
  code: 0,
  fields: [c.process.pid, c.process.credentials.uid],
});
function demandRight({ process }: Call, target: Process): void {
  const [ours, theirs] = [process.credentials, target.credentials];
  const same = [ours.uid, ours.euid].some((uid) => uid === theirs.uid || uid === theirs.suid);
  if (!same && !capable(ours, 'KILL', theirs.users)) fail('EPERM');
}
const kill: Handler = (c) => {
  const { kernel, process, args } = c;
  const [pid, number] = [args[0]!, args[1]!];
  if (number < 0 || number > signals.LAST_SIGNAL) return fail('EINVAL');
  const { pid: namespace } = process.namespaces;
  const targets = namespace.processes.filter((target) => {
    if (pid > 0) return target.pidIn(namespace) === pid;
    if (pid === -1) return target !== process && target.pidIn(namespace) !== 1;
    return target.group.leader === (pid === 0 ? process.group.leader : namespace.process(-pid));
  });
  if (targets.length === 0) return fail('ESRCH');
  for (const target of targets) {
    demandRight(c, target);
    if (number !== 0) post(kernel, target, info(c, number), process);
  }
  return 0;
};
function toThread(c: Call, tid: number, number: number): number {
  const target = c.process.namespaces.pid.threads.get(tid) ?? fail('ESRCH');
  if (number < 0 || number > signals.LAST_SIGNAL) return fail('EINVAL');
  demandRight(c, target.process);
  if (number !== 0) postToThread(target, { ...info(c, number), code: -6 }, c.process);
  return 0;
}
const tkill: Handler = (c) => toThread(c, c.args[0]!, c.args[1]!);
const tgkill: Handler = (c) => toThread(c, c.args[1]!, c.args[2]!);

const sigaltstack: Handler = ({ thread, memory, args }) => {
  const { address, flags, size } = thread.alternateStack;
  if (args[0] !== 0) {
    const [next, bits, length] = memory.words(args[0]!, 3) as unknown as [number, number, number];
    if ((bits & 2) === 0 && length >>> 0 < 2048) return fail('ENOMEM');
    thread.alternateStack = { address: next >>> 0, flags: bits, size: length >>> 0 };
  }
  if (args[1] !== 0) memory.setWords(args[1]!, [address, flags, size]);
  return 0;
};

const alarm: Handler = ({ kernel, process, args }) => {
  const { frequency, cycles } = kernel.clock;
  const left = process.alarm.at === Infinity ? 0 : Math.ceil((process.alarm.at - cycles) / frequency);
  process.alarm = { at: args[0] === 0 ? Infinity : cycles + args[0]! * frequency, every: 0 };
  return Math.max(0, left);
};
const setitimer: Handler = ({ kernel, process, memory, args }) => {
  if (args[0] !== 0) return fail('EINVAL');
  const { frequency, cycles } = kernel.clock;
  const { at, every } = process.alarm;
  const pair = (span: number): number[] => [
    Math.floor(span / frequency),
    Math.floor(((span % frequency) * 1e6) / frequency),
  ];
  if (args[2] !== 0)
    memory.setWords(args[2]!, [...pair(every), ...pair(at === Infinity ? 0 : Math.max(0, at - cycles))]);
  const words = memory.words(args[1]!, 4);
  const span = (k: number): number => words[k]! * frequency + (words[k + 1]! * frequency) / 1e6;
  process.alarm = { at: span(2) === 0 ? Infinity : cycles + span(2), every: span(0) };
  return 0;
};

export const SIGNAL_CALLS = {
  ...{
    rtSigaction,
    sigaction,
    signal,
    rtSigprocmask,
    sigprocmask,
    rtSigpending,
    rtSigsuspend,
    sigsuspend,
    pause,
  },
  ...{
    sigreturn: leave(false),
    rtSigreturn: leave(true),
    kill,
    tkill,
    tgkill,
    sigaltstack,
    alarm,
    setitimer,
  },
};
