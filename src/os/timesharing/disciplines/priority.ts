/** Batch with priorities: the most urgent job runs to its end unless a more urgent one comes. Others may starve. */
import type { Discipline } from '../discipline.ts';

export const priority: Discipline = {
  preempts: true,
  place: (task) => ({ rank: task.priority, quantum: null }),
};
