/** Calls about processes: fork(2), execve(2), wait(2), exit(2), futex(2), prctl(2), and who and where one is. */
import { fail } from '../abi/errno.ts';
import { NamespaceFile } from '../files/nsfs.ts';
import type { Kernel } from '../kernel.ts';
import * as birth from '../process/birth.ts';
import {
  CAPABILITIES,
  capable,
  toInside,
  fromInside,
  afterUserChange,
  type Credentials,
} from '../process/credentials.ts';
import { exec } from '../process/exec.ts';
import { exitGroup, exitThread, futexKey, reap } from '../process/exit.ts';
import { ALL_NAMESPACES } from '../process/namespaces.ts';
import type { Process, Waiting } from '../process/process.ts';
import { readFilter } from '../process/seccomp.ts';
import { SIGNALS } from '../process/signals.ts';
import { join, unshare as unshareProcess } from '../process/unshare.ts';
import { deadlineOf, passed, until, type Call, type Handler } from './call.ts';
import { ChildNews, report, wanted, Woken } from './waits.ts';

const exit: Handler = ({ kernel, thread, args }) => {
  exitThread(kernel, thread, (args[0]! & 0xff) << 8);
  return 0;
};
const exitAll: Handler = ({ kernel, process, args }) => {
  exitGroup(kernel, process, (args[0]! & 0xff) << 8);
  return 0;
};

const plain = { stack: 0, parentTid: 0, childTid: 0 };
const born = (c: Call, request: birth.CloneRequest): number => {
  const child = birth.clone(c.kernel, c.thread, request);
  return child.numberIn(c.process.namespaces.pid);
};
const fork: Handler = (c) => born(c, { ...plain, flags: 0, exitSignal: SIGNALS.CHLD });
const vfork: Handler = (c) =>
  born(c, { ...plain, flags: birth.CLONE_VFORK | birth.CLONE_VM, exitSignal: SIGNALS.CHLD });

/** clone(2) on IA-32: flags, stack, parent's tid, descriptor of thread-local storage, child's tid. */
const clone: Handler = (c) => {
  const [flags, stack, parentTid, tls, childTid] = c.args as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const before = c.thread.tls;
  if ((flags & birth.CLONE_SETTLS) !== 0) {
    c.thread.tls = before.slice();
    setDescriptor(c, tls);
  }
  const inherited = c.thread.tls;
  try {
    return born(c, { flags: flags & ~0xff, exitSignal: flags & 0xff, stack, parentTid, childTid });
  } finally {
    if (inherited !== before) c.thread.tls = before;
  }
};

function strings({ memory }: Call, at: number): Uint8Array[] {
  const list: Uint8Array[] = [];
  if (at === 0) return list;
  for (let k = 0; ; k++) {
    const pointer = memory.word(at + 4 * k);
    if (pointer === 0) return list;
    if (k >= 0x10000) return fail('E2BIG');
    list.push(memory.bytesOfString(pointer));
  }
}
const execve: Handler = (c) => {
  const path = c.memory.path(c.args[0]!);
  exec(c.kernel, c.thread, { path, argv: strings(c, c.args[1]!), envp: strings(c, c.args[2]!) });
  return 0;
};

// ---------------------------------------------------------------- wait

const WNOHANG = 1;

const waitAny = (c: Call, pid: number, statusAt: number, options: number): number | Waiting => {
  const children = wanted(c.process, pid);
  if (children.length === 0) return fail('ECHILD');
  const found = report(children, options);
  if (!found) {
    if ((options & WNOHANG) !== 0) return 0;
    return until(new ChildNews(c.process, pid, options));
  }
  const { child, status } = found;
  const number = child.pidIn(c.process.namespaces.pid);
  if (statusAt !== 0) c.memory.setWord(statusAt, status);
  child.news = null;
  if (child.status !== null) reap(child);
  return number;
};
const waitpid: Handler = (c) => waitAny(c, c.args[0]!, c.args[1]!, c.args[2]!);
const wait4: Handler = (c) => {
  if (c.args[3] !== 0) c.memory.write(c.args[3]!, new Uint8Array(72));
  return waitAny(c, c.args[0]!, c.args[1]!, c.args[2]!);
};

