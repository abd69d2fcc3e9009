/** Giving the processor away, and time: sched_op, set_timer_op, vcpu_op. Interface: sched.h, vcpu.h. */
import type { Domain } from '../domain.ts';
import { upcallWaits } from '../events.ts';
import { readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EFAULT, EINVAL, ENOSYS, SHARED_INFO, SHUTDOWN_REASONS } from '../interface.ts';
import { PAGE } from '../layout.ts';
import type { Hypercall } from './table.ts';

const TWO_32 = 0x1_0000_0000;
const PORTS_POLLED = 128;

function block(xen: Xen, domain: Domain): number {
  xen.maskEventsOf(domain, false);
  if (!upcallWaits(xen.system, domain)) domain.state = 'blocked';
  return 0;
}

function yieldProcessor(xen: Xen): number {
  xen.state.sliceEnd = 0;
  return 0;
}

function shutdown(xen: Xen, domain: Domain, reason: number): number {
  const name = SHUTDOWN_REASONS[reason];
  if (name === undefined) return EINVAL;
  if (name === 'crash') {
    xen.crash(domain, 'its own kernel says so');
    return 0;
  }
  xen.end(domain, 'shutdown', name);
  xen.state.sliceEnd = 0;
  return 0;
}

/** Waits for one of some ports, whatever the masks, or a time. SIMPLIFIED: looks again at every event and tick. */
function poll(xen: Xen, domain: Domain, at: number): number {
  const words = readWords(xen.system, at, 4);
  if (!words) return EFAULT;
  const [list, count, low, high] = words as [number, number, number, number];
  if (count > PORTS_POLLED) return EINVAL;
  const ports = readWords(xen.system, list, count);
  if (!ports) return EFAULT;
  const pending = (port: number): boolean =>
    (xen.system.loadPhysical(domain.sharedInfo * PAGE + SHARED_INFO.pending + 4 * ((port >>> 5) & 31)) &
      (1 << (port & 31))) !==
    0;
  if (ports.some(pending)) return 0;
  const until = high * TWO_32 + low;
  if (until !== 0 && until <= xen.time.nanoseconds) return 0;
  return yieldProcessor(xen);
}

const schedOp: Hypercall = (xen, domain, [command = 0, at = 0]) => {
  switch (command) {
    case 0:
      return yieldProcessor(xen);
    case 1:
      return block(xen, domain);
    case 2: {
      const reason = readWords(xen.system, at, 1);
      return reason ? shutdown(xen, domain, reason[0]!) : EFAULT;
    }
    case 3:
      return poll(xen, domain, at);
    default:
      return ENOSYS;
  }
};

/** The older form: the reason of a shutdown is in the register. */
const schedOpCompat: Hypercall = (xen, domain, [command = 0, argument = 0]) =>
  command === 2 ? shutdown(xen, domain, argument) : schedOp(xen, domain, [command, argument]);

const setTimerOp: Hypercall = (_xen, domain, [low = 0, high = 0]) => {
  const until = (high >>> 0) * TWO_32 + (low >>> 0);
  domain.deadline = until === 0 ? Infinity : until;
  return 0;
};

const SHORTEST_PERIOD = 1_000_000;

const vcpuOp: Hypercall = (xen, domain, [command = 0, vcpu = 0, at = 0]) => {
  if (vcpu !== 0) return EINVAL;
  switch (command) {
    case 3: // is it up: the only one always is
      return 1;
    case 4: {
      const now = xen.time.nanoseconds;
      const words = [0, now % TWO_32, Math.floor(now / TWO_32), 0, 0, 0, 0, 0, 0, 0, 0];
      return writeWords(xen.system, at, words) ? 0 : EFAULT;
    }
    case 6: {
      const period = readWords(xen.system, at, 2);
      if (!period) return EFAULT;
      const nanoseconds = period[1]! * TWO_32 + period[0]!;
      if (nanoseconds < SHORTEST_PERIOD) return EINVAL;
      domain.period = nanoseconds;
      domain.nextTick = xen.time.nanoseconds + nanoseconds;
      return 0;
    }
    case 7:
      domain.period = 0;
      return 0;
    case 8: {
      const timer = readWords(xen.system, at, 2);
      if (!timer) return EFAULT;
      domain.deadline = timer[1]! * TWO_32 + timer[0]!;
      return 0;
    }
    case 9:
      domain.deadline = Infinity;
      return 0;
    default:
      return ENOSYS;
  }
};

export const SCHEDULING_CALLS: Readonly<Record<string, Hypercall>> = {
  sched_op: schedOp,
  sched_op_compat: schedOpCompat,
  set_timer_op: setTimerOp,
  vcpu_op: vcpuOp,
};
