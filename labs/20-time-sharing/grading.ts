/** What the graders of this chapter have in common. */
import type { Setup } from '../../src/protocol/frame.ts';
import { type S370Ran } from '../+shared/s370/grading.ts';
import { reportOf } from './results.ts';

export const setupOf = (
  workload: string,
  technique: string,
  seed: number,
  options: Readonly<Record<string, number>> = {},
  source: string | null = null,
): Setup => ({ workload, technique, source, constants: {}, seed, options });

/** What the supervisor tells of a run. */
export function reportOfRun({ world }: S370Ran) {
  const report = reportOf(world);
  if (!report) throw new Error('the run was not under a time-sharing supervisor');
  return report;
}
