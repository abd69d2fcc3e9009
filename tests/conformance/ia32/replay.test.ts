// Every case recorded on a real processor leaves the same registers, flags and memory on the PC's.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hexBytes } from '../../../src/base/bits.ts';
import type { Row } from '../../../src/machines/pc/instructions/row.ts';
import { IA32_INSTRUCTIONS } from '../../../src/machines/pc/instructions/table.ts';
import { isRecorded } from './cases.ts';
import { SEQUENCES } from './cases-segments.ts';
import { isRecordedMmx } from './cases-mmx.ts';
import { isRecordedX87 } from './cases-x87.ts';
import { parseVectors, Replayer, rowOf, type Replayed, type Vector } from './replay.ts';

const textOf = (file: string): string =>
  gunzipSync(readFileSync(new URL(file, import.meta.url))).toString('latin1');

const replayer = new Replayer();

/** Where the recorded processor and the PC's differ. */
const differencesOf = (cases: readonly Vector[], replay: (vector: Vector) => Replayed): string[] =>
  cases.flatMap((vector) => {
    const { outcome, expected } = replay(vector);
    const name = `${vector.seed} ${hexBytes(vector.code)}`;
    return outcome === expected ? [] : [`${name}: ${outcome}, recorded ${expected}`];
  });
const nameOf = ({ mnemonic, opcode, operands }: Row): string =>
  `${mnemonic} ${operands.join(',')} (${opcode})`;

/** Cases by the row of the table that they test, every row that is to have some among them. */
function byRow(
  file: string,
  recorded: (row: Row) => boolean,
): [name: string, count: number, cases: Vector[]][] {
  const found = new Map<Row, Vector[]>(IA32_INSTRUCTIONS.filter(recorded).map((row) => [row, []]));
  for (const vector of parseVectors(textOf(file))) found.get(rowOf(vector, replayer.pc.cpu))!.push(vector);
  return [...found].map(([row, cases]) => [nameOf(row), cases.length, cases]);
}

describe.each([
  ['integer', byRow('vectors.txt.gz', isRecorded)],
  ['x87', byRow('vectors-x87.txt.gz', isRecordedX87)],
  ['MMX', byRow('vectors-mmx.txt.gz', isRecordedMmx)],
])('%s instructions do what a real processor did', (_, rows) => {
  test.each(rows)('%s: %d cases', (_name, _count, cases) => {
    const differences = differencesOf(cases, (vector) => replayer.replay(vector));
    expect(differences).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(50);
  });
});

describe('segments and transfers at level 3 are checked as by a real processor', () => {
  const text = textOf('vectors-segments.txt.gz');
  const end = text.indexOf('\n');
  const segments = new Replayer();
  segments.enterSegments(
    text
      .slice(0, end)
      .split(' ')
      .map((descriptor) => BigInt(`0x${descriptor}`)),
  );
  const vectors = parseVectors(text.slice(end + 1));
  const about = (name: string): Vector[] =>
    vectors.filter((each) => each.about === name.replaceAll(' ', '_'));
  test.each(SEQUENCES.map((name) => [name, about(name).length] as const))('%s: %d cases', (name, count) => {
    expect(differencesOf(about(name), (vector) => segments.replaySequence(vector))).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(25);
  });
});
