/** What a time-sharing system tells of its processes and users: figures for reports, rows for panels. */
import type { SharingView, TaskView } from '../../protocol/frame.ts';
import type { Process } from '../../os/timesharing/process.ts';
import type { Finished } from '../../os/timesharing/processes.ts';
import { OPERATOR } from '../../os/timesharing/process.ts';
import type { Supervisor } from '../../os/timesharing/supervisor.ts';

/** Cycles that users waited from command to answer, and what they got. */
export interface Responses {
  readonly count: number;
  readonly mean: number;
  readonly median: number;
  readonly percentile90: number;
  readonly worst: number;
}

const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;

export function responsesOf(supervisor: Supervisor): Responses {
  const sorted = supervisor.users.state.done
    .map(({ typedAt, doneAt }) => doneAt - typedAt)
    .sort((a, b) => a - b);
  return {
    count: sorted.length,
    mean: sorted.length === 0 ? 0 : sorted.reduce((sum, each) => sum + each, 0) / sorted.length,
    median: at(sorted, 0.5),
    percentile90: at(sorted, 0.9),
    worst: sorted.at(-1) ?? 0,
  };
}

const figures = (p: Finished | Process) => ({
  id: p.id,
  user: p.user === OPERATOR ? 'operator' : p.user + 1,
  program: p.program,
  argument: p.argument,
  state: 'state' in p ? p.state : 'ended',
  exitCode: p.exitCode,
  failure: p.failure,
  output: p.output,
  arrivedAt: p.arrivedAt,
  endedAt: p.endedAt,
  cycles: p.total,
  dispatches: p.dispatches,
  preemptions: p.preemptions,
  faults: p.faults,
  pagesIn: p.pagesIn,
  pagesOut: p.pagesOut,
  pageCount: 'pages' in p ? p.pages.length : p.pageCount,
});

/** A process as panels name it. */
export const taskName = ({ program, id }: Pick<Process, 'program' | 'id'>): string => `${program} ${id}`;

const rankText = (rank: number): string => (Number.isInteger(rank) ? String(rank) : rank.toFixed(0));

export function sharingOf(supervisor: Supervisor): SharingView {
  const waiting = supervisor.live
    .filter(({ state }) => state === 'ready' || state === 'running')
    .sort((a, b) => a.rank - b.rank || a.turn - b.turn);
  const ranks = [...new Set(waiting.map(({ rank }) => rankText(rank)))];
  const holder = (owner: number): string => {
    const process = supervisor.process(owner);
    return process ? taskName(process) : '';
  };
  return {
    queues: ranks.map((rank) => ({
      rank,
      tasks: waiting.filter((p) => rankText(p.rank) === rank).map(taskName),
    })),
    core: supervisor.core.frames.map(({ owner }) => holder(owner)),
    reads: supervisor.drum.state.reads,
    writes: supervisor.drum.state.writes,
    responses: supervisor.users.state.done.map(({ typedAt, doneAt }) => doneAt - typedAt),
    second: supervisor.settings.second,
  };
}

/** For the JSON of a run; times are cycles. */
export const timesharingReport = (supervisor: Supervisor) => ({
  timesharing: {
    settings: supervisor.settings,
    down: supervisor.state.down,
    switches: supervisor.state.switches,
    drum: { reads: supervisor.drum.state.reads, writes: supervisor.drum.state.writes },
    responses: responsesOf(supervisor),
    processes: [...supervisor.state.finished.map(figures), ...supervisor.live.map(figures)].sort(
      (a, b) => a.id - b.id,
    ),
  },
});

export const timesharingTasks = ({ live }: Supervisor): TaskView[] =>
  live.map((p) => ({
    name: taskName(p),
    state: p.state === 'blocked' ? `blocked: ${p.waiting?.kind ?? ''}` : p.state,
    queue: rankText(p.rank),
    cycles: p.total,
    detail: `${p.pages.filter(({ frame }) => frame >= 0).length}/${p.pages.length}`,
  }));
