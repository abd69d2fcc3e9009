/** Round-robin: one queue, the same quantum for all, whoever has used his goes to the tail. */
import type { Discipline } from '../discipline.ts';

export const roundRobin: Discipline = {
  preempts: false,
  place: (_, __, { quantum }) => ({ rank: 0, quantum }),
};
