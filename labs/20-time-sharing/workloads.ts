/** What the time-sharing chapter runs: programs, users, and what differs between the techniques of each workload. */
import { MODEL_145 } from '../../src/machines/s370/models.ts';
import { DISCIPLINE_NAMES, type DisciplineName } from '../../src/os/timesharing/disciplines/table.ts';
import type { MemoryName, Protection, Settings } from '../../src/os/timesharing/settings.ts';
import type { Job, MonitorChoice } from '../../src/worlds/s370/configuration.ts';
import { jobOf, USUAL_MIX, userProgram, type UserProgram } from '../+shared/s370/users.ts';
import { keeper } from './keeper.ts';

/** Cycles of a Model 145 in a twentieth of a second: what counts as a second of the users. */
export const SECOND = Math.round(1e12 / MODEL_145.cyclePicoseconds / 20);

/** One user who gives one command. */
export interface Errand {
  readonly user: string;
  readonly program: UserProgram;
  readonly argument: number;
}

/** What a technique makes of the supervisor; or a machine for each user instead, and the monitors beneath it. */
export type Technique = Partial<Settings> | readonly MonitorChoice[];
export const isApart = (technique: Technique): technique is readonly MonitorChoice[] =>
  Array.isArray(technique);

const CP: MonitorChoice = { name: 'cp' };

export interface Workload {
  /** What the operator starts, by the name that it has in the library; its source is the one to edit. */
  readonly name: string;
  readonly source: string;
  readonly jobs: readonly Job[];
  readonly settings: Partial<Settings>;
  readonly techniques: Readonly<Record<string, Technique>>;
  /** Users with one errand each, in the place of simulated ones and of the operator; the first one runs `source`. */
  readonly errands?: readonly Errand[];
}

/** Thirty users of a machine that holds one program in core. */
export const OFFICE: Settings = {
  discipline: 'ctss',
  protection: 'dat',
  memory: 'swap',
  frames: 12,
  quantum: Math.round(SECOND / 5),
  second: SECOND,
  users: 30,
  think: 35.2,
  seed: 1,
  interactions: 3,
};

/** Everything in core, and a shorter quantum: nothing has to be swapped for it. */
const RESIDENT: Partial<Settings> = {
  ...{ memory: 'resident', frames: 40, discipline: 'round-robin' },
  quantum: Math.round(SECOND / 10),
};

const each = <T extends string>(names: readonly T[], settings: (name: T) => Technique) =>
  Object.fromEntries(names.map((name) => [name, settings(name)]));
const BY_DISCIPLINE = each<DisciplineName>(DISCIPLINE_NAMES, (discipline) => ({ discipline }));
const BY_MEMORY = each<MemoryName>(['lru', 'clock', 'working-set', 'onion', 'swap'], (memory) => ({
  memory,
}));
const BY_PROTECTION = each<Protection>(['none', 'keys', 'dat'], (protection) => ({ protection }));

const THREE: readonly Errand[] = [
  { user: 'BOB', program: 'edit', argument: 8 },
  { user: 'CAROL', program: 'matrix', argument: 8 },
  { user: 'DAVE', program: 'sum', argument: 3 },
];

/** In the order of the chapter; `snoop` is an exercise's. */
export const workloadsFor = (seed: number): Readonly<Record<string, Workload>> => ({
  office: {
    ...{ name: 'FIRST', source: userProgram('sum'), jobs: USUAL_MIX },
    settings: {},
    techniques: BY_DISCIPLINE,
  },
  seat: {
    ...{ name: 'FIRST', source: userProgram('sum'), jobs: USUAL_MIX },
    settings: { users: 29, interactions: 0 },
    techniques: BY_DISCIPLINE,
  },
  thrash: {
    ...{ name: 'FIRST', source: userProgram('sum'), jobs: [jobOf('matrix', 1)] },
    settings: {
      ...{ users: 6, think: 2, interactions: 2, frames: 20 },
      ...{ quantum: 20_000, discipline: 'round-robin' },
    },
    techniques: BY_MEMORY,
  },
  wild: {
    ...{ name: 'WILD', source: userProgram('wild'), jobs: USUAL_MIX, settings: RESIDENT },
    techniques: { ...BY_PROTECTION, cp: [CP] },
    errands: [{ user: 'ALICE', program: 'wild', argument: 0 }, ...THREE],
  },
  jobs: {
    ...{ name: 'MINE', source: userProgram('sum'), jobs: USUAL_MIX, settings: RESIDENT },
    techniques: { fcfs: { discipline: 'fcfs' }, ctss: { discipline: 'ctss' }, cp: [CP] },
    errands: [{ user: 'ALICE', program: 'sum', argument: 8 }, ...THREE],
  },
  alone: {
    ...{ name: 'MINE', source: userProgram('matrix'), jobs: USUAL_MIX, settings: RESIDENT },
    techniques: {
      ...{ bare: [], dat: { protection: 'dat' }, cp: [CP] },
      'cp-assist': [{ ...CP, assist: 'vma' }],
      'cp-ecps': [{ ...CP, assist: 'ecps' }],
      'cp-cp': [CP, CP],
    },
    errands: [{ user: 'ALICE', program: 'matrix', argument: 8 }],
  },
  shell: {
    ...{ name: 'SH', source: userProgram('sh'), jobs: [...USUAL_MIX, jobOf('pipes', 0)] },
    settings: { ...RESIDENT, users: 0 },
    techniques: BY_DISCIPLINE,
  },
  snoop: {
    ...{ name: 'SNOOP', source: userProgram('sum') },
    jobs: [{ name: 'KEEPER', source: keeper(seed), weight: 1 }],
    settings: { ...RESIDENT, users: 2, think: 0.01, interactions: 1 },
    techniques: BY_PROTECTION,
  },
});
