/** Batch, first come first served: a job keeps the processor until it ends, and its place in line while it waits. */
import type { Discipline } from '../discipline.ts';

export const fcfs: Discipline = {
  preempts: false,
  place: ({ arrivedAt }) => ({ rank: arrivedAt, quantum: null }),
};
