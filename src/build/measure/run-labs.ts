// Runs labs without a page and prints what their chapters show of it, as JSON. Bundled and started by ../figures.ts.
import { techniquesFor } from '../../protocol/frame.ts';
import type { WorldFactory } from '../../lab/world.ts';
import type { View } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';
import { LabSession } from '../../session/session.ts';
import { workCycles } from '../../protocol/work.ts';
import type { Course, Figures } from '../../site/figures.ts';
import { courseOf } from './course.ts';

const worlds = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });

/** Cycles of the run that are drawn: a few transfers of control, each still to be seen. */
const CYCLES = 8000;

const viewFrom = (from: number): View => ({
  parts: ['strata', 'events'],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: [from, from + CYCLES],
  strataCycles: CYCLES,
  strataGrain: 0,
  events: 1000,
});

const pace = {
  now: () => performance.now(),
  breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

/** Slices of the longest run of a race. */
const SLICES = 64;

export interface Shown {
  readonly lab: string;
  readonly workload: string;
  readonly technique: string;
  /** Techniques whose runs are shown side by side, as they went. */
  readonly entered: readonly string[];
}

/** The courses of the runs that `entered` names, of those that have been measured. */
function coursesOf(
  factory: WorldFactory,
  measurements: readonly Measurement[],
  entered: readonly string[],
): Readonly<Record<string, Course>> {
  const runners = measurements.filter(({ technique }) => entered.includes(technique));
  const slice = Math.ceil(Math.max(...runners.filter(({ ok }) => ok).map(workCycles)) / SLICES);
  const course = ({ workload, technique, boot, program, cycles }: Measurement): Course => {
    const { world } = factory.create({ workload, technique, source: null, constants: {}, seed: 1 });
    if (!world) throw new Error(`${workload} cannot be loaded under ${technique}`);
    const from = boot?.cycles ?? 0;
    return courseOf(world, [from, from + (program?.cycles ?? cycles)], slice);
  };
  return Object.fromEntries(runners.map((each) => [each.technique, course(each)]));
}

async function measure({ lab, workload, technique, entered }: Shown): Promise<Figures> {
  const load = worlds[`/labs/${lab}/world.ts`];
  if (!load) throw new Error(`labs/${lab} shows a lab, but has no world.ts`);
  const factory = await load();
  const session = new LabSession({ lab, factory, pace });
  const techniques = techniquesFor(await session.offer(), workload);
  const loaded = await session.load({ workload, technique, source: null, constants: {}, seed: 1 });
  if (!loaded.ok) throw new Error(`${lab}: ${workload} cannot be loaded under ${technique}`);
  const { clock: start } = await session.view(viewFrom(0));
  await session.view(viewFrom(start));
  const { clock, span, strata, events } = await session.seek(start + CYCLES);
  const measurements: Measurement[] = [];
  await session.compare(workload, techniques, (measurement) => measurements.push(measurement));
  return {
    ...{ workload, technique, frame: { clock, span, strata, events }, measurements },
    ...(entered.length > 0 && { courses: coursesOf(factory, measurements, entered) }),
  };
}

/** @param argv the labs as JSON */
export async function main([argument = '[]']: readonly string[]): Promise<number> {
  const shown = JSON.parse(argument) as readonly Shown[];
  const entries: [string, Figures][] = [];
  for (const each of shown) entries.push([each.lab, await measure(each)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(entries)));
  return 0;
}
