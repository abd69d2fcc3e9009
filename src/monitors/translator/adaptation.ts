/**
 * Adaptive translation: an instruction that keeps faulting on watched pages is translated anew as a call-out, and becomes
 * what it was when it has been quiet for long; one that keeps setting the task priority is translated to do just that. Adams and Agesen, ASPLOS 2006, section 3.3.
 */

/** Faults of one translated instruction until it is translated anew. */
const ADAPT_AFTER = 4;
/** Call-outs of such an instruction without a store into a watched page until it becomes what it was. */
const QUIET_AFTER = 64;

/** What an instruction has become. */
export type Adapted = 'call-out' | 'priority';

export interface AdaptationState {
  readonly priorities: readonly number[];
  readonly quiet: readonly (readonly [eip: number, calls: number])[];
  readonly faults: readonly (readonly [eip: number, count: number])[];
}

export class Adaptation {
  /** Guest addresses of instructions that call out, and how many calls they have been quiet for. */
  private quiet = new Map<number, number>();
  private faults = new Map<number, number>();
  private priorities = new Set<number>();

  of(eip: number): Adapted | null {
    if (this.priorities.has(eip)) return 'priority';
    return this.quiet.has(eip) ? 'call-out' : null;
  }

  /** It has faulted on a watched page or a device's; true if it shall be `to` from now on. */
  faulted(eip: number, to: Adapted = 'call-out'): boolean {
    const times = (this.faults.get(eip) ?? 0) + 1;
    this.faults.set(eip, times);
    if (times !== ADAPT_AFTER) return false;
    if (to === 'priority') this.priorities.add(eip);
    else this.quiet.set(eip, 0);
    return true;
  }

  /** It has called out, and stored into a watched page or not; true if it shall be itself again. */
  calledOut(eip: number, noisy: boolean): boolean {
    const quiet = this.quiet.get(eip);
    if (quiet === undefined) return false;
    this.quiet.set(eip, noisy ? 0 : quiet + 1);
    if (noisy || quiet < QUIET_AFTER) return false;
    this.quiet.delete(eip);
    this.faults.delete(eip);
    return true;
  }

  save(): AdaptationState {
    return { quiet: [...this.quiet], faults: [...this.faults], priorities: [...this.priorities] };
  }
  restore({ quiet, faults, priorities }: AdaptationState): void {
    this.quiet = new Map(quiet);
    this.faults = new Map(faults);
    this.priorities = new Set(priorities);
  }
}
