/** Runs a workload of a lab to its verified end, and says what it cost. */
import type { World, WorldFactory } from '../../src/lab/world.ts';

/** More than any workload needs. */
const LIMIT = 8e9;

export interface Spent {
  /** Cycles in which somebody did something. */
  readonly busy: number;
  /** … and of those the monitor, with what the hardware did for it. */
  readonly monitor: number;
}

const known = new Map<string, Spent>();

/** Each pair is run once. Throws where the run does not end in its verified result. */
export function spent(lab: string, factory: WorldFactory, workload: string, technique: string): Spent {
  const key = `${lab} ${workload} ${technique}`;
  const found = known.get(key) ?? run(factory, workload, technique);
  known.set(key, found);
  return found;
}

function run(factory: WorldFactory, workload: string, technique: string): Spent {
  const setup = { workload, technique, source: null, constants: {}, seed: 1 };
  const { world } = factory.create(setup);
  if (!world) throw new Error(`${workload} cannot be loaded under ${technique}`);
  const stop = world.run(LIMIT);
  const wrong = stop.kind === 'check' ? stop.reason : factory.verdict(world, setup);
  if (wrong !== '') throw new Error(`${workload} under ${technique}: ${wrong}`);
  return spentIn(world);
}

export function spentIn(world: World): Spent {
  const { ledger } = world.parts({
    ...{ parts: ['ledger'], subject: '', storageAt: 0, storageLength: 0, walk: null },
    ...{ strataWindow: null, strataCycles: 0, strataGrain: 0, events: 0 },
  });
  const rows = world.guestEnd?.ledger ?? ledger ?? [];
  const sum = (wanted: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(wanted).reduce((total, { cycles }) => total + cycles, 0);
  return {
    busy: sum(({ reason }) => reason !== 'idle'),
    monitor: sum(({ layer }) => layer === 'monitor'),
  };
}

/** Busy cycles from the first instruction of the world's program to the last. Throws where none has run. */
export function programCycles({ beginning, ending }: World): number {
  if (!beginning || !ending) throw new Error('no program has run');
  const busy = ({ ledger }: typeof beginning): number =>
    ledger.reduce((sum, { reason, cycles }) => (reason === 'idle' ? sum : sum + cycles), 0);
  return busy(ending) - busy(beginning);
}
