/** Calls with short answers that belong to no larger family: priorities, waitid(2), close_range(2), memfd_create(2), and their like. */
import { fail } from '../abi/errno.ts';
import { O_RDWR } from '../abi/modes.ts';
import { OpenRegular } from '../files/open-file.ts';
import { truncate } from '../files/opening.ts';
import { PAGE } from '../memory/frames.ts';
import { capable, fromInside, toInside } from '../process/credentials.ts';
import { reap } from '../process/exit.ts';
import type { Process, Waiting } from '../process/process.ts';
import * as signals from '../process/signals.ts';
import { ATTRIBUTE_CALLS } from './attributes.ts';
import { deadlineOf, passed, until, type Call, type Handler } from './call.ts';
import { vectors } from './files.ts';
import { nameless } from './memory.ts';
import { named, openPlaceOf } from './naming.ts';
import { timeAt } from './processes.ts';
import { shortStatfsOf } from './stat.ts';
import { TIME_CALLS } from './time.ts';
import { ChildNews, report, SignalPending, wanted } from './waits.ts';

/** What concerns the whole machine: nobody may, not even root. */
const notPermitted: Handler = () => fail('EPERM');

// ---------------------------------------------------------------- priorities

/** Processes by PRIO_PROCESS, PRIO_PGRP or PRIO_USER and a number. */
function governed({ process }: Call, which: number, who: number): readonly Process[] {
  const { pid: namespace } = process.namespaces;
  const found = namespace.processes.filter((each) => {
    if (which === 0) return who === 0 ? each === process : each.pidIn(namespace) === who;
    if (which === 1)
      return who === 0 ? each.group === process.group : each.group.leader.pidIn(namespace) === who;
    return which === 2 && each.credentials.uid === (who === 0 ? process.credentials.uid : who);
  });
  if (which < 0 || which > 2) return fail('EINVAL');
  return found.length > 0 ? found : fail('ESRCH');
}
/** The kernel answers 20 − nice, so that no answer looks like a failure. */
const getpriority: Handler = (c) =>
  Math.max(...governed(c, c.args[0]!, c.args[1]!).map(({ leader }) => 20 - leader.nice));
function renice(c: Call, processes: readonly Process[], asked: number): number {
  const value = Math.max(-20, Math.min(19, asked));
  for (const { leader, threads } of processes) {
    if (value < leader.nice && !capable(c.process.credentials, 'SYS_NICE', c.kernel.rootUsers))
      return fail('EACCES');
    for (const thread of threads) thread.nice = value;
  }
  return 0;
}
const setpriority: Handler = (c) => renice(c, governed(c, c.args[0]!, c.args[1]!), c.args[2]!);
const nice: Handler = (c) => renice(c, [c.process], c.thread.nice + c.args[0]!);
const schedGetparam: Handler = ({ memory, args }) => {
  memory.setWord(args[1]!, 0);
  return 0;
};
const getcpu: Handler = ({ memory, args }) => {
  for (const at of [args[0]!, args[1]!]) if (at !== 0) memory.setWord(at, 0);
  return 0;
};

// ---------------------------------------------------------------- who one is

const setFsId =
  (kind: 'uid' | 'gid'): Handler =>
  ({ process, args }) => {
    const { credentials } = process;
    const [map, key] =
      kind === 'uid'
        ? [credentials.users.uidMap, 'fsuid' as const]
        : [credentials.users.gidMap, 'fsgid' as const];
    const before = toInside(map, credentials[key]);
    const next = fromInside(map, args[0]! >>> 0);
    const own = [
      credentials[kind],
      credentials[`e${kind}`],
      credentials[`s${kind}`],
      credentials[key],
    ].includes(next);
    if (next >= 0 && (own || capable(credentials, kind === 'uid' ? 'SETUID' : 'SETGID', credentials.users)))
      process.credentials = { ...credentials, [key]: next };
    return before;
  };
const setdomainname: Handler = ({ process, memory, args }) => {
  const { uts } = process.namespaces;
  if (!capable(process.credentials, 'SYS_ADMIN', uts.users)) return fail('EPERM');
  if (args[1]! < 0 || args[1]! > 64) return fail('EINVAL');
  uts.domain = new TextDecoder().decode(memory.read(args[0]!, args[1]!));
  return 0;
};

