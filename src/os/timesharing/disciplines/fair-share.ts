/** Fair share: first whose user has had least of the processor lately, however many processes he has. */
import type { Discipline } from '../discipline.ts';

export const fairShare: Discipline = {
  preempts: false,
  // Whoever waits is placed anew with each second, else a rank of long ago would decide.
  place: (_, __, { recent, quantum, second }) => ({ rank: recent, quantum, patience: second }),
};
