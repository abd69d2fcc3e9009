// Every case recorded on a real processor leaves the same registers, flags and memory on the PC's.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hexBytes } from '../../../src/base/bits.ts';
import { parseVectors, Replayer, type Vector } from './replay.ts';

const vectorsOf = (file: string): Vector[] =>
  parseVectors(readFileSync(new URL(file, import.meta.url), 'utf8'));

test.each([
  ['integer', vectorsOf('vectors.txt')],
  ['x87', vectorsOf('vectors-x87.txt')],
])('%s instructions do what a real processor did', (_, vectors) => {
  const replayer = new Replayer();
  const differences = vectors.flatMap((vector) => {
    const { outcome, expected } = replayer.replay(vector);
    const name = `${vector.seed} ${hexBytes(vector.code)}`;
    return outcome === expected ? [] : [`${name}: ${outcome}, recorded ${expected}`];
  });
  expect(differences).toEqual([]);
  expect(vectors.length).toBeGreaterThan(3000);
});