// ---------------------------------------------------------------- children and signals

const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x1000000;
/** waitid(2): P_ALL, P_PID or P_PGID, and a siginfo in place of a status. */
const waitid: Handler = (c) => {
  const [which, id, info, options] = c.args as unknown as [number, number, number, number];
  const asked = [-1, id, id === 0 ? 0 : -id][which] ?? fail('EINVAL');
  const children = wanted(c.process, asked);
  if (children.length === 0) return fail('ECHILD');
  const found = report(
    children.filter(({ status }) => status === null || (options & WEXITED) !== 0),
    options,
  );
  if (!found) {
    if ((options & WNOHANG) === 0) return until(new ChildNews(c.process, asked, options));
    if (info !== 0) c.memory.write(info, new Uint8Array(128));
    return 0;
  }
  const { child, status } = found;
  if (info !== 0) {
    const signal = status & 0x7f;
    const stopped = (status & 0xff) === 0x7f;
    const [code, value] = stopped ? [5, status >> 8] : signal === 0 ? [1, status >> 8] : [2, signal];
    c.memory.write(info, new Uint8Array(128));
    c.memory.setWords(info, [
      signals.SIGNALS.CHLD,
      0,
      code,
      child.pidIn(c.process.namespaces.pid),
      child.credentials.uid,
      value,
    ]);
  }
  if ((options & WNOWAIT) !== 0) return 0;
  child.news = null;
  if (child.status !== null) reap(child);
  return 0;
};

const sigpending: Handler = (c) => {
  c.memory.setWord(c.args[0]!, Number(BigInt.asIntN(32, signals.pendingMask(c.thread) & c.thread.mask)));
  return 0;
};
const rtSigtimedwait =
  (wide: boolean): Handler =>
  (c): number | Waiting => {
    const [low, high] = c.memory.words(c.args[0]!, 2) as unknown as [number, number];
    const set = signals.joined(low, high);
    for (const queue of [c.thread.pending, c.process.pending]) {
      const k = queue.findIndex(({ signal }) => (signals.bit(signal) & set) !== 0n);
      if (k < 0) continue;
      const [info] = queue.splice(k, 1) as [(typeof queue)[number]];
      if (c.args[1] !== 0) {
        c.memory.write(c.args[1]!, new Uint8Array(128));
        c.memory.setWords(c.args[1]!, [info.signal, 0, info.code, ...info.fields]);
      }
      return info.signal;
    }
    if (passed(c)) return fail('EAGAIN');
    const on = new SignalPending(c.thread, set);
    return until(on, c.args[2] === 0 ? Infinity : deadlineOf(c, timeAt(c, c.args[2]!, wide)), false);
  };

// ---------------------------------------------------------------- files

