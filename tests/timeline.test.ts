// The timeline over a real machine: however a run is cut, walked back or looked at, it is the same run to the cycle.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom, type Random } from '../src/base/random.ts';
import { S370_INSTRUCTIONS } from '../src/machines/s370/instructions/table.ts';
import type { Input } from '../src/protocol/frame.ts';
import { Timeline } from '../src/timeline/timeline.ts';
import { S370World } from '../src/worlds/s370/world.ts';
import { fingerprint } from './fingerprint.ts';

const STORAGE = 0x4000;
const CODE = 0x800;
const NEW_PSWS = [0x00, 0x58, 0x60, 0x68, 0x70, 0x78];

/** A storage full of plausible instructions, whose interruptions lead back among them; some wait, some go on. */
function wildProgram(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const bytes = new Uint8Array(STORAGE);
  const view = new DataView(bytes.buffer);
  for (let at = CODE; at < STORAGE - 8; at += 2)
    view.setUint16(at, random.below(3) === 0 ? instruction(random) : random.below(0x10000));
  for (const at of NEW_PSWS) {
    // BC mode: all masks or none, now and then waiting, problem state, or a key.
    const mask = random.below(2) === 0 ? 0xff : 0;
    const state = (random.below(4) === 0 ? 2 : 0) | (random.below(3) === 0 ? 1 : 0);
    view.setUint32(at, (mask << 24) | (state << 16));
    view.setUint32(at + 4, CODE + 2 * random.below((STORAGE - CODE) / 2 - 8));
  }
  view.setUint32(0x50, random.below(0x4000));
  view.setUint32(0x48, CODE + 8 * random.below(1000));
  return bytes;
}

function instruction(random: Random): number {
  const { opcode } = S370_INSTRUCTIONS[random.below(S370_INSTRUCTIONS.length)]!;
  return opcode > 0xff ? opcode : (opcode << 8) | random.below(256);
}

function wildWorld(seed: number): S370World {
  const images = [{ address: 0, bytes: wildProgram(seed) }];
  const { world } = S370World.create({
    storage: STORAGE,
    program: { kind: 'core', images, psw: [0xff00_0000, CODE] },
    cards: [new Uint8Array(80).fill(0xc1)],
  });
  return world!;
}

/** Runs to `clock`, through checks, until nothing moves any more. */
function runTo(world: { clock: number; run(budget: number): unknown }, clock: number): void {
  while (world.clock < clock) {
    const before = world.clock;
    world.run(clock - before);
    if (world.clock === before) return;
  }
}

const seed = fc.nat(1_000_000);
const FAR = 60_000;
const inputs = fc.array(
  fc.record({
    after: fc.nat(20_000),
    input: fc.constantFrom<Input>(
      { kind: 'type', terminal: '009', text: 'HELLO' },
      { kind: 'attention', terminal: '009' },
      { kind: 'interrupt-key' },
      { kind: 'restart' },
      { kind: 'store', address: 0x900, bytes: [1, 2, 3] },
      { kind: 'set-register', register: 5, value: 0x800 },
    ),
  }),
  { maxLength: 4 },
);

function recorded(number: number, given: readonly { after: number; input: Input }[]) {
  const world = wildWorld(number);
  const timeline = new Timeline<Input>(world, { spacing: 7_000, most: 5 });
  for (const { after, input } of given) {
    runTo(timeline, timeline.clock + after);
    timeline.give(input);
  }
  runTo(timeline, FAR);
  return { world, timeline };
}

/** A program that does not come to an end. */
const busy = Array.from({ length: 100 }, (_, i) => i).find((i) => recorded(i, []).world.clock >= FAR)!;

describe('a run', { timeout: 120_000 }, () => {
  test('is the same in one piece, in slices, and unit by unit; its ledger sums to the clock', () => {
    fc.assert(
      fc.property(seed, fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }), (number, slices) => {
        const whole = wildWorld(number);
        runTo(whole, FAR);
        expect(whole.machine.ledger.total).toBe(whole.clock);

        const sliced = wildWorld(number);
        for (let i = 0; sliced.clock < FAR; i++) {
          const before = sliced.clock;
          sliced.run(Math.min(slices[i % slices.length]!, FAR - before));
          if (i % 3 === 0) sliced.save();
          if (sliced.clock === before) break;
        }
        expect(fingerprint(sliced)).toBe(fingerprint(whole));

        const stepped = wildWorld(number);
        for (let before = -1; stepped.clock < FAR && stepped.clock !== before;) {
          before = stepped.clock;
          stepped.step(FAR);
        }
        expect(fingerprint(stepped)).toBe(fingerprint(whole));
      }),
      { numRuns: 60 },
    );
  });

  test('is the same again from a saved state', () => {
    fc.assert(
      fc.property(seed, fc.nat(FAR), (number, middle) => {
        const world = wildWorld(number);
        runTo(world, middle);
        const state = structuredClone(world.save());
        runTo(world, FAR);
        const other = wildWorld(number);
        runTo(other, middle / 2);
        other.restore(state);
        runTo(other, FAR);
        expect(fingerprint(other)).toBe(fingerprint(world));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a timeline', { timeout: 120_000 }, () => {
  test('leads back from any point and forward again to the same state', () => {
    fc.assert(
      fc.property(
        seed,
        inputs,
        fc.nat(FAR),
        fc.integer({ min: 1, max: 12 }),
        (number, given, from, steps) => {
          const { world, timeline } = recorded(number, given);
          const last = fingerprint(world);
          timeline.seek(from);
          const seen = [fingerprint(world)];
          const clocks = [world.clock];
          for (let i = 0; i < steps && timeline.stepBack(); i++) {
            expect(world.clock).toBeLessThan(clocks.at(-1)!);
            seen.push(fingerprint(world));
            clocks.push(world.clock);
          }
          for (const clock of clocks.toReversed()) {
            timeline.seek(clock);
            expect(fingerprint(world)).toBe(seen[clocks.indexOf(clock)]);
          }
          timeline.seek(timeline.end);
          expect(fingerprint(world)).toBe(last);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('replays its inputs on a fresh world', () => {
    fc.assert(
      fc.property(seed, inputs, (number, given) => {
        const { world, timeline } = recorded(number, given);
        const fresh = wildWorld(number);
        const replay = new Timeline<Input>(fresh);
        replay.record(timeline.inputs);
        replay.seek(world.clock);
        expect(fingerprint(fresh)).toBe(fingerprint(world));
      }),
      { numRuns: 40 },
    );
  });

  test('forgets the future when the past gets a new input', () => {
    const { timeline } = recorded(busy, [{ after: 30_000, input: { kind: 'interrupt-key' } }]);
    timeline.seek(10_000);
    const { clock } = timeline;
    timeline.give({ kind: 'attention', terminal: '009' });
    expect(timeline.end).toBe(clock);
    expect(timeline.inputs).toEqual([{ at: clock, input: { kind: 'attention', terminal: '009' } }]);
  });

  test('looks at the past without leaving the present', () => {
    const { world, timeline } = recorded(busy, []);
    const present = fingerprint(world);
    timeline.revisit(3_000, () => {
      expect(world.clock).toBeLessThan(FAR);
      timeline.run(1_000);
    });
    expect(fingerprint(world)).toBe(present);
  });
});
