/**
 * A sweep: one workload under every technique, with an option from 1 up, in workers beside the lab's own. Each worker
 * takes the next value of the option when it is done with one; the long runs come first, so that all end together.
 */
import { techniquesFor, type LabOffer, type Setup } from '../../protocol/frame.ts';
import type { Connect, Connection } from './connection.ts';

type Plan = NonNullable<LabOffer['sweep']>;

/** One run of the sweep. */
export interface Point {
  readonly technique: string;
  readonly value: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** More than these would only take the processor from each other and from the page. */
const MOST_WORKERS = 4;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Sweep {
  techniques = $state.raw<readonly string[]>([]);
  points = $state.raw<readonly Point[]>([]);
  active = $state(false);
  cancelled = $state(false);
  failure = $state('');
  /** Of the latest sweep that came to its end; 0 before. */
  seconds = $state(0);

  private readonly lab: string;
  private readonly connect: Connect;
  private connections: Connection[] = [];

  constructor(lab: string, connect: Connect) {
    this.lab = lab;
    this.connect = connect;
  }

  most(offer: LabOffer | null): number {
    return offer?.sweep?.most ?? 0;
  }
  /** Runs of the whole sweep. */
  wanted(offer: LabOffer | null): number {
    return offer?.sweep ? offer.sweep.most * techniquesFor(offer, offer.sweep.workload).length : 0;
  }

  /** Runs all that `offer` plans, with the constants and the seed of `setup`. */
  async start(offer: LabOffer, setup: Setup): Promise<void> {
    const { sweep: plan } = offer;
    if (!plan || this.active) return;
    Object.assign(this, { techniques: techniquesFor(offer, plan.workload), points: [] });
    Object.assign(this, { active: true, cancelled: false, failure: '', seconds: 0 });
    const began = performance.now();
    const values = Array.from({ length: plan.most }, (_, i) => i + 1);
    const workers = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 2);
    try {
      await Promise.all(Array.from({ length: workers }, () => this.work(plan, setup, values)));
      this.seconds = (performance.now() - began) / 1000;
    } catch (error) {
      // What was under way when the workers were ended is refused.
      if (!this.cancelled) this.failure = messageOf(error);
    } finally {
      this.end();
    }
  }

  private async work(plan: Plan, { constants, seed }: Setup, values: number[]): Promise<void> {
    const connection = await this.connect(this.lab);
    if (!this.active) {
      connection.dispose();
      return;
    }
    this.connections.push(connection);
    const { session } = connection;
    for (let value = values.pop(); value !== undefined; value = values.pop()) {
      const of = value;
      const options = { [plan.option]: of };
      const [technique = ''] = this.techniques;
      await session.load({ workload: plan.workload, technique, source: null, constants, seed, options });
      let failure = '';
      await session.compare(
        plan.workload,
        this.techniques,
        ({ technique: name, ok, failure: why, figures }) => {
          if (ok && figures) this.points = [...this.points, { technique: name, value: of, figures }];
          else failure = `${name}, ${plan.option} = ${of}: ${why}`;
        },
      );
      if (failure !== '') throw new Error(failure);
    }
  }

  private end(): void {
    for (const connection of this.connections) connection.dispose();
    this.connections = [];
    this.active = false;
  }

  cancel(): void {
    this.cancelled = true;
    this.end();
  }
}
