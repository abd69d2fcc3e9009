/**
 * The multilevel feedback queues of CTSS (Corbató, Merwin-Daggett and Daley, SJCC 1962; CTSS Programmer's Guide, 1963,
 * pp. 11-12). A program enters at level floor(log2(floor(wp / wq) + 1)): wp its size, wq what can be moved into core
 * and out again in one quantum. At level l it may use 2^l quanta, then goes on at level l + 1. One that has waited a
 * minute is promoted by a level (J. H. Saltzer, MAC-TR-16, 1965, whose nine levels these are; from memory).
 */
import type { Discipline, Moment, Task } from '../discipline.ts';

const TOP_LEVEL = 8;
const PATIENCE_SECONDS = 60;

const entryLevel = ({ pages }: Task, { pagesPerQuantum }: Moment): number =>
  Math.floor(Math.log2(Math.floor(pages / pagesPerQuantum) + 1));

export const ctss: Discipline = {
  preempts: true,
  place: (task, why, moment) => {
    const level = {
      started: () => entryLevel(task, moment),
      answered: () => entryLevel(task, moment),
      expired: () => task.rank + 1,
      preempted: () => task.rank,
      waited: () => Math.max(0, task.rank - 1),
    }[why]();
    const rank = Math.min(TOP_LEVEL, level);
    return { rank, quantum: 2 ** rank * moment.quantum, patience: PATIENCE_SECONDS * moment.second };
  },
};
