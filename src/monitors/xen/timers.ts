/** When domains want to be woken, and the machine's timer for whatever is due first. Interface: set_timer_op, vcpu_op. */
import type { Domain } from './domain.ts';
import { raiseVirq, wake } from './events.ts';
import type { Xen } from './hypervisor.ts';
import { VIRQ_TIMER } from './interface.ts';

const waits = ({ state }: Domain): boolean => state === 'running' || state === 'blocked';

function ring({ system, time }: Xen, domain: Domain): void {
  time.publish(domain);
  raiseVirq(system, domain, VIRQ_TIMER);
}

/** The periodic timer of the domain that runs. */
export function tick(xen: Xen, domain: Domain): void {
  const now = xen.time.nanoseconds;
  if (domain.period === 0 || domain.nextTick > now) return;
  domain.nextTick = now + domain.period;
  ring(xen, domain);
}

/** Whoever's time has come: timers ring, and who polls for a while stops polling. */
export function expireTimers(xen: Xen): void {
  const now = xen.time.nanoseconds;
  for (const domain of xen.state.domains.filter(waits)) {
    if (domain === xen.current) tick(xen, domain);
    if (domain.deadline <= now) {
      domain.deadline = Infinity;
      ring(xen, domain);
    }
    if (domain.poll !== null && domain.poll.until <= now) wake(domain);
  }
}

/** Sets the machine's timer. */
export function setTimer(xen: Xen): void {
  const { state, system, time, current } = xen;
  let next = Infinity;
  for (const domain of state.domains.filter(waits)) {
    const { deadline, period, nextTick, poll } = domain;
    next = Math.min(next, time.clockAt(deadline), time.clockAt(poll?.until ?? Infinity));
    if (domain === current && period > 0) next = Math.min(next, time.clockAt(nextTick));
  }
  const runnable = state.domains.filter((domain) => domain.state === 'running').length;
  if (runnable > 1) next = Math.min(next, Math.max(state.sliceEnd, system.clock + 1));
  if (runnable > 0) next = Math.min(next, state.nextAccounting);
  if (next === state.timerSet || next === Infinity) return;
  state.timerSet = next;
  xen.machine.setTimer(Math.max(1, next - system.clock));
}