// ---------------------------------------------------------------- threads

/** set_thread_area(2): struct user_desc into one of the three descriptors. */
function setDescriptor({ thread, memory }: Call, at: number): void {
  const [entry, base, limit, bits] = [...memory.words(at, 4)] as [number, number, number, number];
  let index = entry;
  if (entry === -1) {
    index = [0, 1, 2].findIndex((k) => thread.tls[2 * k + 1] === 0) + 6;
    if (index < 6) fail('ESRCH');
    memory.setWord(at, index);
  }
  if (index < 6 || index > 8) fail('EINVAL');
  const empty = base === 0 && limit === 0;
  const writable = (bits & 8) === 0 ? 0x200 : 0;
  const pages = (bits & 0x10) !== 0 ? 0x800000 : 0;
  const present = (bits & 0x20) === 0 ? 0x8000 : 0;
  const high = 0x7000 | writable | present | ((bits & 1) !== 0 ? 0x400000 : 0) | pages;
  thread.tls[2 * (index - 6)] = empty ? 0 : (limit & 0xffff) | (base << 16);
  thread.tls[2 * (index - 6) + 1] = empty
    ? 0
    : high | ((base >>> 16) & 0xff) | (base & 0xff000000) | (limit & 0xf0000);
}
const setThreadArea: Handler = (c) => {
  setDescriptor(c, c.args[0]!);
  c.kernel.processor.loadTls(c.thread);
  return 0;
};
const tidOf = ({ thread, process }: Call): number => thread.numberIn(process.namespaces.pid);
const setTidAddress: Handler = (c) => {
  c.thread.clearChildTid = c.args[0]!;
  return tidOf(c);
};
const setRobustList: Handler = ({ thread, args }) => {
  thread.robustList = args[0]!;
  return 0;
};

const futexBy =
  (wide: boolean): Handler =>
  (c) => {
    const { kernel, process, memory, args } = c;
    const operation = args[1]! & 0x7f;
    const key = futexKey(process, args[0]!);
    switch (operation) {
      case 0:
      case 9:
        return futexWait(c, key, operation === 9 ? args[5]! : -1, wide);
      case 1:
      case 10:
        return kernel.futexes.wake(key, args[2]!, operation === 10 ? args[5]! : -1);
      case 3:
      case 4: {
        if (operation === 4 && memory.word(args[0]!) !== args[5]) return fail('EAGAIN');
        const woken = kernel.futexes.wake(key, args[2]!);
        return woken + kernel.futexes.requeue(key, futexKey(process, args[4]!), args[3]!);
      }
      default:
        return fail('ENOSYS');
    }
  };
function futexWait(c: Call, key: string, mask: number, wide: boolean): number | Waiting {
  const { kernel, thread, memory, args } = c;
  const known = kernel.futexes.of(thread);
  if (known?.woken) return 0;
  if (!known) {
    if (memory.word(args[0]!) !== args[2]) return fail('EAGAIN');
    if (args[3] !== 0)
      deadlineOf(c, timeAt(c, args[3]!, wide) - (mask === -1 && (args[1]! & 0x7f) === 0 ? 0n : now(c)));
  } else if (passed(c)) return fail('ETIMEDOUT');
  const waiter = known ?? kernel.futexes.wait(thread, key, mask);
  return until(new Woken(waiter), thread.deadline ?? Infinity);
}
const now = ({ kernel, args }: Call): bigint =>
  (args[1]! & 0x100) !== 0 ? kernel.clock.realtime : kernel.clock.monotonic;

