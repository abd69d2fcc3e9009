/** The scheduling disciplines, by the name that a run chooses them with. */
import type { Discipline } from '../discipline.ts';
import { cfs } from './cfs.ts';
import { ctss } from './ctss.ts';
import { fairShare } from './fair-share.ts';
import { fcfs } from './fcfs.ts';
import { priority } from './priority.ts';
import { roundRobin } from './round-robin.ts';

/** In the order of history. */
export const DISCIPLINES = {
  fcfs,
  priority,
  'round-robin': roundRobin,
  ctss,
  'fair-share': fairShare,
  cfs,
} satisfies Readonly<Record<string, Discipline>>;
export type DisciplineName = keyof typeof DISCIPLINES;
export const DISCIPLINE_NAMES = Object.keys(DISCIPLINES) as DisciplineName[];
