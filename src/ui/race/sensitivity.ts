/** What varying a cost constant does to the order of the techniques: which runs it takes, and what they say. */
import { extremesOf, varied, type Constant } from '../../protocol/constants.ts';
import type { Setup } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';
import { workCycles } from '../../protocol/work.ts';
import { crossings, type Crossing, type Line } from './lines.ts';

export type Results = readonly (Measurement | null)[];

/** One constant in steps, around the value that the model has. */
export const FACTORS = [0.5, Math.SQRT1_2, 1, Math.SQRT2, 2] as const;

const valueIn = ({ constants }: Setup, { name, value }: Constant): number => constants[name] ?? value;
const withConstant = (setup: Setup, { name }: Constant, cycles: number): Setup => ({
  ...setup,
  constants: { ...setup.constants, [name]: cycles },
});

/** What is tried of a constant; the sources say nothing of a value that the visitor has set. */
export const triedIn = ({ constants }: Setup, constant: Constant): readonly [least: number, most: number] => {
  const { range: _, ...own } = constant;
  const set = constants[constant.name];
  return extremesOf(set === undefined ? constant : { ...own, value: set });
};

/** One constant in steps: for each factor, every technique. */
export const stepsOf = (setup: Setup, techniques: readonly string[], constant: Constant): readonly Setup[] =>
  FACTORS.flatMap((factor) =>
    techniques.map((technique) => ({
      ...withConstant(setup, constant, varied(valueIn(setup, constant), factor)),
      technique,
    })),
  );

/** As it is, then each constant at its least and at its most. */
export const allOf = (
  setup: Setup,
  techniques: readonly string[],
  constants: readonly Constant[],
): readonly Setup[] =>
  [
    setup,
    ...constants.flatMap((constant) =>
      triedIn(setup, constant).map((cycles) => withConstant(setup, constant, cycles)),
    ),
  ].flatMap((each) => techniques.map((technique) => ({ ...each, technique })));

const busyOf = (result: Measurement | null | undefined): number | null =>
  result?.ok ? workCycles(result) : null;

/** Of groups of runs, one run for each technique: its busy cycles in every group. */
export const linesOf = (techniques: readonly string[], results: Results): readonly Line[] =>
  techniques.map((technique, nth) => ({
    technique,
    values: Array.from({ length: results.length / Math.max(1, techniques.length) }, (_, group) =>
      busyOf(results[group * techniques.length + nth]),
    ),
  }));

/** Against the first technique at each step, where that has been measured. */
export const againstFirst = (lines: readonly Line[]): readonly Line[] =>
  lines.map(({ technique, values }) => ({
    technique,
    values: values.map((value, step) => {
      const base = lines[0]?.values[step];
      return value === null || !base ? null : value / base;
    }),
  }));

/** What one constant does, at its least and at its most. */
export interface Swing {
  readonly constant: Constant;
  readonly tried: readonly [least: number, most: number];
  /** The technique that it moves most against the first, and where to. */
  readonly technique: string;
  readonly ratios: readonly [atLeast: number, asItIs: number, atMost: number];
  readonly crossings: readonly Crossing[];
}

const width = ({ ratios: [atLeast, , atMost] }: Swing): number => Math.abs(Math.log(atMost / atLeast));

/** The widest first; constants that change nothing, or are not yet measured, are left out. */
export function swingsOf(
  setup: Setup,
  techniques: readonly string[],
  constants: readonly Constant[],
  results: Results,
): readonly Swing[] {
  const n = techniques.length;
  const group = (k: number): Results => results.slice(k * n, (k + 1) * n);
  return constants
    .flatMap((constant, k) => {
      const three = [group(1 + 2 * k), group(0), group(2 + 2 * k)];
      if (three.some((each) => each.length < n || each.includes(null))) return [];
      const lines = linesOf(techniques, three.flat());
      const moved = againstFirst(lines).flatMap(({ technique, values: [atLeast, asItIs, atMost] }) =>
        atLeast && asItIs && atMost
          ? [
              {
                ...{ constant, tried: triedIn(setup, constant), technique },
                ratios: [atLeast, asItIs, atMost] as const,
                crossings: crossings(lines),
              },
            ]
          : [],
      );
      return moved.sort((a, b) => width(b) - width(a)).slice(0, 1);
    })
    .filter((swing) => width(swing) > 0)
    .sort((a, b) => width(b) - width(a));
}
