/**
 * The credit scheduler: every 30 ms each domain that wants the processor gets credit by its weight, and running costs
 * credit by the cycle. Who has credit goes before who has none; a cap withholds what is above it.
 */
import type { Domain } from './domain.ts';

export const SLICE_NANOSECONDS = 30_000_000;
export const wants = ({ state }: Domain): boolean => state === 'running';

/** Who runs next, and what running costs. */
export interface Scheduler {
  /** Cycles for which a domain runs before it is looked at who is next. */
  readonly quantum: number;
  /** The domain to run next, the longest waiting one of the best; null: nobody wants. */
  choose(domains: readonly Domain[], last: number): Domain | null;
  /** `cycles` have been run by the domain. */
  burn(domain: Domain, cycles: number): void;
  /** Whether a domain that has just woken takes the processor from the running one before its slice is over. */
  preempts(current: Domain, other: Domain): boolean;
  /** The end of an accounting period. */
  account(domains: readonly Domain[]): void;
}

export class Credit implements Scheduler {
  /** Cycles of one accounting period. */
  private readonly period: number;
  readonly quantum: number;

  constructor(period: number) {
    this.period = period;
    this.quantum = period / 3;
  }

  choose(domains: readonly Domain[], last: number): Domain | null {
    let best: Domain | null = null;
    for (let k = 1; k <= domains.length; k++) {
      const domain = domains[(last + k) % domains.length]!;
      if (!wants(domain) || this.parked(domain)) continue;
      if (!best || domain.credit > best.credit) best = domain;
    }
    return best;
  }

  /** It has used up its cap. */
  private parked({ cap, credit }: Domain): boolean {
    return cap > 0 && credit <= 0;
  }

  burn(domain: Domain, cycles: number): void {
    domain.ran += cycles;
    domain.credit -= cycles;
  }

  /** It has come back and has credit, which the running one has not. */
  preempts(current: Domain, other: Domain): boolean {
    return current.credit <= 0 && wants(other) && other.credit > 0;
  }

  /** Shares by weight among those who want to run, and never more than a cap. */
  account(domains: readonly Domain[]): void {
    const active = domains.filter((domain) => wants(domain) || domain.credit < 0);
    const weights = active.reduce((sum, { weight }) => sum + weight, 0);
    for (const domain of active) {
      const share = (this.period * domain.weight) / weights;
      const most = domain.cap > 0 ? (this.period * domain.cap) / 100 : Infinity;
      domain.credit = Math.min(domain.credit + Math.min(share, most), this.period);
    }
  }
}