/** A timespec in nanoseconds; `wide`: of 64-bit seconds. */
export function timeAt({ memory }: Call, at: number, wide: boolean): bigint {
  const words = memory.words(at, wide ? 4 : 2);
  const seconds = wide ? BigInt(words[0]! >>> 0) + (BigInt(words[1]!) << 32n) : BigInt(words[0]!);
  const nanoseconds = words[wide ? 2 : 1]!;
  if (seconds < 0n || nanoseconds < 0 || nanoseconds > 999_999_999) return fail('EINVAL');
  return seconds * 1_000_000_000n + BigInt(nanoseconds);
}

// ---------------------------------------------------------------- who one is

const getpid: Handler = ({ process }) => process.pid;
const getppid: Handler = ({ process }) => process.parent?.pidIn(process.namespaces.pid) ?? 0;
const gettid: Handler = (c) => tidOf(c);
const ids =
  (key: 'uid' | 'euid' | 'gid' | 'egid'): Handler =>
  ({ process: { credentials } }) => {
    const { users } = credentials;
    return toInside(key.endsWith('uid') ? users.uidMap : users.gidMap, credentials[key]);
  };
const triple =
  (kind: 'uid' | 'gid'): Handler =>
  ({ process: { credentials: c }, memory, args }) => {
    const map = kind === 'uid' ? c.users.uidMap : c.users.gidMap;
    const values = kind === 'uid' ? [c.uid, c.euid, c.suid] : [c.gid, c.egid, c.sgid];
    values.forEach((id, k) => memory.setWord(args[k]!, toInside(map, id)));
    return 0;
  };
/** setresuid(2) and its relatives: −1 leaves a number as it is. */
function change(
  c: Call,
  kind: 'uid' | 'gid',
  [real, effective, saved]: readonly [number, number, number],
): number {
  const { process } = c;
  const old = process.credentials;
  const map = kind === 'uid' ? old.users.uidMap : old.users.gidMap;
  const names = [kind, `e${kind}`, `s${kind}`] as ['uid', 'euid', 'suid'];
  const held = names.map((name) => old[name]);
  const next = [real, effective, saved].map((id, k) => (id === -1 ? held[k]! : fromInside(map, id >>> 0)));
  if (next.includes(-1)) return fail('EINVAL');
  const privileged = capable(old, kind === 'uid' ? 'SETUID' : 'SETGID', old.users);
  if (!privileged && next.some((id) => !held.includes(id))) return fail('EPERM');
  const changed: Credentials = {
    ...old,
    [names[0]]: next[0]!,
    [names[1]]: next[1]!,
    [names[2]]: next[2]!,
    [`fs${kind}`]: next[1]!,
  };
  process.credentials = kind === 'uid' ? afterUserChange(old, changed) : changed;
  return 0;
}
const setId =
  (kind: 'uid' | 'gid'): Handler =>
  (c) => {
    const all = capable(
      c.process.credentials,
      kind === 'uid' ? 'SETUID' : 'SETGID',
      c.process.credentials.users,
    );
    return change(c, kind, all ? [c.args[0]!, c.args[0]!, c.args[0]!] : [-1, c.args[0]!, -1]);
  };
const setReId =
  (kind: 'uid' | 'gid'): Handler =>
  (c) =>
    change(c, kind, [c.args[0]!, c.args[1]!, c.args[0] === -1 ? -1 : c.args[1]!]);
const setResId =
  (kind: 'uid' | 'gid'): Handler =>
  (c) =>
    change(c, kind, [c.args[0]!, c.args[1]!, c.args[2]!]);
const getgroups: Handler = ({ process: { credentials }, memory, args }) => {
  const { groups, users } = credentials;
  if (args[0] === 0) return groups.length;
  if (args[0]! < groups.length) return fail('EINVAL');
  memory.setWords(
    args[1]!,
    groups.map((gid) => toInside(users.gidMap, gid)),
  );
  return groups.length;
};
const setgroups: Handler = ({ process, memory, args }) => {
  const { credentials } = process;
  if (!capable(credentials, 'SETGID', credentials.users) || !credentials.users.setgroups)
    return fail('EPERM');
  if (args[0]! < 0 || args[0]! > 65536) return fail('EINVAL');
  const groups = [...memory.words(args[1]!, args[0]!)].map((gid) =>
    fromInside(credentials.users.gidMap, gid >>> 0),
  );
  if (groups.includes(-1)) return fail('EINVAL');
  process.credentials = { ...credentials, groups };
  return 0;
};

