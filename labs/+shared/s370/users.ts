/** The user programs of the time-sharing systems, and what each of them must type: reckoned here, without a machine. */
import type { Job } from '../../../src/worlds/s370/configuration.ts';
import edit from './users/edit.s?raw';
import matrix from './users/matrix.s?raw';
import pipes from './users/pipes.s?raw';
import sh from './users/sh.s?raw';
import sum from './users/sum.s?raw';
import wild from './users/wild.s?raw';

const SOURCES = { edit, matrix, pipes, sh, sum, wild } as const;
export type UserProgram = keyof typeof SOURCES;
export const userProgram = (name: UserProgram): string => SOURCES[name];

/** A program of the library; simulated users choose it `weight` times as often as one of weight 1. */
export const jobOf = (name: UserProgram, weight: number): Job => ({
  name: name.toUpperCase(),
  source: SOURCES[name],
  weight,
});

/** What most commands at a terminal are: short ones, and now and then a long computation. */
export const USUAL_MIX: readonly Job[] = [jobOf('sum', 6), jobOf('edit', 3), jobOf('matrix', 1)];

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

function sumOf(argument: number): number {
  let x = 1;
  for (let turn = 0; turn < 200 * Math.max(1, argument); turn++)
    x = (Math.imul(x, 16_807) + 12_345) & 0x7fff_ffff;
  return x;
}

/** The sum of every sixteenth word of 32 K that are filled as MATRIX fills them. */
function matrixSum(): number {
  let word = 1;
  let sum = 0;
  for (let at = 0; at < 8 * 1024; at++) {
    if (at % 16 === 0) sum = (sum + word) | 0;
    // MH multiplies all of the register by 13; LA leaves 24 bits, as the mask does.
    word = (Math.imul(word, 13) + 17) & 0xff_ffff;
  }
  return sum & 0xff_ffff;
}

/** What `program` types for `argument`, or null where that is not fixed. */
export function expectedOutput(program: string, argument: number): string | null {
  switch (program) {
    case 'SUM':
      return `SUM ${digits(sumOf(argument), 10)}\n`;
    case 'EDIT':
      return `EDIT ${digits(64 * Math.max(1, argument), 6)}\n`;
    case 'MATRIX':
      return `MATRIX ${digits(matrixSum(), 10)}\n`;
    default:
      return null;
  }
}
