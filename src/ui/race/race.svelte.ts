/** A race: one workload under several techniques, each in an engine of its own, as many at once as the computer bears. */
import { techniquesFor, type Frame, type LabOffer, type Setup, type View } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';
import type { Connect, Connection } from '../lab/connection.ts';
import { FrameGate } from '../lab/frame-gate.ts';
import { lanes } from './lanes.ts';

/** Cycles that a runner's strata show: the latest, on the same scale for all. */
const STRATA_CYCLES = 400_000;

const WATCHED: View = {
  parts: ['strata'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: STRATA_CYCLES,
  strataGrain: STRATA_CYCLES / 500,
  events: 0,
};

export type Phase = 'waiting' | 'running' | 'done' | 'cancelled' | 'lost';

export class Runner {
  readonly technique: string;
  phase = $state<Phase>('waiting');
  frame = $state.raw<Frame | null>(null);
  /** What it came to, or how far it got; null while it runs, and for an engine that was lost. */
  measurement = $state.raw<Measurement | null>(null);
  /** What was wrong with the source or the engine, with the line where there is one. */
  problem = $state('');
  private connection: Connection | null = null;
  private cancelled = false;

  constructor(technique: string) {
    this.technique = technique;
  }

  /** Ends when the runner has; what went wrong stands in `problem`. */
  async run(lab: string, connect: Connect, setup: Setup): Promise<void> {
    try {
      if (this.cancelled) return;
      this.phase = 'running';
      const connection = await connect(lab);
      this.connection = connection;
      // Cancelled while the engine was loaded.
      if (!this.cancelled) await this.drive(connection, setup);
    } catch (error) {
      if (!this.cancelled) this.lose(error instanceof Error ? error.message : String(error));
    } finally {
      this.connection?.dispose();
      this.connection = null;
    }
  }

  private async drive({ session }: Connection, setup: Setup): Promise<void> {
    const gate = new FrameGate((frame) => (this.frame = frame));
    await session.subscribe(
      (frame) => gate.give(frame),
      (message) => this.lose(message),
    );
    const { ok, diagnostics } = await session.load(setup);
    if (!ok) {
      const [first] = diagnostics;
      this.lose(first ? `${first.span.line}: ${first.message}` : 'the source has errors');
      return;
    }
    await session.view(WATCHED);
    if (this.cancelled) return;
    await session.run(null);
    const measurement = await session.measure();
    // An engine that was lost on the way has nothing to show for it.
    if (this.phase === 'lost') return;
    this.measurement = measurement;
    if (!this.cancelled) this.phase = 'done';
  }

  private lose(problem: string): void {
    this.problem = problem;
    this.phase = 'lost';
  }

  /** Ends the run where it stands; what it has cost so far is still measured. */
  async cancel(): Promise<void> {
    if (this.phase !== 'waiting' && this.phase !== 'running') return;
    this.cancelled = true;
    this.phase = 'cancelled';
    // An engine that cannot hear it any more has ended by itself, or is ended with the page.
    await this.connection?.session.pause().catch(() => undefined);
  }

  /** Ends the engine at once. */
  dispose(): void {
    this.cancelled = true;
    this.connection?.dispose();
    this.connection = null;
  }
}

/** What the lab has to race with. */
interface Stable {
  readonly offer: LabOffer | null;
  readonly setup: Setup;
}

export class Race {
  runners = $state.raw<readonly Runner[]>([]);
  active = $state(false);
  /** Techniques that the visitor has chosen; null: all that there are. */
  entered = $state.raw<readonly string[] | null>(null);
  private readonly lab: string;
  private readonly connect: Connect;
  private readonly stable: () => Stable;

  constructor(lab: string, connect: Connect, stable: () => Stable) {
    this.lab = lab;
    this.connect = connect;
    this.stable = stable;
  }

  /** Techniques that the lab's workload can be raced under. */
  get offered(): readonly string[] {
    const { offer, setup } = this.stable();
    return offer ? techniquesFor(offer, setup.workload) : [];
  }

  /** Of those, the ones that are entered. */
  get entrants(): readonly string[] {
    const { entered, offered } = this;
    return entered ? offered.filter((technique) => entered.includes(technique)) : offered;
  }

  /** Races the lab's workload, with its source and its constants; ends when the last runner has. */
  async start(): Promise<void> {
    this.dispose();
    const { setup } = this.stable();
    const runners = this.entrants.map((technique) => new Runner(technique));
    this.runners = runners;
    this.active = true;
    const queue = runners.values();
    const lane = async () => {
      // All lanes draw from the one queue.
      for (const runner of queue)
        await runner.run(this.lab, this.connect, { ...setup, technique: runner.technique });
    };
    await Promise.all(Array.from({ length: lanes() }, lane));
    if (this.runners === runners) this.active = false;
  }

  async cancel(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.cancel()));
  }

  dispose(): void {
    for (const runner of this.runners) runner.dispose();
  }
}