const other = ({ process }: Call, pid: number): Process =>
  pid === 0 ? process : (process.namespaces.pid.process(pid) ?? fail('ESRCH'));
const getpgid: Handler = (c) => other(c, c.args[0]!).group.leader.pidIn(c.process.namespaces.pid);
const getpgrp: Handler = ({ process }) => process.group.leader.pidIn(process.namespaces.pid);
const getsid: Handler = (c) => other(c, c.args[0]!).session.leader.pidIn(c.process.namespaces.pid);
const setsid: Handler = ({ process }) => {
  if (process.group.leader === process) return fail('EPERM');
  process.group = { leader: process, session: { leader: process } };
  return process.pid;
};
const setpgid: Handler = (c) => {
  const process = other(c, c.args[0]!);
  const leader = c.args[1] === 0 ? process : c.process.namespaces.pid.process(c.args[1]!);
  if (process !== c.process && process.parent !== c.process) return fail('ESRCH');
  if (process.session.leader === process) return fail('EPERM');
  if (leader === process) {
    if (process.group.leader !== process) process.group = { leader: process, session: process.session };
    return 0;
  }
  if (leader?.session !== process.session) return fail('EPERM');
  process.group = leader.group;
  return 0;
};

// ---------------------------------------------------------------- isolation

const unshare: Handler = ({ kernel, process, args }) => {
  const known = ALL_NAMESPACES | birth.CLONE_FS | birth.CLONE_FILES;
  if ((args[0]! & ~known) !== 0) return fail('EINVAL');
  unshareProcess(kernel, process, args[0]! & ALL_NAMESPACES);
  return 0;
};

const setns: Handler = ({ process, args }) => {
  const { inode } = process.file(args[0]!);
  if (!(inode instanceof NamespaceFile)) return fail('EINVAL');
  join(process, inode.kind, inode.namespace, args[1]!);
  return 0;
};

const filter = (c: Call, at: number): number => {
  const { thread, memory, process } = c;
  if (!thread.noNewPrivileges && !capable(process.credentials, 'SYS_ADMIN', process.credentials.users))
    return fail('EACCES');
  const length = memory.word(at) & 0xffff;
  thread.filters = [...thread.filters, readFilter(memory.read(memory.word(at + 4), 8 * length))];
  return 0;
};
const seccomp: Handler = (c) => {
  const [operation, flags, at] = c.args as unknown as [number, number, number];
  if (operation === 0) {
    c.thread.strict = true;
    return 0;
  }
  if (operation !== 1 || (flags & ~1) !== 0) return fail('EINVAL');
  const result = filter(c, at);
  if ((flags & 1) !== 0) for (const sibling of c.process.threads) sibling.filters = c.thread.filters;
  return result;
};

const prctl: Handler = (c) => {
  const { thread, process, memory, args } = c;
  const value = args[1]!;
  switch (args[0]) {
    case 1:
      process.parentDeathSignal = value;
      return 0;
    case 3:
      return process.dumpable;
    case 4:
      process.dumpable = value;
      return 0;
    case 8:
      process.credentials = { ...process.credentials, keepCapabilities: value === 1 };
      return 0;
    case 15:
      thread.name = memory.string(value).slice(0, 15);
      return 0;
    case 16:
      memory.write(value, new TextEncoder().encode(thread.name.padEnd(16, '\0')));
      return 0;
    case 22:
      if (value === 1) thread.strict = true;
      return value === 1 ? 0 : value === 2 ? filter(c, args[2]!) : fail('EINVAL');
    case 23:
      return value >= CAPABILITIES.length
        ? fail('EINVAL')
        : Number((process.credentials.bounding >> BigInt(value)) & 1n);
    case 24: {
      if (!capable(process.credentials, 'SETPCAP', process.credentials.users)) return fail('EPERM');
      process.credentials = {
        ...process.credentials,
        bounding: process.credentials.bounding & ~(1n << BigInt(value)),
      };
      return 0;
    }
    case 36:
      process.subreaper = value !== 0;
      return 0;
    case 38:
      thread.noNewPrivileges ||= value === 1;
      return value === 1 ? 0 : fail('EINVAL');
    case 39:
      return thread.noNewPrivileges ? 1 : 0;
    default:
      return fail('EINVAL');
  }
};

