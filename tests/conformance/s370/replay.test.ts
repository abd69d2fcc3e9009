/** The processor against vectors recorded from an independent implementation; see the README. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { S370_INSTRUCTIONS } from '$src/machines/s370/instructions/table.ts';
import { REASONS } from './reasons.ts';
import { describeCase, Replay } from './replay.ts';
import { readVectors, type Vector } from './vector.ts';

const folder = new URL('vectors/', import.meta.url);
const vectors = readdirSync(folder)
  .sort()
  .flatMap((name) => readVectors(readFileSync(new URL(name, folder))));

const byMnemonic = new Map<string, Vector[]>();
for (const vector of vectors) {
  const list = byMnemonic.get(vector.mnemonic) ?? [];
  list.push(vector);
  byMnemonic.set(vector.mnemonic, list);
}

/** Failing cases that a report prints in full. */
const SHOWN = 3;
const FEWEST = 20;
const replay = new Replay();

test.each([...byMnemonic].map(([mnemonic, cases]) => [mnemonic, cases.length, cases] as const))(
  '%s: %i cases as recorded',
  (_mnemonic, count, cases) => {
    const failures = cases.flatMap((v) => {
      const differences = replay.run(v);
      return differences.length > 0 ? [describeCase(v, differences)] : [];
    });
    const report = [`${failures.length} of ${count} differ`, ...failures.slice(0, SHOWN)].join('\n');
    expect(failures.length, report).toBe(0);
  },
);

test('every instruction of the problem state has its cases', () => {
  const rows = S370_INSTRUCTIONS.filter((row) => row.privileged !== true);
  const table = rows.map((row) => [row.mnemonic, byMnemonic.get(row.mnemonic)?.length ?? 0] as const);
  console.log(table.map(([mnemonic, count]) => `${mnemonic} ${count}`).join(', '));
  expect(table.filter(([, count]) => count < FEWEST)).toEqual([]);
});

test('whatever is left open or corrected has its reason', () => {
  const unexplained = vectors.filter((v) => (v.why === undefined ? v.unpredictable : !(v.why in REASONS)));
  expect(unexplained).toEqual([]);
});

test.each([
  ['a register', (v: Vector): Vector => ({ ...v, after: { ...v.after, gr: { '1': '00000bad' } } })],
  ['a location', (v: Vector): Vector => ({ ...v, after: { ...v.after, storage: { '002f00': '00' } } })],
  ['the condition code', (v: Vector): Vector => ({ ...v, after: { ...v.after, psw: '00010000300067f8' } })],
  [
    'the ending',
    (v: Vector): Vector => ({ ...v, after: { ...v.after, psw: '00010005800067f8', ending: 'program' } }),
  ],
])('a wrong expectation of %s is noticed', (_, spoil) => {
  const load: Vector = {
    mnemonic: 'L',
    instruction: '58100080',
    psw: '00010000000067f4',
    after: { ending: 'completed', psw: '00010000000067f8', gr: { '1': '00000000' } },
  };
  expect(replay.run(load)).toEqual([]);
  expect(replay.run(spoil(load))).toHaveLength(1);
});
