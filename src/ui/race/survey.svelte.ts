/** Many runs in the background, in engines of their own; what came out of each stands at its place among the setups. */
import type { Setup } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';
import type { Connect, Connection } from '../lab/connection.ts';
import { lanes } from './lanes.ts';

export class Survey {
  setups = $state.raw<readonly Setup[]>([]);
  /** By the place of the setup; null: not yet, or never. */
  results = $state.raw<readonly (Measurement | null)[]>([]);
  active = $state(false);
  cancelled = $state(false);
  problem = $state('');
  private readonly lab: string;
  private readonly connect: Connect;
  private connections: Connection[] = [];
  private turn = 0;

  constructor(lab: string, connect: Connect) {
    this.lab = lab;
    this.connect = connect;
  }

  get done(): number {
    return this.results.filter((result) => result !== null).length;
  }

  /** Ends when the last run has, or it was cancelled; what went wrong stands in `problem`. */
  async start(setups: readonly Setup[]): Promise<void> {
    this.dispose();
    const turn = this.turn;
    this.setups = setups;
    this.results = setups.map(() => null);
    this.active = true;
    this.cancelled = false;
    this.problem = '';
    const lane = (first: number, step: number): Promise<void> =>
      this.runLane(
        setups.map((_, at) => at).filter((at) => at % step === first),
        turn,
      );
    const all = lanes();
    try {
      await Promise.all(Array.from({ length: all }, (_, first) => lane(first, all)));
    } catch (error) {
      if (turn === this.turn) this.problem = error instanceof Error ? error.message : String(error);
    }
    if (turn === this.turn) this.dispose();
  }

  private async runLane(places: readonly number[], turn: number): Promise<void> {
    const connection = await this.connect(this.lab);
    if (turn !== this.turn) {
      connection.dispose();
      return;
    }
    this.connections.push(connection);
    const left = places.values();
    await connection.session.survey(
      places.map((at) => this.setups[at]!),
      (measurement) => {
        const at = left.next().value;
        if (turn === this.turn) this.results = this.results.map((each, k) => (k === at ? measurement : each));
      },
    );
  }

  cancel(): void {
    this.dispose();
    this.cancelled = true;
  }

  /** Ends all engines at once; results that are there stay. */
  dispose(): void {
    this.turn++;
    this.active = false;
    for (const connection of this.connections) connection.dispose();
    this.connections = [];
  }
}
