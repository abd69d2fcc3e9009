/**
 * Borrowed virtual time: each domain has a virtual time that runs the slower the more weight it has, and the one that
 * is furthest behind runs. Who has slept does not save up what it did not use. Duda and Cheriton, SOSP 1999; it was
 * Xen's first scheduler (Barham et al. 2003, section 3.3.1).
 * SIMPLIFIED: nobody borrows, for the warp of the paper is for domains that ask for it.
 */
import type { Domain } from './domain.ts';
import { wants, type Scheduler } from './scheduler.ts';

const DEFAULT_WEIGHT = 256;

export class BorrowedVirtualTime implements Scheduler {
  /** 5 ms, by which another must also be behind before it takes the processor away: the context switch allowance. */
  readonly quantum: number;

  constructor(period: number) {
    this.quantum = period / 6;
  }

  choose(domains: readonly Domain[], last: number): Domain | null {
    this.wake(domains);
    let best: Domain | null = null;
    for (let k = 1; k <= domains.length; k++) {
      const domain = domains[(last + k) % domains.length]!;
      if (wants(domain) && (!best || domain.virtualTime < best.virtualTime)) best = domain;
    }
    return best;
  }

  /** Whoever comes back begins where those are that ran meanwhile. */
  private wake(domains: readonly Domain[]): void {
    const running = domains.filter((domain) => wants(domain) && !domain.slept);
    const least = running.reduce((time, { virtualTime }) => Math.min(time, virtualTime), Infinity);
    for (const domain of domains) {
      if (wants(domain) && domain.slept && least !== Infinity)
        domain.virtualTime = Math.max(domain.virtualTime, least);
      domain.slept = !wants(domain);
    }
  }

  burn(domain: Domain, cycles: number): void {
    domain.ran += cycles;
    domain.virtualTime += (cycles * DEFAULT_WEIGHT) / domain.weight;
  }

  preempts(current: Domain, other: Domain): boolean {
    return wants(other) && other.virtualTime < current.virtualTime - this.quantum;
  }

  account(): void {
    // Virtual time needs no periods.
  }
}
