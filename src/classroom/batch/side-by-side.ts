/** What shows only when all files lie side by side: copies, and whose they are. */
import { outcomeOf, type Checked, type Note, type Reason, type Trace } from '../format/checked.ts';

/** The same files with what the comparison adds. Order is kept. */
export function sideBySide(checked: readonly Checked[]): readonly Checked[] {
  const index = new Index(checked);
  return checked.map((each) => {
    const reasons = each.reasons.map((reason) => named(reason, each, index));
    return { ...each, reasons, outcome: outcomeOf(reasons), notes: [...each.notes, ...notesOn(each, index)] };
  });
}

const workKey = ({ exercise, work }: Trace): string => `${exercise} ${work}`;
const seedKey = (exercise: string, seed: number): string => `${exercise} ${seed}`;

/** A file that stands by its own work at an exercise. */
const stands = ({ reasons }: Checked, exercise: string): boolean =>
  !reasons.some((reason) => reason.exercise === exercise || reason.exercise === '');

class Index {
  /** Students whose own seed it is. */
  private readonly seeds = new Map<string, string>();
  /** Students for whom this very work passes. */
  private readonly works = new Map<string, string[]>();
  private readonly files = new Map<string, string[]>();

  constructor(checked: readonly Checked[]) {
    for (const each of checked) {
      push(this.files, each.student, each.file);
      for (const trace of each.traces.filter(({ exercise }) => stands(each, exercise))) {
        this.seeds.set(seedKey(trace.exercise, trace.seed), each.student);
        if (trace.work !== '') push(this.works, workKey(trace), each.student);
      }
    }
  }

  ownerOf(exercise: string, seed: number): string {
    return this.seeds.get(seedKey(exercise, seed)) ?? '';
  }

  /** Somebody else who did the same work. */
  sameWork(trace: Trace, student: string): string | undefined {
    return this.works.get(workKey(trace))?.find((other) => other !== student);
  }

  otherFile({ student, file }: Checked): string | undefined {
    return student === '' ? undefined : this.files.get(student)?.find((other) => other !== file);
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function named(reason: Reason, { student, traces }: Checked, index: Index): Reason {
  if (reason.kind === 'seed') return { ...reason, whose: index.ownerOf(reason.exercise, reason.seed) };
  const trace = traces.find(({ exercise }) => exercise === reason.exercise);
  const failed = reason.kind === 'fails' || reason.kind === 'claims-more' || reason.kind === 'other-state';
  const whose = failed && trace && index.sameWork(trace, student);
  return whose ? { kind: 'copied', exercise: reason.exercise, whose } : reason;
}

function notesOn(each: Checked, index: Index): Note[] {
  const twice = index.otherFile(each);
  const same = each.traces
    .filter(({ exercise }) => stands(each, exercise))
    .flatMap((trace): Note[] => {
      const whose = index.sameWork(trace, each.student);
      return whose ? [{ kind: 'same-work', exercise: trace.exercise, whose }] : [];
    });
  return [...(twice === undefined ? [] : [{ kind: 'twice', file: twice } as const]), ...same];
}
