/** The exercises of the worker's lab: variants made and attempts judged beside its session. */
import { grade, setupWith } from '../../grading/grade.ts';
import type { Surroundings } from '../../grading/bench.ts';
import type { Exercise } from '../../lab/exercise.ts';
import type { Setup } from '../../protocol/frame.ts';
import type { Attempt, Grading, Variant, Verdict } from '../../protocol/exercise.ts';

/** Finds an exercise by its whole name. */
export type FindExercise = (name: string) => Promise<Exercise>;

export class LabGrading implements Grading {
  private readonly lab: string;
  private readonly find: FindExercise;
  private readonly surroundings: Omit<Surroundings, 'cancelled' | 'progress'>;
  private turn = 0;

  constructor(lab: string, find: FindExercise, surroundings: Omit<Surroundings, 'cancelled' | 'progress'>) {
    this.lab = lab;
    this.find = find;
    this.surroundings = surroundings;
  }

  private async exercise(name: string): Promise<Exercise> {
    if (!name.startsWith(`${this.lab}/`)) throw new Error(`${name} is no exercise of lab ${this.lab}`);
    return this.find(name);
  }

  async variant(name: string, seed: number): Promise<Variant> {
    return (await this.exercise(name)).variant(seed);
  }

  async setup(name: string, seed: number, attempt: Attempt): Promise<Setup> {
    return setupWith(await this.exercise(name), seed, attempt);
  }

  async grade(
    name: string,
    seed: number,
    attempt: Attempt,
    onProgress: (cycles: number) => void,
  ): Promise<Verdict | null> {
    const mine = ++this.turn;
    return grade(this.lab, await this.exercise(name), seed, attempt, {
      ...this.surroundings,
      cancelled: () => this.turn !== mine,
      progress: onProgress,
    });
  }

  async cancelGrading(): Promise<void> {
    this.turn++;
  }
}
