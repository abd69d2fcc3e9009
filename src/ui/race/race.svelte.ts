/** A race: one workload under several techniques at once, each in an engine of its own. */
import type { Frame, Setup, View } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';
import type { Connect, Connection } from '../lab/connection.ts';
import { FrameGate } from '../lab/frame-gate.ts';

/** Cycles that a runner's strata show: the latest, on the same scale for all. */
const STRATA_CYCLES = 400_000;

const WATCHED: View = {
  parts: ['strata', 'ledger'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: STRATA_CYCLES,
  strataGrain: STRATA_CYCLES / 500,
  events: 0,
};

export type Phase = 'starting' | 'running' | 'done' | 'lost';

export class Runner {
  readonly technique: string;
  phase = $state<Phase>('starting');
  frame = $state.raw<Frame | null>(null);
  /** What it came to, or how far it got; null while it runs. */
  measurement = $state.raw<Measurement | null>(null);
  /** What was wrong with the source or the engine, with the line where there is one. */
  problem = $state('');
  private connection: Connection | null = null;
  private over = false;

  constructor(technique: string) {
    this.technique = technique;
  }

  async run(lab: string, connect: Connect, setup: Setup): Promise<void> {
    try {
      const connection = await connect(lab);
      // Cancelled while the engine was loaded.
      if (this.over) {
        connection.dispose();
        return;
      }
      this.connection = connection;
      await this.drive(connection, setup);
    } catch (error) {
      if (!this.over) this.lose(error instanceof Error ? error.message : String(error));
    } finally {
      this.dispose();
    }
  }

  private async drive({ session }: Connection, setup: Setup): Promise<void> {
    const gate = new FrameGate((frame) => (this.frame = frame));
    await session.subscribe(
      (frame) => gate.take(frame),
      (message) => this.lose(message),
    );
    const { ok, diagnostics } = await session.load(setup);
    if (!ok) {
      const [first] = diagnostics;
      this.lose(first ? `${first.span.line}: ${first.message}` : 'the source has errors');
      return;
    }
    await session.view(WATCHED);
    this.phase = 'running';
    await session.run(null);
    this.measurement = await session.measure();
    this.phase = 'done';
  }

  private lose(problem: string): void {
    this.problem = problem;
    this.phase = 'lost';
  }

  /** Ends the run where it stands; what it has cost so far stays. */
  async stop(): Promise<void> {
    if (this.connection) await this.connection.session.pause();
    else this.dispose();
  }

  dispose(): void {
    this.over = true;
    this.connection?.dispose();
    this.connection = null;
  }
}

export class Race {
  runners = $state.raw<readonly Runner[]>([]);
  active = $state(false);
  private readonly lab: string;
  private readonly connect: Connect;

  constructor(lab: string, connect: Connect) {
    this.lab = lab;
    this.connect = connect;
  }

  /** Ends when the last runner has. */
  async start(workload: string, techniques: readonly string[], source: string | null = null): Promise<void> {
    this.dispose();
    const runners = techniques.map((technique) => new Runner(technique));
    this.runners = runners;
    this.active = true;
    await Promise.all(
      runners.map((runner) =>
        runner.run(this.lab, this.connect, {
          ...{ workload, source, constants: {}, seed: 1 },
          technique: runner.technique,
        }),
      ),
    );
    if (this.runners === runners) this.active = false;
  }

  async cancel(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  dispose(): void {
    for (const runner of this.runners) runner.dispose();
  }
}