const statfs: Handler = (c) => {
  c.memory.setWords(c.args[1]!, shortStatfsOf(named(c)));
  return 0;
};
const fstatfs: Handler = (c) => {
  c.memory.setWords(c.args[1]!, shortStatfsOf(openPlaceOf(c)));
  return 0;
};
/** utimes(2): seconds and microseconds. */
const utimes: Handler = (c) => {
  const { node } = named(c);
  if (c.args[1] === 0)
    return ATTRIBUTE_CALLS.utimensat({ ...c, args: Int32Array.of(-100, c.args[0]!, 0, 0, 0, 0) });
  const words = c.memory.words(c.args[1]!, 4);
  const moment = (k: number) => ({ seconds: words[k]!, nanoseconds: words[k + 1]! * 1000 });
  node.setTimes(moment(0), moment(2));
  return 0;
};
const regular = ({ process }: Call, descriptor: number): OpenRegular => {
  const file = process.file(descriptor);
  return file instanceof OpenRegular ? file : fail('ESPIPE');
};
/** fallocate(2): only what makes the file longer. */
const fallocate: Handler = (c) => {
  const file = regular(c, c.args[0]!);
  const end = (c.args[2]! >>> 0) + (c.args[4]! >>> 0);
  if (!file.mayWrite) return fail('EBADF');
  if (c.args[1] !== 0) return (c.args[1]! & ~1) === 0 ? 0 : fail('EOPNOTSUPP');
  if (end > file.file.size) truncate(c.kernel, file.file, end);
  return 0;
};
const preadv: Handler = (c) => {
  const file = regular(c, c.args[0]!);
  if (!file.mayRead) return fail('EBADF');
  let [at, done] = [c.args[3]! >>> 0, 0];
  for (const { base, length } of vectors(c, c.args[1]!, c.args[2]!)) {
    const bytes = file.readAt(at, length);
    c.memory.write(base, bytes);
    [at, done] = [at + bytes.length, done + bytes.length];
    if (bytes.length < length) break;
  }
  return done;
};
const pwritev: Handler = (c) => {
  const file = regular(c, c.args[0]!);
  if (!file.mayWrite) return fail('EBADF');
  let [at, done] = [c.args[3]! >>> 0, 0];
  for (const { base, length } of vectors(c, c.args[1]!, c.args[2]!)) {
    const bytes = c.memory.read(base, Math.min(length, 1 << 20));
    file.writeAt(at, bytes);
    [at, done] = [at + bytes.length, done + bytes.length];
  }
  return done;
};
const memfdCreate: Handler = (c) => {
  const node = nameless(0);
  const place = { ...c.process.fs.root, node };
  const file = new OpenRegular(O_RDWR, place, node, c.kernel.cache, c.kernel.clock);
  return c.process.files.add(file, (c.args[1]! & 1) !== 0);
};
const closeRange: Handler = ({ process, args }) => {
  const [first, last, flags] = [args[0]! >>> 0, args[1]! >>> 0, args[2]!];
  if (first > last) return fail('EINVAL');
  for (const descriptor of process.files.descriptors)
    if (descriptor >= first && descriptor <= last) {
      if ((flags & 4) !== 0) process.files.setClosesOnExec(descriptor, true);
      else process.files.close(descriptor);
    }
  return 0;
};

// ---------------------------------------------------------------- others

/** select(2) of before Linux 2.0: its arguments stand in memory. */
const oldSelect: Handler = (c) => {
  const args = new Int32Array(6);
  args.set(c.memory.words(c.args[0]!, 5));
  return TIME_CALLS.select({ ...c, args });
};
const getitimer: Handler = ({ kernel, process, memory, args }) => {
  if (args[0] !== 0) return fail('EINVAL');
  const { frequency, cycles } = kernel.clock;
  const { at, every } = process.alarm;
  const pair = (span: number): number[] => [
    Math.floor(span / frequency),
    Math.floor(((span % frequency) * 1e6) / frequency),
  ];
  memory.setWords(args[1]!, [...pair(every), ...pair(at === Infinity ? 0 : Math.max(0, at - cycles))]);
  return 0;
};
/** syslog(2): the kernel's own lines, for whoever may read them. */
const syslog: Handler = ({ kernel, process, memory, args }) => {
  if (!capable(process.credentials, 'SYSLOG', kernel.rootUsers)) return fail('EPERM');
  const text = new TextEncoder().encode(kernel.log.map((line) => `<6>${line}\n`).join(''));
  if (args[0] === 10) return text.length;
  if (args[0] !== 3) return 0;
  const bytes = text.subarray(Math.max(0, text.length - (args[2]! >>> 0)));
  memory.write(args[1]!, bytes);
  return bytes.length;
};
const mincore: Handler = ({ memory, args }) => {
  const [from, length] = [args[0]! >>> 0, args[1]! >>> 0];
  if (from % PAGE !== 0) return fail('EINVAL');
  const pages = Math.ceil(length / PAGE);
  if (pages > 1 << 20) return fail('ENOMEM');
  const there = Uint8Array.from({ length: pages }, (_, k) => memory.space.tables.entry(from + k * PAGE) & 1);
  memory.write(args[2]!, there);
  return 0;
};

export const SMALL_CALLS = {
  ...{
    notPermitted,
    getpriority,
    setpriority,
    nice,
    schedGetparam,
    getcpu,
    waitid,
    sigpending,
    rtSigtimedwait,
  },
  ...{
    setfsuid: setFsId('uid'),
    setfsgid: setFsId('gid'),
    setdomainname,
    statfs,
    fstatfs,
    utimes,
    fallocate,
  },
  ...{ preadv, pwritev, memfdCreate, closeRange, oldSelect, getitimer, syslog, mincore },
};
