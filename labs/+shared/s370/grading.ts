/** What graders of System/370 exercises have in common. */
import { findSymbol } from '../../../src/assembler/core/assembly.ts';
import type { Check } from '../../../src/protocol/exercise.ts';
import type { Setup } from '../../../src/protocol/frame.ts';
import type { Recording } from '../../../src/protocol/session.ts';
import type { NotRun, Ran } from '../../../src/lab/exercise.ts';
import { S370World } from '../../../src/worlds/s370/world.ts';

/** The file that a student edits where a guest is to be written or repaired. */
export const GUEST_FILE = 'guest.s';

/** A setup with a guest of the exercise's own, in 64 K of storage. */
export const setupWith = (source: string, technique: string, more: Partial<Setup> = {}): Setup => ({
  workload: 'svc',
  technique,
  source,
  constants: {},
  seed: 1,
  options: { storage: 0x10000 },
  ...more,
});

/** A run of a System/370; the world is known to be one. */
export interface S370Ran extends Ran {
  readonly world: S370World;
}

/** Throws where our own source did not assemble. */
export function mustRun(ran: Ran | NotRun): S370Ran {
  if (!ran.world) throw new Error(`the exercise's own source: ${ran.diagnostics[0]?.message ?? ''}`);
  return asS370(ran);
}

export function asS370(ran: Ran): S370Ran {
  const { world } = ran;
  if (!(world instanceof S370World)) throw new Error('not a System/370');
  return { ...ran, world };
}

export const check = (
  id: string,
  passed: boolean,
  data: Check['data'] = {},
  at: Recording | null = null,
): Check => ({ id, passed, data, at: passed ? null : at });

/** The guest has ended by itself, at address 0 of a disabled wait. */
export const endedWell = ({ world, failure }: S370Ran): boolean =>
  failure === '' && world.waitsDisabled && world.waitAddress === 0;

/** Cycle at which the guest ended; what a monitor does after that is nobody's. */
export const endClock = ({ world }: S370Ran): number => world.guestEnd?.clock ?? world.clock;

/** Cycles that went to monitors until the guest ended. */
export const overhead = ({ world }: S370Ran): number =>
  (world.guestEnd?.ledger ?? world.machine.ledger.rows())
    .filter(({ layer }) => layer === 'monitor')
    .reduce((sum, { cycles }) => sum + cycles, 0);

/** The lines that the guest has printed, without blanks at their ends. */
export const printed = ({ world }: S370Ran): readonly string[] =>
  world.system
    .printer()
    .split(/[\n\f]/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');

/** The word at a label of the guest, or null where there is none. */
export function wordAt({ world }: S370Ran, label: string): number | null {
  const symbol = world.assembly && findSymbol(world.assembly, label);
  if (!symbol) return null;
  return new DataView(world.peek('', symbol.value, 4).buffer).getUint32(0);
}
