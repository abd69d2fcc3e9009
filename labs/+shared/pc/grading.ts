/** What graders of exercises with small guests on the PC have in common. */
import type { NotRun, Ran } from '../../../src/lab/exercise.ts';
import type { Check } from '../../../src/protocol/exercise.ts';
import type { HypervisorView, Setup } from '../../../src/protocol/frame.ts';
import type { Recording } from '../../../src/protocol/session.ts';
import { PcWorld, SERIAL } from '../../../src/worlds/pc/world.ts';

/** The file that a student edits where a guest is to be written or repaired. */
export const GUEST_FILE = 'guest.asm';

/** A setup with a guest of the exercise's own, in the place of a workload of the lab. */
export const setupWith = (source: string, technique: string, workload = 'popf'): Setup => ({
  workload,
  technique,
  source,
  constants: {},
  seed: 1,
});

export interface PcRan extends Ran {
  readonly world: PcWorld;
}

export function asPc(ran: Ran): PcRan {
  const { world } = ran;
  if (!(world instanceof PcWorld)) throw new Error('not a PC');
  return { ...ran, world };
}

/** Throws where our own source did not assemble. */
export function mustRun(ran: Ran | NotRun): PcRan {
  if (!ran.world) throw new Error(`the exercise's own source: ${ran.diagnostics[0]?.message ?? ''}`);
  return asPc(ran);
}

export const check = (
  id: string,
  passed: boolean,
  data: Check['data'] = {},
  at: Recording | null = null,
): Check => ({ id, passed, data, at: passed ? null : at });

/** The books of the hypervisor under the guest. */
export function booksOf({ world }: PcRan): HypervisorView {
  const { hypervisor } = world.parts({
    ...{ parts: ['hypervisor'], subject: '', storageAt: 0, storageLength: 0, walk: null },
    ...{ strataWindow: null, strataCycles: 0, strataGrain: 0, events: 0 },
  });
  if (!hypervisor) throw new Error('no hypervisor');
  return hypervisor;
}

/** What the guest has sent to its serial line. */
export const printed = ({ world }: PcRan): string =>
  (world.terminals().find(({ id }) => id === SERIAL)?.text ?? '').replaceAll('\r', '').trim();
