/**
 * A run that can be walked in both directions. What is kept: the inputs, each with the cycle at which it took effect,
 * and some checkpoints; any other moment is reached by restoring the nearest checkpoint and running again, which
 * gives the same states because nothing else enters an engine. An input given in the past cuts the future off.
 */
import type { Stop } from '../machines/contract.ts';
import { Checkpoints, type Checkpoint } from './checkpoints.ts';

/** What can be recorded: an engine with everything that belongs to it. */
export interface Runnable<Input> {
  readonly clock: number;
  /** The clock stands within idle time, which a run may cut anywhere; everything else ends at a unit's boundary. */
  readonly idle: boolean;
  run(budget: number): Stop;
  /** One unit of operation; idle time passes until `until` at most. */
  step(until: number): Stop;
  save(): unknown;
  restore(state: unknown): void;
  input(input: Input): void;
}

export interface Stamped<Input> {
  readonly at: number;
  readonly input: Input;
}

/** A recorded input stands at a cycle that no run stops at: the recording is none of this engine. */
export class PassedInput extends Error {}

export interface TimelineOptions {
  /** Cycles between checkpoints near the present. */
  readonly spacing?: number;
  /** Most checkpoints kept. */
  readonly most?: number;
}

const SPACING = 2_000_000;
const MOST = 48;
/** How far before the present the search for the unit before it begins. */
const MARGIN = 512;
const WIDER = 8;

export class Timeline<Input> {
  private readonly subject: Runnable<Input>;
  private readonly spacing: number;
  private readonly checkpoints: Checkpoints;
  private stamped: Stamped<Input>[] = [];
  /** Inputs that have taken effect at the present moment; those behind it lie in the future. */
  private given = 0;
  private latest: number;
  readonly start: number;

  constructor(subject: Runnable<Input>, options: TimelineOptions = {}) {
    this.subject = subject;
    this.spacing = options.spacing ?? SPACING;
    this.start = subject.clock;
    this.latest = subject.clock;
    this.checkpoints = new Checkpoints(this.here(), options.most ?? MOST);
  }

  /** Latest cycle that has been reached: what lies before it can be sought. */
  get end(): number {
    return this.latest;
  }

  get clock(): number {
    return this.subject.clock;
  }

  /** All inputs, also those that still lie ahead. */
  get inputs(): readonly Stamped<Input>[] {
    return this.stamped;
  }

  private here(): Checkpoint {
    return { clock: this.subject.clock, inputs: this.given, state: this.subject.save() };
  }

  private returnTo({ inputs, state }: Checkpoint): void {
    this.subject.restore(state);
    this.given = inputs;
  }

  // ---------------------------------------------------------------- forward

  /** Gives the recorded inputs that are due now. */
  private giveDue(): void {
    for (let next = this.stamped[this.given]; next; next = this.stamped[this.given]) {
      if (next.at > this.clock) return;
      if (next.at < this.clock)
        throw new PassedInput(`an input of cycle ${next.at} was passed: the run is at cycle ${this.clock}`);
      this.given++;
      this.subject.input(next.input);
    }
  }

  private get nextInput(): number {
    return this.stamped[this.given]?.at ?? Infinity;
  }

  /** Runs for at most `budget` cycles, through recorded inputs. */
  run(budget: number): Stop {
    const target = this.clock + budget;
    for (;;) {
      this.giveDue();
      if (this.clock >= target) return { kind: 'budget' };
      const due = this.checkpoints.upTo(this.clock).clock + this.spacing;
      const stop = this.subject.run(Math.min(target, this.nextInput, due) - this.clock);
      this.passed(due);
      if (stop.kind !== 'budget' && this.nextInput > this.clock) return stop;
    }
  }

  private passed(due: number): void {
    this.latest = Math.max(this.latest, this.clock);
    if (this.clock >= due) this.checkpoints.add(this.here());
  }

  /** Executes one unit of operation; idle time passes until `until` at most. */
  step(until = Infinity): Stop {
    this.giveDue();
    const due = this.checkpoints.upTo(this.clock).clock + this.spacing;
    const stop = this.subject.step(Math.min(until, this.nextInput));
    this.passed(due);
    return stop;
  }

  /** Gives `input` now. What was recorded after this moment is cut off. */
  give(input: Input): void {
    this.giveDue();
    this.stamped = [...this.stamped.slice(0, this.given), { at: this.clock, input }];
    this.checkpoints.cut(this.clock, this.given);
    this.latest = this.clock;
    this.giveDue();
  }

  /** Takes over the inputs of a recording; only before the first cycle. */
  record(inputs: readonly Stamped<Input>[]): void {
    if (this.clock !== this.start || this.stamped.length > 0)
      throw new Error(`a recording was loaded at cycle ${this.clock} of a run`);
    this.stamped = [...inputs];
    this.giveDue();
  }

  // ---------------------------------------------------------------- to and fro

  /** Runs on to `clock`, or as far as the run goes. */
  private runTo(clock: number): void {
    while (this.clock < clock) {
      const before = this.clock;
      this.run(clock - before);
      if (this.clock === before) return;
    }
    this.giveDue();
  }

  /** Restores the checkpoint from which `clock` is reached soonest; the present counts as one. */
  approach(clock: number): void {
    const nearest = this.checkpoints.upTo(clock);
    if (this.clock > clock || nearest.clock > this.clock) this.returnTo(nearest);
  }

  /** Goes to the first moment at or after `clock`. */
  seek(clock: number): void {
    const target = Math.max(this.start, clock);
    this.approach(target);
    this.runTo(target);
  }

  /** Cycle of the checkpoint before `clock`. */
  checkpointBefore(clock: number): number {
    return this.checkpoints.before(clock).clock;
  }

  /** Goes back to the beginning of the unit that ended at the present moment; false at the beginning of time. */
  stepBack(): boolean {
    const now = this.clock;
    if (now <= this.start) return false;
    this.goBefore(now);
    const base = this.here();
    let previous = this.clock;
    while (this.clock < now) {
      previous = this.clock;
      this.step(now);
    }
    this.returnTo(base);
    this.runTo(previous);
    return true;
  }

  /** Goes to some boundary of a unit before `now`, not far if possible. */
  private goBefore(now: number): void {
    for (let margin = MARGIN; ; margin *= WIDER) {
      const target = Math.max(this.start, now - margin);
      this.returnTo(this.checkpoints.upTo(target));
      this.runTo(target);
      // A moment in the middle of idle time is no boundary, and a long unit may have carried the run too far.
      if (target === this.start || (this.clock < now && !this.subject.idle)) return;
    }
  }

  /** Looks once more at the stretch from `from` to `to`: `look` runs it; then the present is back as it was. */
  revisit(from: number, look: () => void): void {
    const present = this.here();
    const { latest } = this;
    this.returnTo(this.checkpoints.upTo(from));
    this.runTo(from);
    look();
    this.returnTo(present);
    this.latest = latest;
  }
}