const [VERSION_1, VERSION_3] = [0x19980330, 0x20080522];
const capget: Handler = ({ process, memory, args }) => {
  const version = memory.word(args[0]!);
  if (version !== VERSION_1 && version !== VERSION_3) {
    memory.setWord(args[0]!, VERSION_3);
    return args[1] === 0 ? 0 : fail('EINVAL');
  }
  const { effective, permitted, inheritable } = process.credentials;
  const words = [0n, 32n].flatMap((shift) =>
    [effective, permitted, inheritable].map((set) => Number(BigInt.asIntN(32, set >> shift))),
  );
  if (args[1] !== 0) memory.setWords(args[1]!, version === VERSION_1 ? words.slice(0, 3) : words);
  return 0;
};
const capset: Handler = ({ process, memory, args }) => {
  if (memory.word(args[0]!) !== VERSION_3) return fail('EINVAL');
  const words = memory.words(args[1]!, 6);
  const set = (k: number): bigint => BigInt(words[k]! >>> 0) | (BigInt(words[k + 3]! >>> 0) << 32n);
  const [effective, permitted, inheritable] = [set(0), set(1), set(2)];
  const { credentials } = process;
  if ((permitted & ~credentials.permitted) !== 0n || (effective & ~permitted) !== 0n) return fail('EPERM');
  process.credentials = { ...credentials, effective, permitted, inheritable };
  return 0;
};

const sethostname: Handler = ({ process, memory, args }) => {
  const { uts } = process.namespaces;
  if (!capable(process.credentials, 'SYS_ADMIN', uts.users)) return fail('EPERM');
  if (args[1]! < 0 || args[1]! > 64) return fail('EINVAL');
  uts.hostname = new TextDecoder().decode(memory.read(args[0]!, args[1]!));
  return 0;
};
const uname: Handler = ({ process, memory, args }) => {
  const { uts } = process.namespaces;
  const fields = ['Linux', uts.hostname, '5.10.0-strata', '#1', 'i686', uts.domain];
  const bytes = new Uint8Array(65 * fields.length);
  fields.forEach((field, k) => bytes.set(new TextEncoder().encode(field).subarray(0, 64), 65 * k));
  memory.write(args[0]!, bytes);
  return 0;
};
/** arch_prctl(2): this processor has none of the features that it asks about. */
const archPrctl: Handler = () => fail('EINVAL');
const schedYield: Handler = ({ kernel }: { kernel: Kernel }) => {
  kernel.yield();
  return 0;
};

export const PROCESS_CALLS = {
  ...{
    exit,
    exitAll,
    fork,
    vfork,
    clone,
    execve,
    waitpid,
    wait4,
    setThreadArea,
    setTidAddress,
    setRobustList,
  },
  ...{ futex: futexBy(false), futex64: futexBy(true), getpid, getppid, gettid, getgroups, setgroups },
  ...{ getuid: ids('uid'), geteuid: ids('euid'), getgid: ids('gid'), getegid: ids('egid') },
  ...{ getresuid: triple('uid'), getresgid: triple('gid'), setuid: setId('uid'), setgid: setId('gid') },
  ...{
    setreuid: setReId('uid'),
    setregid: setReId('gid'),
    setresuid: setResId('uid'),
    setresgid: setResId('gid'),
  },
  ...{
    getpgid,
    getpgrp,
    getsid,
    setsid,
    setpgid,
    unshare,
    setns,
    seccomp,
    prctl,
    capget,
    capset,
    sethostname,
    uname,
    schedYield,
    archPrctl,
  },
};
