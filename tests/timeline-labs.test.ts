// Every workload and every technique of every chapter keeps the promises of time: the ledger sums to the clock, the same
// run takes the same cycles however it is cut, and what is walked back is what was walked forward.
import { describe, expect, test } from 'vitest';
import type { World, WorldFactory } from '../src/lab/world.ts';
import { techniquesFor, type Input, type Setup, type View } from '../src/protocol/frame.ts';
import { Timeline } from '../src/timeline/timeline.ts';
import { fingerprint } from './fingerprint.ts';

const LABS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default', eager: true });
const FAR = 1_500_000;
const LEDGER: View = {
  parts: ['ledger'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};

function fresh(factory: WorldFactory, workload: string, technique: string): World {
  const setup: Setup = { workload, technique, source: null, constants: {}, seed: 1 };
  return factory.create(setup).world!;
}

function runTo(world: { readonly clock: number; run(budget: number): unknown }, clock: number): void {
  for (let before = -1; world.clock < clock && world.clock !== before;) {
    before = world.clock;
    world.run(clock - before);
  }
}

/** One technique to a workload and going round, so that each of either is met without running every pair. */
function pairsOf({ offer }: WorldFactory): readonly (readonly [string, string])[] {
  const { workloads, techniques } = offer;
  const rounds = Array.from({ length: Math.max(workloads.length, techniques.length) }, (_, round) => {
    const workload = workloads[round % workloads.length]!;
    const offered = techniquesFor(offer, workload);
    return [workload, offered[round % offered.length]!] as const;
  });
  return [...new Map(rounds.map((pair) => [pair.join(' '), pair])).values()];
}

const cases = Object.entries(LABS).flatMap(([path, factory]) =>
  pairsOf(factory).map(([workload, technique]) => ({
    lab: path.split('/')[2],
    technique,
    workload,
    factory,
  })),
);

describe.each(cases)('$lab: $workload under $technique', { timeout: 60_000 }, (each) => {
  const { factory, workload, technique } = each;

  test('is the same in one piece and in slices with checkpoints, and its ledger sums to the clock', () => {
    const whole = fresh(factory, workload, technique);
    runTo(whole, FAR);
    const rows = whole.parts(LEDGER).ledger!;
    expect(rows.reduce((sum, row) => sum + row.cycles, 0)).toBe(whole.clock);

    const sliced = fresh(factory, workload, technique);
    for (let i = 1; sliced.clock < whole.clock; i++) {
      const before = sliced.clock;
      sliced.run(Math.min(1 + ((i * 7919) % 60_000), whole.clock - before));
      if (i % 4 === 0) sliced.restore(sliced.save());
      if (sliced.clock === before) break;
    }
    expect(fingerprint(sliced)).toBe(fingerprint(whole));
  });

  test('can be walked back and forward again', () => {
    const world = fresh(factory, workload, technique);
    const timeline = new Timeline<Input>(world, { spacing: 200_000, most: 4 });
    runTo(timeline, FAR);
    const [end, last] = [timeline.clock, fingerprint(world)];
    for (const part of [0.9, 0.5, 0.1]) {
      timeline.seek(Math.floor(end * part));
      const [clock, here] = [world.clock, fingerprint(world)];
      const seen: [number, string][] = [];
      for (let i = 0; i < 3 && timeline.stepBack(); i++) seen.push([world.clock, fingerprint(world)]);
      for (const [at, then] of seen.toReversed()) {
        timeline.seek(at);
        expect(fingerprint(world)).toBe(then);
      }
      timeline.seek(clock);
      expect(fingerprint(world)).toBe(here);
    }
    timeline.seek(end);
    expect(fingerprint(world)).toBe(last);
  });
});
