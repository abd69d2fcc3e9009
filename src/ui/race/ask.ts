/** Starts what is asked about a race, for its panels and for the text. */
import type { LabState } from '../lab/lab-state.svelte.ts';
import { erasOf } from './eras.ts';
import { allOf, stepsOf } from './sensitivity.ts';

/** Varies the constant that is chosen, or each in turn. */
export function vary(lab: LabState): Promise<void> {
  const constants = lab.offer?.constants ?? [];
  const { setup, race } = lab;
  const chosen = constants.find(({ name }) => name === lab.varies);
  return lab.sensitivity.start(
    chosen ? stepsOf(setup, race.entrants, chosen) : allOf(setup, race.entrants, constants),
  );
}

export const goThroughEras = (lab: LabState): Promise<void> =>
  lab.eras.start(erasOf(lab.setup, lab.race.entrants, lab.offer?.machines ?? []));
