// Which constants decide a race, from runs whose cycles are known.
import { expect, test } from 'vitest';
import type { Setup } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';
import { varied, type Constant } from '../../protocol/constants.ts';
import { allOf, stepsOf, swingsOf } from './sensitivity.ts';

const setup: Setup = { workload: 'w', technique: '', source: null, constants: {}, seed: 1 };
const constant = (name: string, value: number): Constant => ({
  ...{ name, value, source: '', certainty: 'estimate' },
});
const [trap, exit, unused] = [constant('trap', 100), constant('exit', 100), constant('unused', 7)];

/** Translation pays in traps, VT-x in exits. */
const run = ({ technique, constants: { trap: t = 100, exit: e = 100 } }: Setup): Measurement => {
  const cycles = 1000 + ({ translator: 3 * t, vmx: 4 * e }[technique] ?? 0);
  const ledger = [{ layer: 'monitor', level: 0, reason: 'direct', count: 1, cycles }];
  return { workload: 'w', technique, ok: true, failure: '', cycles, instructions: 1, ledger };
};

test('constants come in order of what they move, with what they do to the order; those that move nothing do not', () => {
  const techniques = ['bare', 'translator', 'vmx'];
  const constants = [unused, trap, exit];
  const results = allOf(setup, techniques, constants).map(run);
  expect(
    swingsOf(setup, techniques, constants, results).map(
      ({ constant: { name }, technique, ratios, crossings }) => ({
        ...{ name, technique, ratios },
        crossings: crossings.map(({ step, passes, passed }) => `${step}: ${passes} passes ${passed}`),
      }),
    ),
  ).toEqual([
    { name: 'exit', technique: 'vmx', ratios: [1.2, 1.4, 1.8], crossings: ['1: translator passes vmx'] },
    {
      name: 'trap',
      technique: 'translator',
      ratios: [1.15, 1.3, 1.6],
      crossings: ['2: vmx passes translator'],
    },
  ]);
});

test('a constant is varied in whole cycles, one at least, around what the visitor has set', () => {
  const steps = stepsOf({ ...setup, constants: { trap: 40, exit: 9 } }, ['vmx'], trap);
  expect(steps.map(({ constants: { trap: t, exit: e } }) => [t, e])).toEqual(
    [20, 28, 40, 57, 80].map((cycles) => [cycles, 9]),
  );
  expect(varied(1, 0.5)).toBe(1);
});

test('where sources differ, a constant goes as far as they do; around a value of the visitor’s own they say nothing', () => {
  const known: Constant = { ...trap, range: [90, 700] };
  const tried = ({ constants }: Setup) => constants['trap'];
  expect(allOf(setup, ['vmx'], [known]).map(tried)).toEqual([undefined, 90, 700]);
  expect(allOf({ ...setup, constants: { trap: 40 } }, ['vmx'], [known]).map(tried)).toEqual([40, 20, 80]);
});
