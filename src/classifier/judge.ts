/**
 * Popek and Goldberg's classification by experiment (CACM 17(7), 1974, section 4). One instruction is executed in many
 * states, each in several situations that differ in one thing only: the mode, where things lie, the time. What it is
 * follows from what happened; nothing here knows the name of an instruction.
 */

/** What differs from the reference, which is the supervisor on a machine of its own. */
export type Situation = 'supervisor' | 'user' | 'relocated' | 'later';

/** How one instruction ended in one situation. All values are texts as the manuals print them. */
export interface Outcome {
  /**
   * `done`; `trap`: an exception or program interruption; `call`: the interruption that the instruction is there to
   * ask for (SVC, INT n), which a monitor receives as it receives a trap.
   */
  readonly end: 'done' | 'trap' | 'call';
  /** Of a trap or call: which. */
  readonly cause: string;
  /** The trap says that the mode does not allow the instruction. */
  readonly forbidden: boolean;
  /** What the program itself can see afterwards. */
  readonly visible: Readonly<Record<string, string>>;
  /** What has changed of mode, relocation and other resources: name, and value afterwards. */
  readonly control: Readonly<Record<string, string>>;
}

/** One state of one instruction, executed in each situation. */
export interface Trial {
  /** The instruction as executed, in assembly. */
  readonly text: string;
  /** What of the state matters to a reader. */
  readonly state: string;
  readonly outcomes: Readonly<Record<Situation, Outcome>>;
}

/** Two runs of one state, or one run, and what in them convicts. */
export interface Evidence {
  readonly text: string;
  readonly state: string;
  readonly runs: readonly { readonly situation: Situation; readonly end: string }[];
  /** Name of a register, flag or storage, and its value in each of the runs. */
  readonly differences: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface Verdict {
  /** Traps in user mode wherever it does not in supervisor mode. */
  readonly privileged: boolean;
  /** Changes mode, relocation or other resources. */
  readonly control: Evidence | null;
  /** Its result depends on the mode. */
  readonly mode: Evidence | null;
  /** Its result depends on where things lie. */
  readonly location: Evidence | null;
  /** Its result depends on the time alone. */
  readonly clock: Evidence | null;
  /** The pair of runs in which user mode is refused; null if it never is. */
  readonly trap: Evidence | null;
  /** States in which it could be executed at all. */
  readonly informative: number;
}

const executes = ({ end }: Outcome): boolean => end !== 'trap';
const endOf = ({ end, cause }: Outcome): string => (end === 'done' ? 'done' : `${end}: ${cause}`);

/** Names whose values differ, with both. */
function differences(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): { name: string; values: readonly string[] }[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names]
    .filter((name) => a[name] !== b[name])
    .map((name) => ({ name, values: [a[name] ?? 'unchanged', b[name] ?? 'unchanged'] }));
}

function evidence(trial: Trial, situations: readonly Situation[], found: Evidence['differences']): Evidence {
  return {
    text: trial.text,
    state: trial.state,
    runs: situations.map((situation) => ({ situation, end: endOf(trial.outcomes[situation]) })),
    differences: found,
  };
}

/** What the two runs end with that is not the same: what a call leaves belongs to its handler. */
function compare(a: Outcome, b: Outcome, withControl: boolean): Evidence['differences'] {
  if (a.end === 'call' && b.end === 'call') return a.cause === b.cause ? [] : [cause(a, b)];
  if (!executes(a) || !executes(b)) return [];
  return [...differences(a.visible, b.visible), ...(withControl ? differences(a.control, b.control) : [])];
}

const dependsOnTime = ({ outcomes }: Trial): boolean =>
  compare(outcomes.supervisor, outcomes.later, false).length > 0;

const cause = (a: Outcome, b: Outcome): Evidence['differences'][number] => ({
  name: 'end',
  values: [endOf(a), endOf(b)],
});

/** The first trial in which `situation` ends otherwise than the supervisor. */
function convict(trials: readonly Trial[], situation: Situation): Evidence | null {
  for (const trial of trials) {
    // Translation takes time as well: what changes with the time alone says nothing of the place.
    if (situation === 'relocated' && dependsOnTime(trial)) continue;
    const found = compare(trial.outcomes.supervisor, trial.outcomes[situation], situation === 'user');
    if (found.length > 0) return evidence(trial, ['supervisor', situation], found);
  }
  return null;
}

/** A call that user mode may make in some states and not in others: it asks about the mode and does not always trap. */
function convictCall(trials: readonly Trial[]): Evidence | null {
  const trial = trials.find(({ outcomes }) => outcomes.supervisor.end === 'call' && !executes(outcomes.user));
  return trial
    ? evidence(trial, ['supervisor', 'user'], [cause(trial.outcomes.supervisor, trial.outcomes.user)])
    : null;
}

function convictControl(trials: readonly Trial[]): Evidence | null {
  for (const trial of trials) {
    const { control, end } = trial.outcomes.supervisor;
    const changed = Object.entries(control).map(([name, value]) => ({ name, values: [value] }));
    if (end === 'done' && changed.length > 0) return evidence(trial, ['supervisor'], changed);
  }
  return null;
}

/** What an instruction is, by all its trials. */
export function judge(all: readonly Trial[]): Verdict {
  const trials = all.filter(({ outcomes }) => executes(outcomes.supervisor));
  const refused = all.find(
    ({ outcomes: { supervisor, user } }) =>
      user.forbidden && !(supervisor.forbidden && supervisor.cause === user.cause),
  );
  const allowed = trials.some(({ outcomes }) => executes(outcomes.user));
  const location = convict(trials, 'relocated');
  const mode = convict(trials, 'user') ?? (allowed ? convictCall(trials) : null);
  return {
    privileged: refused !== undefined && !allowed,
    control: convictControl(trials),
    mode,
    location,
    clock: convict(trials, 'later'),
    trap: refused ? evidence(refused, ['supervisor', 'user'], []) : null,
    informative: trials.length,
  };
}

/** In one word; the clock apart, which every virtual machine shares with the real one. */
export type Kind = 'control-sensitive' | 'behaviour-sensitive' | 'clock' | 'innocuous';

export function kindOf({ control, mode, location, clock }: Verdict): Kind {
  if (control) return 'control-sensitive';
  if (mode || location) return 'behaviour-sensitive';
  return clock ? 'clock' : 'innocuous';
}

/** Whether trap-and-emulate fails on it: the theorem asks that sensitive instructions be privileged. */
export const violates = (verdict: Verdict): boolean =>
  !verdict.privileged && (verdict.control ?? verdict.mode ?? verdict.location) !== null;
