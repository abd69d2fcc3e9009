/** What came of a run: whether every program typed what it must, and the figures by which techniques are compared. */
import { SUPERVISOR_BYTES } from '../../src/os/timesharing/layout.ts';
import { NUCLEUS } from '../../src/worlds/s370/cp-system.ts';
import type { timesharingReport } from '../../src/worlds/s370/timesharing-report.ts';
import type { S370World } from '../../src/worlds/s370/world.ts';
import { expectedOutput } from '../+shared/s370/users.ts';
import { SECOND, type Errand, type Workload } from './workloads.ts';

type Report = ReturnType<typeof timesharingReport>['timesharing'];

/** What the supervisor tells of the run so far, or null where each user has a machine of his own. */
export const reportOf = ({ system }: S370World): Report | null =>
  (system.report?.() as Partial<ReturnType<typeof timesharingReport>> | undefined)?.timesharing ?? null;

/** It is there to go wrong. */
const isWild = (program: string): boolean => program.toUpperCase() === 'WILD';

/** What is wrong with the results, or ''. A program that somebody has edited may type what it likes. */
export function wrongIn(world: S370World, workload: Workload, edited: boolean): string {
  const report = reportOf(world);
  const { errands = [] } = workload;
  // Alone, the program to edit is all that there is.
  const checksFirst = errands.length === 1 && !edited;
  return report
    ? wrongUnderSupervisor(report, workload) || (checksFirst ? wrongAlone(report, errands[0]!) : '')
    : wrongApart(world, errands, checksFirst);
}

function wrongAlone({ processes }: Report, { program, argument }: Errand): string {
  const expected = expectedOutput(program.toUpperCase(), argument);
  const found = processes.map(({ output }) => output).join('');
  return found === expected ? '' : `not what ${program} must type: ${found.trim()}`;
}

function wrongUnderSupervisor({ down, processes }: Report, { name }: Workload): string {
  if (down !== '') return down;
  const wrong = processes.find(({ program, argument, state, failure, output, exitCode }) => {
    if (state !== 'ended' || program === name) return false;
    const expected = expectedOutput(program, argument);
    return failure !== '' || exitCode !== 0 || (expected !== null && output !== expected);
  });
  if (!wrong) return '';
  const found = wrong.failure || wrong.output.trim() || `exit code ${wrong.exitCode}`;
  return `${wrong.program} ${wrong.argument} of user ${wrong.user}: ${found}`;
}

function wrongApart({ system }: S370World, errands: readonly Errand[], checksFirst: boolean): string {
  const wrong = errands.find(({ user, program, argument }, i) => {
    const expected = expectedOutput(program.toUpperCase(), argument);
    if (expected === null || (i === 0 && !checksFirst)) return false;
    return system.printer(i === 0 ? undefined : user).trim() !== expected.trim();
  });
  return wrong ? `${wrong.user}: not what ${wrong.program} must type` : '';
}

/** Cycles in which somebody did something, and of those the users' programs'. */
function busyIn(world: S370World): { readonly busy: number; readonly programs: number } {
  const rows = (world.guestEnd?.ledger ?? world.machine.ledger.rows()).filter(
    ({ reason }) => reason !== 'idle',
  );
  const sum = (of: typeof rows): number => of.reduce((total, { cycles }) => total + cycles, 0);
  return { busy: sum(rows), programs: sum(rows.filter(({ layer }) => layer === 'guest-user')) };
}

/** Times in seconds of the users, storage in K. */
export function figuresOf(world: S370World, { errands }: Workload): Readonly<Record<string, number>> {
  const report = reportOf(world);
  const { busy, programs } = busyIn(world);
  const work = { system: (100 * (busy - programs)) / Math.max(1, busy) };
  if (errands) return { ...(report ? ofErrands(report) : ofMachines(world, errands)), ...work };
  const { mean, median, percentile90, count } = report!.responses;
  return {
    answers: count,
    mean: mean / SECOND,
    median: median / SECOND,
    percentile90: percentile90 / SECOND,
    perMinute: (count * 60 * SECOND) / Math.max(1, world.clock),
    pagesMoved: report!.drum.reads + report!.drum.writes,
    switches: report!.switches,
    ...work,
  };
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);

function ofErrands({ down, processes, responses }: Report) {
  const done = processes.filter(
    ({ program, state, failure }) => state === 'ended' && (failure === '' || isWild(program)),
  );
  return {
    unharmed: down === '' ? done.filter(({ program }) => !isWild(program)).length : 0,
    mean: down === '' ? responses.mean / SECOND : 0,
    storage: 4 * average(processes.map(({ pageCount }) => pageCount)),
    resident: SUPERVISOR_BYTES / 1024,
  };
}

function ofMachines(world: S370World, errands: readonly Errand[]) {
  const endings = world.system.endings?.() ?? {};
  const pages = (world.system.tasks() ?? []).map(({ detail }) => Number(detail));
  const well = errands.filter(({ user }) => endings[user]?.failure === '');
  return {
    unharmed: well.length,
    mean: average(Object.values(endings).map(({ clock }) => clock)) / SECOND,
    storage: 4 * average(pages),
    resident: NUCLEUS / 1024,
  };
}
