/** What the graders of this chapter have in common. */
import type { NotRun, Ran } from '../../src/lab/exercise.ts';
import type { Setup } from '../../src/protocol/frame.ts';
import { ContainerWorld } from '../../src/worlds/containers/world.ts';
import { TENANT } from './world.ts';

export { check } from '../+shared/pc/grading.ts';

export interface ContainerRan extends Ran {
  readonly world: ContainerWorld;
}

export function mustRun(ran: Ran | NotRun): ContainerRan {
  if (!ran.world || !(ran.world instanceof ContainerWorld)) throw new Error('not a kernel with containers');
  return { ...ran, world: ran.world };
}

/** A script of the exercise's own, or of the student's, in the place of a workload's. */
export const setupWith = (source: string, technique: string, options: Setup['options'] = {}): Setup => ({
  workload: 'script',
  ...{ technique, source, constants: {}, seed: 1, options },
});

/** What stands on the container's terminal. */
export const printed = ({ world }: ContainerRan): string => world.textOf(TENANT);

/** The container's control group. */
export const groupOf = ({ world }: ContainerRan) => world.kernel.rootGroup.children.get(TENANT);
