/** Calls about files that tell of events: epoll_create(2), epoll_ctl(2), epoll_wait(2), eventfd(2), timerfd_create(2). */
import { fail } from '../abi/errno.ts';
import { O_CLOEXEC, O_NONBLOCK, POLLIN } from '../abi/modes.ts';
import { EventCounter, EventPoll, TimerFile } from '../files/event-files.ts';
import type { OpenFile } from '../files/open-file.ts';
import type { Waiting } from '../process/process.ts';
import { deadlineOf, passed, until, type Call, type Handler } from './call.ts';
import { timeAt } from './processes.ts';
import { Ready } from './waits.ts';

const opened = ({ process }: Call, file: OpenFile, flags: number): number =>
  process.files.add(file, (flags & O_CLOEXEC) !== 0);
const pollOf = ({ process, args }: Call): EventPoll => {
  const file = process.file(args[0]!);
  return file instanceof EventPoll ? file : fail('EINVAL');
};

const epollCreate: Handler = (c) => (c.args[0]! <= 0 ? fail('EINVAL') : opened(c, new EventPoll(2), 0));
const epollCreate1: Handler = (c) => opened(c, new EventPoll(2), c.args[0]!);

/** struct epoll_event is packed: events, then eight bytes of the program's own. */
const epollCtl: Handler = (c) => {
  const [, operation, descriptor, at] = c.args as unknown as [number, number, number, number];
  const file = c.process.file(descriptor);
  if (file.seekable()) return fail('EPERM');
  const [events, low, high] = operation === 2 ? [0, 0, 0] : [...c.memory.words(at, 3)];
  pollOf(c).control(operation, descriptor, file, events!, [low!, high!]);
  return 0;
};

function waitFor(c: Call, nanoseconds: bigint | null): number | Waiting {
  const most = c.args[2]!;
  if (most <= 0) return fail('EINVAL');
  const file = pollOf(c);
  const due = file.collect(most);
  due.forEach(({ events, data }, k) => c.memory.setWords(c.args[1]! + 12 * k, [events, ...data]));
  if (due.length > 0 || nanoseconds === 0n || passed(c)) return due.length;
  return until(new Ready(file, POLLIN), nanoseconds === null ? Infinity : deadlineOf(c, nanoseconds), false);
}
const epollWait: Handler = (c) => waitFor(c, c.args[3]! < 0 ? null : BigInt(c.args[3]!) * 1_000_000n);
const epollPwait2: Handler = (c) => waitFor(c, c.args[3] === 0 ? null : timeAt(c, c.args[3]!, true));

const eventfd: Handler = (c) => opened(c, new EventCounter(0, c.args[0]!), 0);
const eventfd2: Handler = (c) => {
  const flags = c.args[1]!;
  return opened(c, new EventCounter(flags & (O_NONBLOCK | 1), c.args[0]!), flags);
};

const timerfdCreate: Handler = (c) =>
  opened(c, new TimerFile(c.args[1]! & O_NONBLOCK, c.kernel.clock), c.args[1]!);
const timerOf = ({ process, args }: Call): TimerFile => {
  const file = process.file(args[0]!);
  return file instanceof TimerFile ? file : fail('EINVAL');
};
/** struct itimerspec: the period, then the time until the first. */
function tellTimer({ kernel, memory }: Call, { at, every }: TimerFile, to: number, wide: boolean): void {
  const left = at === Infinity ? 0 : Math.max(1, at - kernel.clock.cycles);
  const words = [every, left].flatMap((cycles) => {
    const time = kernel.clock.toNanoseconds(cycles);
    const [seconds, rest] = [Number(time / 1_000_000_000n), Number(time % 1_000_000_000n)];
    return wide ? [seconds, 0, rest, 0] : [seconds, rest];
  });
  memory.setWords(to, words);
}
const timerfdSettime =
  (wide: boolean): Handler =>
  (c) => {
    const [, flags, next, before] = c.args as unknown as [number, number, number, number];
    const file = timerOf(c);
    const { clock } = c.kernel;
    if (before !== 0) tellTimer(c, file, before, wide);
    const [every, first] = [timeAt(c, next, wide), timeAt(c, next + (wide ? 16 : 8), wide)];
    const from = (flags & 1) !== 0 ? first - clock.monotonic : first;
    file.every = clock.toCycles(every);
    file.at = first === 0n ? Infinity : clock.cycles + Math.max(0, clock.toCycles(from));
    return 0;
  };
const timerfdGettime =
  (wide: boolean): Handler =>
  (c) => {
    tellTimer(c, timerOf(c), c.args[1]!, wide);
    return 0;
  };

export const EVENT_CALLS = {
  ...{ epollCreate, epollCreate1, epollCtl, epollWait, epollPwait2, eventfd, eventfd2, timerfdCreate },
  ...{ timerfdSettime: timerfdSettime(false), timerfdSettime64: timerfdSettime(true) },
  ...{ timerfdGettime: timerfdGettime(false), timerfdGettime64: timerfdGettime(true) },
};
