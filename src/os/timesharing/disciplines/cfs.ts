/**
 * After Linux's completely fair scheduler (2007): first who has the least virtual run time, for a share of a period in
 * which all shall have run once. One that has slept begins at most half a period behind the others.
 */
import type { Discipline } from '../discipline.ts';

/** Quanta in the period. */
const PERIOD = 4;

export const cfs: Discipline = {
  preempts: true,
  place: (task, why, { quantum, ready, lowest }) => {
    const period = PERIOD * quantum;
    const share = Math.ceil(Math.max(quantum / 4, period / Math.max(1, ready)));
    if (why === 'expired' || why === 'preempted' || why === 'waited')
      return { rank: task.rank + task.stay, quantum: share };
    const floor = (lowest ?? 0) - period / 2;
    return {
      rank: why === 'started' ? (lowest ?? 0) : Math.max(task.rank + task.stay, floor),
      quantum: share,
    };
  },
};
