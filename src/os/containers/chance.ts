/** What /dev/random and getrandom draw from: seeded, so that a run can be repeated, with its state as plain data. */
import { seededRandom } from '../../base/random.ts';

export class Chance {
  private state: number;
  constructor(seed: number) {
    this.state = seed;
  }
  /** Next unsigned 32-bit word. */
  word(): number {
    const random = seededRandom(this.state);
    const word = random.word();
    this.state = random.state;
    return word;
  }
}
