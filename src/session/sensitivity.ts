/**
 * Which cost constants decide how two techniques compare: the ratio of their work with each constant at the least
 * and at the most that it may be, all others as they are. Path lengths of monitors are no constants of the machine and stay.
 */
import type { WorldFactory } from '../lab/world.ts';
import { extremesOf, type Constant } from '../protocol/constants.ts';
import type { Measurement } from '../protocol/session.ts';
import { workCycles } from '../protocol/work.ts';
import { compare } from './compare.ts';
import type { Pace } from './pace.ts';

export interface Pair {
  readonly workload: string;
  readonly technique: string;
  /** The technique that the other is held against. */
  readonly against: string;
}

/** What one constant does to the ratio. */
export interface Swing {
  readonly constant: string;
  /** Cycles that were tried, and the ratio with each. */
  readonly least: number;
  readonly most: number;
  readonly atLeast: number;
  readonly atMost: number;
}

export interface Sensitivity extends Pair {
  readonly ratio: number;
  /** The widest first; constants that change nothing are left out. */
  readonly swings: readonly Swing[];
}

export interface Options {
  readonly factory: WorldFactory;
  readonly pace: Pace;
  readonly cancelled: () => boolean;
  /** @param done runs that have ended, of `all` */
  readonly progress: (done: number, all: number) => void;
}

/** Null when it was cancelled; throws where a run does not reach its verified result. */
export async function sensitivity(pair: Pair, options: Options): Promise<Sensitivity | null> {
  const { constants } = options.factory.offer;
  const all = 2 * (1 + 2 * constants.length);
  let done = 0;
  const ratioWith = async (changed: Readonly<Record<string, number>>): Promise<number | null> => {
    const cycles: number[] = [];
    for (const technique of [pair.technique, pair.against]) {
      const result = await runWith(pair.workload, technique, changed, options);
      if (!result) return null;
      cycles.push(workCycles(result));
      options.progress(++done, all);
    }
    return cycles[0]! / cycles[1]!;
  };
  const ratio = await ratioWith({});
  if (ratio === null) return null;
  const swings: Swing[] = [];
  for (const constant of constants) {
    const swing = await swingOf(constant, ratioWith);
    if (!swing) return null;
    swings.push(swing);
  }
  const width = ({ atLeast, atMost }: Swing): number => Math.abs(Math.log(atMost / atLeast));
  return {
    ...{ ...pair, ratio },
    swings: swings.filter((swing) => width(swing) > 0).sort((a, b) => width(b) - width(a)),
  };
}

async function swingOf(
  constant: Constant,
  ratioWith: (changed: Readonly<Record<string, number>>) => Promise<number | null>,
): Promise<Swing | null> {
  const { name } = constant;
  const [least, most] = extremesOf(constant);
  const atLeast = await ratioWith({ [name]: least });
  const atMost = await ratioWith({ [name]: most });
  return atLeast === null || atMost === null ? null : { constant: name, least, most, atLeast, atMost };
}

/** Null when it was cancelled. */
async function runWith(
  workload: string,
  technique: string,
  constants: Readonly<Record<string, number>>,
  { factory, pace, cancelled }: Options,
): Promise<Measurement | null> {
  const results: Measurement[] = [];
  const setup = { workload, technique, source: null, constants, seed: 1 };
  await compare({ factory, pace }, setup, workload, [technique], cancelled, (each) => results.push(each));
  const [result] = results;
  if (result && !result.ok) throw new Error(`${workload} under ${technique}: ${result.failure}`);
  return result ?? null;
}
