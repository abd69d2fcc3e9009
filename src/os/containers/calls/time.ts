/** Calls about time and readiness, and small answers: clock_gettime(2), nanosleep(2), poll(2), select(2), sysinfo(2). */
import { fail } from '../abi/errno.ts';
import { POLLHUP, POLLIN, POLLOUT } from '../abi/modes.ts';
import { PAGE } from '../memory/frames.ts';
import type { Waiting } from '../process/process.ts';
import { deadlineOf, passed, until, type Call, type Handler } from './call.ts';
import { timeAt } from './processes.ts';
import { AnyReady, Never, readiness, type Watch } from './waits.ts';

const BILLION = 1_000_000_000n;
const halves = (time: bigint, wide: boolean): number[] => {
  const [seconds, rest] = [time / BILLION, Number(time % BILLION)];
  return wide
    ? [Number(BigInt.asIntN(32, seconds)), Number(seconds >> 32n), rest, 0]
    : [Number(seconds), rest];
};

function clockOf({ kernel, process, thread }: Call, id: number): bigint {
  const { clock } = kernel;
  const { time } = process.namespaces;
  switch (id) {
    case 0:
    case 5:
      return clock.realtime;
    case 1:
    case 4:
    case 6:
      return clock.monotonic + time.monotonic;
    case 7:
      return clock.monotonic + time.boottime;
    case 2: {
      const { user, system } = process.used();
      return clock.toNanoseconds(user + system);
    }
    case 3:
      return clock.toNanoseconds(thread.used.user + thread.used.system);
    default:
      return fail('EINVAL');
  }
}
const clockGettime =
  (wide: boolean): Handler =>
  (c) => {
    c.memory.setWords(c.args[1]!, halves(clockOf(c, c.args[0]!), wide));
    return 0;
  };
const clockGetres =
  (wide: boolean): Handler =>
  (c) => {
    clockOf(c, c.args[0]!);
    if (c.args[1] !== 0) c.memory.setWords(c.args[1]!, halves(1n, wide));
    return 0;
  };
const time: Handler = ({ kernel, memory, args }) => {
  const { seconds } = kernel.clock.now;
  if (args[0] !== 0) memory.setWord(args[0]!, seconds);
  return seconds;
};
const gettimeofday: Handler = ({ kernel, memory, args }) => {
  const { seconds, nanoseconds } = kernel.clock.now;
  if (args[0] !== 0) memory.setWords(args[0]!, [seconds, Math.floor(nanoseconds / 1000)]);
  if (args[1] !== 0) memory.setWords(args[1]!, [0, 0]);
  return 0;
};
const times: Handler = ({ kernel, process, memory, args }) => {
  const tick = (cycles: number): number => Math.floor((cycles * 100) / kernel.clock.frequency);
  const [own, children] = [process.used(), process.childTimes];
  if (args[0] !== 0)
    memory.setWords(args[0]!, [own.user, own.system, children.user, children.system].map(tick));
  return tick(kernel.clock.cycles);
};

/** Sleeps until the deadline; a signal ends it with EINTR. */
function sleep(c: Call, nanoseconds: bigint): number | Waiting {
  return passed(c) ? 0 : until(new Never(), deadlineOf(c, nanoseconds), false);
}
const nanosleep: Handler = (c) => sleep(c, timeAt(c, c.args[0]!, false));
const clockNanosleep =
  (wide: boolean): Handler =>
  (c) => {
    const given = timeAt(c, c.args[2]!, wide);
    return sleep(c, (c.args[1]! & 1) !== 0 ? given - clockOf(c, c.args[0]!) : given);
  };

// ---------------------------------------------------------------- readiness

/** Waits until one of these is ready; `nanoseconds` null: for ever. */
function waitFor(
  c: Call,
  watches: readonly Watch[],
  nanoseconds: bigint | null,
  done: (bits: number[]) => number,
): number | Waiting {
  const bits = watches.map((watch) => readiness(c.process, watch));
  if (bits.some((b) => b !== 0) || nanoseconds === 0n || passed(c)) return done(bits);
  const deadline = nanoseconds === null ? Infinity : deadlineOf(c, nanoseconds);
  return until(new AnyReady(c.process, watches), deadline, false);
}

function pollFor(c: Call, nanoseconds: bigint | null): number | Waiting {
  const { memory, args } = c;
  const count = args[1]! >>> 0;
  if (count > 1024) return fail('EINVAL');
  const words = memory.words(args[0]!, 2 * count);
  const watches = Array.from({ length: count }, (_, k) => ({
    descriptor: words[2 * k]!,
    events: words[2 * k + 1]! & 0xffff,
  }));
  return waitFor(c, watches, nanoseconds, (bits) => {
    bits.forEach((b, k) => memory.setWord(args[0]! + 8 * k + 4, watches[k]!.events | (b << 16)));
    return bits.filter((b) => b !== 0).length;
  });
}
const poll: Handler = (c) => pollFor(c, c.args[2]! < 0 ? null : BigInt(c.args[2]!) * 1_000_000n);
const ppoll =
  (wide: boolean): Handler =>
  (c) =>
    pollFor(c, c.args[2] === 0 ? null : timeAt(c, c.args[2]!, wide));

