/** Checkpoints of a run: dense around the present, sparser the further away, never more than a fixed number. */

export interface Checkpoint {
  readonly clock: number;
  /** Inputs that had taken effect. */
  readonly inputs: number;
  readonly state: unknown;
}

export class Checkpoints {
  private readonly most: number;
  /** In order of time; the first one is the beginning and stays. */
  private list: Checkpoint[];

  constructor(first: Checkpoint, most: number) {
    this.list = [first];
    this.most = most;
  }

  get count(): number {
    return this.list.length;
  }

  /** The latest one before `clock`, or the first. */
  before(clock: number): Checkpoint {
    return this.list.findLast((c) => c.clock < clock) ?? this.list[0]!;
  }

  /** The latest one at or before `clock`, or the first. */
  upTo(clock: number): Checkpoint {
    return this.before(clock + 1);
  }

  add(checkpoint: Checkpoint): void {
    const behind = this.list.findLastIndex((c) => c.clock <= checkpoint.clock);
    if (this.list[behind]?.clock === checkpoint.clock) return;
    this.list.splice(behind + 1, 0, checkpoint);
    if (this.list.length > this.most) this.thin(checkpoint.clock);
  }

  /** Gives up the one whose neighbours lie closest together for their distance from the present. */
  private thin(present: number): void {
    let worst = 1;
    let least = Infinity;
    for (let i = 1; i < this.list.length - 1; i++) {
      const gap = this.list[i + 1]!.clock - this.list[i - 1]!.clock;
      const distance = Math.abs(present - this.list[i]!.clock) + 1;
      if (gap / distance < least) [worst, least] = [i, gap / distance];
    }
    this.list.splice(worst, 1);
  }

  /** Forgets what lies after the moment at `clock` with `inputs` inputs: the future has changed. */
  cut(clock: number, inputs: number): void {
    this.list = this.list.filter(
      (c, i) => i === 0 || c.clock < clock || (c.clock === clock && c.inputs <= inputs),
    );
  }
}
