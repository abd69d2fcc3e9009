/** A program that holds a secret of its user's, drawn from the seed: what another user's program must not get at. */
import { fill } from '../../src/base/fill.ts';
import { seededRandom } from '../../src/base/random.ts';
import source from './guests/keeper.s?raw';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Eight letters. */
export function secretOf(seed: number): string {
  const random = seededRandom(seed ^ 0x5ec2e7);
  return Array.from({ length: 8 }, () => LETTERS[random.below(LETTERS.length)]!).join('');
}

export const keeper = (seed: number): string => fill(source, { secret: secretOf(seed) });
