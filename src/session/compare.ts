/** Runs setups to their ends, each in a world of its own: one workload under several techniques, or what differs otherwise. */
import type { Reckoning, World, WorldFactory } from '../lab/world.ts';
import type { Setup, StopView, View } from '../protocol/frame.ts';
import type { Measurement, Spent } from '../protocol/session.ts';
import type { Pace } from './pace.ts';
import { runToEnd, type End } from './run-to-end.ts';

/** More than any workload of a chapter needs. */
const LIMIT = 4e9;

const LEDGER_ONLY: View = {
  parts: ['ledger'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};

const DEFAULTS = { source: null, constants: {}, seed: 1 } as const;

function failureOf(end: End | StopView, clock: number, verdict: () => string): string {
  switch (end.kind) {
    case 'check':
    case 'breakpoint':
      return end.reason;
    case 'limit':
    case 'running':
    case 'paused':
      return `not done after ${clock} cycles`;
    default:
      return verdict();
  }
}

/** The setup's own source goes with its own workload only; what is compared is the monitor's own work. */
function setupFor(setup: Setup | null, workload: string, technique: string): Setup {
  const source = setup?.workload === workload ? setup.source : null;
  const { pieces: _, image, ...others } = { ...DEFAULTS, ...setup };
  const own = setup?.workload === workload && image !== undefined ? { image } : {};
  return { ...others, ...own, workload, technique, source };
}

const spentUntil = ({ clock: cycles, instructions, ledger }: Reckoning): Spent => ({
  ...{ cycles, instructions, ledger },
});

function spentBetween(from: Reckoning, to: Reckoning): Spent {
  const ledger = to.ledger.map((row) => {
    const before = from.ledger.find(
      ({ layer, level, reason }) => layer === row.layer && level === row.level && reason === row.reason,
    );
    return { ...row, count: row.count - (before?.count ?? 0), cycles: row.cycles - (before?.cycles ?? 0) };
  });
  return {
    cycles: to.clock - from.clock,
    instructions: to.instructions - from.instructions,
    ledger: ledger.filter(({ count, cycles }) => count > 0 || cycles > 0),
  };
}

/** What the run cost until the guest ended; what a monitor does after that belongs to nobody's workload. */
function measured(world: World): Pick<Measurement, keyof Spent | 'boot' | 'program'> {
  const { beginning, ending, guestEnd } = world;
  const whole: Reckoning = guestEnd ?? {
    clock: world.clock,
    instructions: world.instructions,
    ledger: world.parts(LEDGER_ONLY).ledger ?? [],
  };
  return {
    ...spentUntil(whole),
    ...(beginning && { boot: spentUntil(beginning), program: spentBetween(beginning, ending ?? whole) }),
  };
}

/** What a run has cost, and whether it reached its verified result; `end` says why it does not go on. */
export function measurementOf(
  factory: WorldFactory,
  world: World,
  setup: Setup,
  end: End | StopView,
): Measurement {
  const { workload, technique } = setup;
  const failure = failureOf(end, world.clock, () => factory.verdict(world, setup));
  return {
    workload,
    technique,
    ok: failure === '',
    failure,
    ...measured(world),
    ...(factory.figures ? { figures: factory.figures(world, setup) } : {}),
  };
}

interface Surroundings {
  readonly factory: WorldFactory;
  readonly pace: Pace;
}

export const compare = (
  surroundings: Surroundings,
  present: Setup | null,
  workload: string,
  techniques: readonly string[],
  cancelled: () => boolean,
  onResult: (measurement: Measurement) => void,
): Promise<void> =>
  survey(
    surroundings,
    techniques.map((technique) => setupFor(present, workload, technique)),
    cancelled,
    onResult,
  );

/** Runs each setup to its end in a world of its own. */
export async function survey(
  { factory, pace }: Surroundings,
  setups: readonly Setup[],
  cancelled: () => boolean,
  onResult: (measurement: Measurement) => void,
): Promise<void> {
  for (const setup of setups) {
    if (cancelled()) return;
    const { workload, technique } = setup;
    const { loaded, world } = factory.create(setup);
    if (!world) {
      const failure = loaded.diagnostics[0]?.message ?? 'the source has errors';
      onResult({ workload, technique, ok: false, failure, cycles: 0, instructions: 0, ledger: null });
      continue;
    }
    const end = await runToEnd(world, LIMIT, { pace, cancelled });
    if (end.kind === 'interrupted') return;
    onResult(measurementOf(factory, world, setup, end));
  }
}
