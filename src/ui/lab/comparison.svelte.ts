/** The runs behind the overhead chart: one workload to its end under each technique, result by result. */
import type { Measurement, Session } from '../../protocol/session.ts';

export class Comparison {
  workload = $state('');
  measurements = $state.raw<readonly Measurement[]>([]);
  wanted = $state(0);
  active = $state(false);
  cancelled = $state(false);

  private readonly session: () => Session | null;
  private turn = 0;

  constructor(session: () => Session | null) {
    this.session = session;
  }

  async start(workload: string, techniques: readonly string[]): Promise<void> {
    const session = this.session();
    if (!session || this.active) return;
    const turn = ++this.turn;
    this.workload = workload;
    this.measurements = [];
    this.wanted = techniques.length;
    this.active = true;
    this.cancelled = false;
    try {
      await session.compare(workload, techniques, (measurement) => {
        if (turn === this.turn && !this.cancelled) this.measurements = [...this.measurements, measurement];
      });
    } finally {
      if (turn === this.turn) this.active = false;
    }
  }

  /** `pause` ends a comparison early, as it does any long command. */
  async cancel(): Promise<void> {
    this.cancelled = true;
    await this.session()?.pause();
    this.active = false;
  }

  stop(): void {
    this.turn++;
    this.active = false;
  }
}
