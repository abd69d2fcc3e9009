/** The bench that a grader works on: worlds from setups and recordings, all on one allowance of cycles. */
import { Digest } from '../base/digest.ts';
import type { NotRun, Ran, RunOptions, Bench } from '../lab/exercise.ts';
import type { World, WorldFactory } from '../lab/world.ts';
import type { Input, Setup } from '../protocol/frame.ts';
import type { Recording } from '../protocol/session.ts';
import type { Sandbox } from '../sandbox/contract.ts';
import type { Pace } from '../session/pace.ts';
import { SLICE_MILLISECONDS, type End } from '../session/run-to-end.ts';
import { Timeline } from '../timeline/timeline.ts';

/** Cycles between two looks whether the guest has ended. */
const SLICE = 20_000;

/** The student, or whoever waits for the verdict, has had enough. */
export class Cancelled extends Error {}
/** The exercise's allowance of cycles is used up. */
export class OutOfCycles extends Error {}

export interface Surroundings {
  readonly factory: WorldFactory;
  readonly pace: Pace;
  readonly openSandbox: () => Promise<Sandbox>;
  /** Asked between slices of a run. */
  readonly cancelled: () => boolean;
  /** Hears the cycles simulated so far. */
  readonly progress?: (cycles: number) => void;
}

export class GradingBench implements Bench {
  private readonly lab: string;
  private readonly allowance: number;
  private readonly surroundings: Surroundings;
  private readonly digest = new Digest();
  private sandbox: Promise<Sandbox> | null = null;
  /** Cycles simulated so far. */
  cycles = 0;

  constructor(lab: string, allowance: number, surroundings: Surroundings) {
    this.lab = lab;
    this.allowance = allowance;
    this.surroundings = surroundings;
  }

  /** Of the final states of all runs so far, and of what was found. */
  fingerprint(found: unknown): string {
    return this.digest.add(found).hexadecimal;
  }

  async close(): Promise<void> {
    (await this.sandbox)?.close();
  }

  async run(setup: Setup, options: RunOptions = {}): Promise<Ran | NotRun> {
    return this.ran(setup, [], options, (world, limit) => this.toEnd(world, world, limit));
  }

  async replay(recording: Recording, options: RunOptions = {}): Promise<Ran | NotRun> {
    const { setup, inputs, clock } = recording;
    return this.ran(
      setup,
      inputs,
      { ...options, cycles: Math.min(options.cycles ?? Infinity, clock) },
      (world, limit) => {
        // One checkpoint, at the beginning: nobody walks back.
        const timeline = new Timeline<Input>(world, { spacing: Infinity, most: 1 });
        timeline.record(inputs);
        return this.toEnd(timeline, world, limit);
      },
    );
  }

  private async ran(
    setup: Setup,
    inputs: Recording['inputs'],
    { cycles = Infinity, onEvent }: RunOptions,
    drive: (world: World, limit: number) => Promise<End>,
  ): Promise<Ran | NotRun> {
    const { factory, openSandbox } = this.surroundings;
    if (setup.pieces) this.sandbox ??= openSandbox();
    const { loaded, world } = factory.create(setup, await this.sandbox);
    if (!world) return { world, diagnostics: loaded.diagnostics };
    if (onEvent) world.observe({ segment: () => undefined, event: onEvent });
    const left = this.allowance - this.cycles;
    const end = await drive(world, Math.min(cycles, left));
    this.cycles += world.clock;
    if (onEvent) world.observe(null);
    if (end.kind === 'limit' && cycles > left) throw new OutOfCycles();
    this.digest.add([world.clock, world.instructions, world.save()]);
    return {
      world,
      setup,
      failure: failureOf(end),
      diagnostics: [...loaded.diagnostics, ...(world.problem ? [world.problem] : [])],
      at: (clock) => ({
        version: 1,
        lab: this.lab,
        setup,
        inputs: inputs.filter(({ at }) => at <= clock),
        clock,
      }),
    };
  }

  /** Until it stops, its guest has ended, or the limit; in slices of the same length everywhere, so that it ends alike. */
  private async toEnd(runnable: Pick<World, 'run' | 'clock'>, world: World, limit: number): Promise<End> {
    const { pace, cancelled, progress } = this.surroundings;
    const before = this.cycles;
    let rested = pace.now();
    while (runnable.clock < limit) {
      const stop = runnable.run(Math.min(SLICE, limit - runnable.clock));
      if (stop.kind !== 'budget') return stop;
      if (world.guestEnd)
        return world.guestEnd.failure ? { kind: 'check', reason: world.guestEnd.failure } : { kind: 'wait' };
      if (pace.now() - rested < SLICE_MILLISECONDS) continue;
      progress?.(before + runnable.clock);
      await pace.breathe();
      rested = pace.now();
      if (cancelled()) throw new Cancelled();
    }
    return { kind: 'limit' };
  }
}

function failureOf(end: End): string {
  if (end.kind === 'check' || end.kind === 'shutdown') return end.reason;
  return end.kind === 'limit' ? 'it did not end' : '';
}
