/** Makes the file to hand in: every exercise is graded once more, so that what it claims is what it holds. */
import { NO_ATTEMPT, type Attempt } from '../../protocol/exercise.ts';
import type { Connect } from '../../ui/lab/connection.ts';
import type { Assignment } from '../format/assignment.ts';
import { ENGINE } from '../format/engine.ts';
import { claimOf, HAND_IN_FORMAT, HAND_IN_VERSION, type HandIn, type Work } from '../format/hand-in.ts';

export interface Done {
  readonly exercise: string;
  readonly seed: number;
  readonly attempt: Attempt | null;
}

export interface Preparing {
  readonly connect: Connect;
  readonly onProgress: (done: number) => void;
  readonly cancelled: () => boolean;
}

/** Null when it was cancelled. */
export async function prepare(
  assignment: Assignment,
  student: string,
  done: readonly Done[],
  { connect, onProgress, cancelled }: Preparing,
): Promise<HandIn | null> {
  const connections = new Map<string, ReturnType<Connect>>();
  const gradingOf = async (lab: string) => {
    const connection = connections.get(lab) ?? connect(lab);
    connections.set(lab, connection);
    return (await connection).grading;
  };
  const work: Work[] = [];
  try {
    for (const { exercise, seed, attempt } of done) {
      if (cancelled()) return null;
      onProgress(work.length);
      const [lab = ''] = exercise.split('/');
      const tried = attempt ?? NO_ATTEMPT;
      const verdict = await (await gradingOf(lab)).grade(exercise, seed, tried, () => undefined);
      work.push({ exercise, lab, seed, attempt: tried, claimed: verdict && claimOf(verdict) });
    }
  } finally {
    for (const connection of connections.values()) void connection.then((each) => each.dispose());
  }
  return {
    format: HAND_IN_FORMAT,
    version: HAND_IN_VERSION,
    engine: ENGINE,
    assignment,
    student,
    made: new Date().toISOString(),
    work,
  };
}
