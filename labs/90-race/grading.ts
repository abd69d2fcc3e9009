/** What graders of the race have in common: setups of small programs, and the cycles that count. */
import type { Setup } from '../../src/protocol/frame.ts';
import { spentIn } from '../+shared/measure.ts';
import type { PcRan } from '../+shared/pc/grading.ts';

/** Techniques that a program of one's own can be raced under, beside the bare machine and variants. */
export const RUNNERS = ['naive', 'translator', 'vmx'] as const;

export const ownSetup = (source: string, technique: string, constants: Setup['constants'] = {}): Setup => ({
  workload: 'own',
  technique,
  source,
  constants,
  seed: 1,
});

/** Cycles in which somebody did something. */
export const busyIn = ({ world }: PcRan): number => spentIn(world).busy;