function selectFor(c: Call, nanoseconds: bigint | null): number | Waiting {
  const { memory, args } = c;
  const count = args[0]!;
  if (count < 0 || count > 1024) return fail('EINVAL');
  const size = Math.ceil(count / 32);
  const sets = [1, 2, 3].map((k) => (args[k] === 0 ? null : memory.words(args[k]!, size)));
  const kinds = [POLLIN | POLLHUP, POLLOUT, 0];
  const watches: (Watch & { kind: number })[] = [];
  sets.forEach((set, kind) => {
    for (let d = 0; set && d < count; d++)
      if ((set[d >> 5]! >> (d & 31)) & 1) watches.push({ descriptor: d, events: kinds[kind]!, kind });
  });
  if (watches.some(({ descriptor }) => !c.process.files.has(descriptor))) return fail('EBADF');
  return waitFor(c, watches, nanoseconds, (bits) => {
    for (const set of sets) set?.fill(0);
    bits.forEach((b, k) => {
      const { descriptor, kind } = watches[k]!;
      if (b !== 0) sets[kind]![descriptor >> 5]! |= 1 << (descriptor & 31);
    });
    sets.forEach((set, k) => set && memory.setWords(args[k + 1]!, [...set]));
    return bits.filter((b) => b !== 0).length;
  });
}
const select: Handler = (c) => {
  if (c.args[4] === 0) return selectFor(c, null);
  const [seconds, microseconds] = c.memory.words(c.args[4]!, 2) as unknown as [number, number];
  return selectFor(c, BigInt(seconds) * BILLION + BigInt(microseconds) * 1000n);
};
const pselect =
  (wide: boolean): Handler =>
  (c) =>
    selectFor(c, c.args[4] === 0 ? null : timeAt(c, c.args[4]!, wide));

// ---------------------------------------------------------------- small answers

const RLIM_INFINITY = -1;
const DEFAULTS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [3, [8 << 20, RLIM_INFINITY]],
  [7, [1024, 1024]],
]);
const limit = ({ process }: Call, which: number): readonly [number, number] =>
  process.limits.get(which) ?? DEFAULTS.get(which) ?? [RLIM_INFINITY, RLIM_INFINITY];
const getrlimit: Handler = (c) => {
  if (c.args[0]! >>> 0 > 15) return fail('EINVAL');
  c.memory.setWords(c.args[1]!, [...limit(c, c.args[0]!)]);
  return 0;
};
const setrlimit: Handler = (c) => {
  if (c.args[0]! >>> 0 > 15) return fail('EINVAL');
  const [soft, hard] = c.memory.words(c.args[1]!, 2) as unknown as [number, number];
  c.process.limits.set(c.args[0]!, [soft, hard]);
  return 0;
};
const prlimit64: Handler = (c) => {
  const { memory, args } = c;
  if (args[1]! >>> 0 > 15) return fail('EINVAL');
  const [soft, hard] = limit(c, args[1]!);
  if (args[2] !== 0) {
    const words = memory.words(args[2]!, 4);
    c.process.limits.set(args[1]!, [words[0]!, words[2]!]);
  }
  if (args[3] !== 0) memory.setWords(args[3]!, [soft, soft === -1 ? -1 : 0, hard, hard === -1 ? -1 : 0]);
  return 0;
};
const sysinfo: Handler = ({ kernel, memory, args }) => {
  const { frames } = kernel;
  const up = Number(kernel.clock.monotonic / BILLION);
  const words = [
    up,
    0,
    0,
    0,
    frames.total,
    frames.available,
    0,
    0,
    0,
    0,
    kernel.threads.size & 0xffff,
    0,
    0,
    PAGE,
    0,
    0,
  ];
  memory.setWords(args[0]!, words);
  return 0;
};
const getrandom: Handler = ({ kernel, memory, args }) => {
  const length = Math.min(args[1]! >>> 0, 0x10000);
  memory.write(
    args[0]!,
    Uint8Array.from({ length }, () => kernel.random.word() & 0xff),
  );
  return length;
};
const getrusage: Handler = ({ memory, args }) => {
  memory.write(args[1]!, new Uint8Array(72));
  return 0;
};
/** Calls that ask for nothing that this kernel would do otherwise: sync, fadvise, and their like. */
const nothing: Handler = () => 0;
const schedGetaffinity: Handler = ({ memory, args }) => {
  memory.setWord(args[2]!, 1);
  return 4;
};

export const TIME_CALLS = {
  ...{
    clockGettime: clockGettime(false),
    clockGettime64: clockGettime(true),
    clockGetres: clockGetres(false),
  },
  ...{
    clockGetres64: clockGetres(true),
    time,
    gettimeofday,
    times,
    nanosleep,
    clockNanosleep: clockNanosleep(false),
  },
  ...{ clockNanosleep64: clockNanosleep(true), poll, ppoll: ppoll(false), ppoll64: ppoll(true), select },
  ...{
    pselect: pselect(false),
    pselect64: pselect(true),
    getrlimit,
    setrlimit,
    prlimit64,
    sysinfo,
    getrandom,
  },
  ...{ getrusage, nothing, schedGetaffinity },
};
