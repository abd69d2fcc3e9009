/** An assignment and a hand-in for tests to start from. */
import { NO_ATTEMPT } from '../../protocol/exercise.ts';
import type { Assignment } from './assignment.ts';
import { seedOf } from './assignment.ts';
import { ENGINE } from './engine.ts';
import { HAND_IN_FORMAT, HAND_IN_VERSION, type HandIn } from './hand-in.ts';

export const assignment: Assignment = {
  version: 1,
  title: 'Week 3: trap and emulate',
  locale: null,
  courseKey: 'os-2026',
  seeds: { kind: 'student' },
  chapters: [{ folder: '10-vm370', start: '' }],
  exercises: ['10-vm370/01-predict-traps'],
  panels: null,
  hidden: [],
  locked: [],
  deadline: 'Friday, 17:00',
  instructions: 'Answer before you run. 先に予想すること。',
};

export const handIn: HandIn = {
  format: HAND_IN_FORMAT,
  version: HAND_IN_VERSION,
  engine: ENGINE,
  assignment,
  student: 'Mori Aoi',
  made: '2026-11-20T08:00:00.000Z',
  work: assignment.exercises.map((exercise) => ({
    exercise,
    lab: '10-vm370',
    seed: seedOf(assignment, 'Mori Aoi', exercise, 0),
    attempt: { ...NO_ATTEMPT, answers: { traps: '12' } },
    claimed: { passed: true, checks: [{ id: 'traps', passed: true }], fingerprint: '0', cycles: 1 },
  })),
};
