/** The time-sharing chapter's engine: many users of one System/370, under a supervisor or with a machine for each. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { MODEL_145 } from '../../src/machines/s370/models.ts';
import type { Settings } from '../../src/os/timesharing/settings.ts';
import type { Setup } from '../../src/protocol/frame.ts';
import type { Sandbox } from '../../src/sandbox/contract.ts';
import { offeredConstants } from '../../src/worlds/constants.ts';
import type { MonitorChoice, S370Configuration } from '../../src/worlds/s370/configuration.ts';
import { MAIN_FILE, S370World } from '../../src/worlds/s370/world.ts';
import { DESK_STORAGE, deskWith } from './desks.ts';
import { figuresOf, wrongIn } from './results.ts';
import { isApart, OFFICE, workloadsFor, type Workload } from './workloads.ts';

const NAMES = Object.keys(workloadsFor(0));
const techniquesOf = (name: string): readonly string[] => Object.keys(workloadsFor(0)[name]!.techniques);

/** What a page or an exercise may set, and the least and the most of it. */
const OPTIONS = {
  users: [0, 40],
  frames: [4, 400],
  quantum: [1, 1e9],
  interactions: [0, 100],
  think: [0, 1000],
} as const satisfies Partial<Record<keyof Settings, readonly [number, number]>>;

function optionsOf({ options }: Setup): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(OPTIONS).flatMap(([name, [least, most]]) => {
      const value = options?.[name];
      if (typeof value !== 'number') return [];
      if (!(value >= least && value <= most))
        throw new Error(`${name} = ${value}: from ${least} to ${most} is possible`);
      return [[name, value]];
    }),
  );
}

function workloadOf({ workload, technique, seed }: Setup): Workload {
  const found = workloadsFor(seed)[workload];
  if (!found) throw new Error(`there are ${NAMES.join(', ')}, not ${workload}`);
  if (!Object.hasOwn(found.techniques, technique))
    throw new Error(`${workload} is offered under ${techniquesOf(workload).join(', ')}, not ${technique}`);
  return found;
}

/** A run with another discipline than its setup names would be another run. */
function needed(sandbox: Sandbox | null | undefined): Sandbox {
  if (!sandbox) throw new Error('a setup with a discipline of a student needs a sandbox');
  return sandbox;
}

/** One supervisor for all. */
function shared(workload: Workload, setup: Setup, sandbox?: Sandbox | null): Partial<S370Configuration> {
  const technique = workload.techniques[setup.technique] as Partial<Settings>;
  const script = workload.errands?.map(({ program, argument }, i) => ({
    program: i === 0 ? workload.name : program.toUpperCase(),
    argument,
  }));
  return {
    user: workload.name,
    timesharing: {
      settings: { ...OFFICE, ...workload.settings, ...technique, ...optionsOf(setup), seed: setup.seed },
      jobs: workload.jobs,
      weight: 0,
      ...(script ? { script } : {}),
    },
    ...(setup.pieces ? { pieces: { sandbox: needed(sandbox), sources: setup.pieces } } : {}),
  };
}

/** A machine for each: a virtual one, but for a single user also the real one. */
function apart({ errands = [] }: Workload, under: readonly MonitorChoice[]): Partial<S370Configuration> {
  const [first, ...others] = errands;
  const fellows = others.map(({ user, program, argument }) => ({
    name: user,
    source: deskWith(program, argument),
    storage: DESK_STORAGE,
  }));
  return { storage: DESK_STORAGE, under, ...(fellows.length > 0 && { user: first!.user, fellows }) };
}

export default defineWorld({
  offer: {
    workloads: NAMES,
    techniques: [...new Set(NAMES.flatMap(techniquesOf))],
    only: Object.fromEntries(NAMES.map((name) => [name, techniquesOf(name)])),
    constants: offeredConstants(MODEL_145),
    sweep: {
      ...{ workload: 'office', option: 'users', most: 40 },
      figures: ['mean', 'median', 'percentile90', 'perMinute', 'pagesMoved'],
    },
  },

  create: (setup, sandbox) => {
    const workload = workloadOf(setup);
    const technique = workload.techniques[setup.technique]!;
    const [first] = workload.errands ?? [];
    const own = isApart(technique) && first ? deskWith(first.program, first.argument) : workload.source;
    const source = setup.source ?? own;
    const { world, diagnostics } = S370World.create({
      program: { kind: 'source', text: source, file: MAIN_FILE },
      ...(isApart(technique) ? apart(workload, technique) : shared(workload, setup, sandbox)),
      constants: setup.constants,
    });
    return { loaded: { ok: world !== null, source, diagnostics }, world };
  },

  verdict: (world: World, setup: Setup) =>
    world instanceof S370World ? wrongIn(world, workloadOf(setup), setup.source !== null) : '',

  figures: (world: World, setup: Setup) =>
    world instanceof S370World ? figuresOf(world, workloadOf(setup)) : {},
});
