/**
 * Which heights a widget tells the page around it. A page that obeys changes the widget's size, which may change what
 * the widget wants: without care the two never come to rest. So small shrinking is not worth telling, and a height
 * that swings to and fro stays at its largest until it rests.
 */

/** Pixels of shrinking that are not worth telling. */
const SLACK = 8;
/** Changes of direction within `RESTLESS` milliseconds that count as swinging. */
const SWINGS = 3;
const RESTLESS = 1500;

export class HeightKeeper {
  private told = 0;
  private rising = true;
  private turns: readonly number[] = [];

  /** The height to tell, or null for none. `now` in milliseconds. */
  see(height: number, now: number): number | null {
    const wanted = Math.ceil(height);
    if (wanted === this.told || (wanted < this.told && this.told - wanted < SLACK)) return null;
    const rises = wanted > this.told;
    if (rises !== this.rising && this.told > 0) this.turns = [...this.turns, now];
    this.turns = this.turns.filter((at) => now - at < RESTLESS);
    if (!rises && this.turns.length >= SWINGS) return null;
    this.rising = rises;
    this.told = wanted;
    return wanted;
  }
}
