/** A student's work on one assignment: whose it is, how far each exercise is, where it is kept and to whom it is told. */
import type { ExerciseStore, SavedWork } from '../../ui/exercise/store.ts';
import { seedOf, type Assignment } from '../format/assignment.ts';
import { assignmentId } from '../format/link.ts';
import type { Platform } from '../platform/platform.ts';
import { packResume, unpackResume, type Kept } from '../platform/resume.ts';
import type { Keeper } from '../store/keeper.ts';
import { keyOf } from '../store/keys.ts';
import { exerciseStore } from '../store/stores.ts';

export type Standing = 'solved' | 'checked' | 'begun' | 'untouched';

/** The variant that a student begins with who may choose. */
const FIRST_SEED = 1;

export class StudentWork {
  readonly assignment: Assignment;
  readonly store: ExerciseStore;
  student = $state('');
  /** By exercise, as kept. */
  works = $state.raw<Readonly<Record<string, SavedWork>>>({});
  seeds = $state.raw<Readonly<Record<string, number>>>({});
  handedIn = $state(false);
  /** How much of the work the platform keeps; null without a platform. */
  carried = $state<Kept | null>(null);
  /** What the platform did not take, in its words, or ''. */
  refusal = $state('');
  private readonly keeper: Keeper;
  private readonly platform: Platform | null;
  private readonly id: string;
  /** Solved in an earlier session, as the platform carried it: a new session takes nothing back. */
  private solvedBefore: readonly string[] = [];

  constructor(assignment: Assignment, keeper: Keeper, platform: Platform | null) {
    [this.assignment, this.keeper, this.platform] = [assignment, keeper, platform];
    this.id = assignmentId(assignment);
    const assigned = (exercise: string): number | null =>
      assignment.seeds.kind === 'free' ? null : seedOf(assignment, this.student, exercise, FIRST_SEED);
    const inner = exerciseStore(async () => keeper, this.id, assigned);
    this.store = {
      ...inner,
      chooseSeed: async (exercise, seed) => {
        this.seeds = { ...this.seeds, [exercise]: seed };
        await inner.chooseSeed(exercise, seed);
      },
      save: async (exercise, seed, work) => {
        if (seed === this.seedOf(exercise)) this.works = { ...this.works, [exercise]: work };
        this.tell();
        await inner.save(exercise, seed, work);
      },
    };
  }

  /** The student of an earlier visit, or the one that the platform names; '' if there is neither. */
  async recall(): Promise<string> {
    const kept = await this.keeper.read(keyOf.assignment(this.id)).catch(() => null);
    const earlier = kept && 'student' in kept ? kept.student : '';
    return earlier || (unpackResume(this.platform?.resumed ?? '')?.student ?? '') || this.named();
  }

  /** "Family, Given" is how SCORM platforms say it. */
  private named(): string {
    const [family = '', given = ''] = (this.platform?.learner ?? '').split(/,\s*/);
    return `${given} ${family}`.trim();
  }

  async begin(student: string): Promise<void> {
    this.student = student.trim().replace(/\s+/g, ' ');
    const { assignment } = this;
    // The keeper tells what it cannot keep.
    const key = keyOf.assignment(this.id);
    await this.keeper.read(key).catch(() => null);
    await this.keeper.write(key, { assignment, student: this.student }).catch(() => undefined);
    this.works = {};
    for (const exercise of assignment.exercises) await this.load(exercise);
    await this.resume();
  }

  private async load(exercise: string): Promise<void> {
    const seed = (await this.store.seed(exercise).catch(() => null)) ?? FIRST_SEED;
    this.seeds = { ...this.seeds, [exercise]: seed };
    const work = await this.store.load(exercise, seed).catch(() => null);
    if (work) this.works = { ...this.works, [exercise]: work };
  }

  /** Work that the platform carried here from another computer; what is kept here counts more. */
  private async resume(): Promise<void> {
    const resumed = unpackResume(this.platform?.resumed ?? '');
    if (resumed?.student !== this.student) return;
    this.handedIn = resumed.handedIn;
    this.solvedBefore = resumed.works.filter(({ solved }) => solved).map(({ exercise }) => exercise);
    for (const { exercise, seed, attempt } of resumed.works) {
      if (!attempt || this.works[exercise] || seed !== this.seedOf(exercise)) continue;
      await this.store.save(exercise, seed, { attempt, verdict: null, hints: 0 }).catch(() => undefined);
    }
  }

  seedOf(exercise: string): number {
    return seedOf(this.assignment, this.student, exercise, this.seeds[exercise] ?? FIRST_SEED);
  }

  standingOf(exercise: string): Standing {
    const work = this.works[exercise];
    if (!work) return 'untouched';
    if (work.verdict?.passed) return 'solved';
    return work.verdict ? 'checked' : 'begun';
  }

  get solved(): number {
    return this.assignment.exercises.filter((exercise) => this.standingOf(exercise) === 'solved').length;
  }

  handIn(): void {
    this.handedIn = true;
    this.tell();
  }

  /** Tells the platform how far the work is. */
  private tell(): void {
    const { platform, assignment } = this;
    if (!platform) return;
    const { student, handedIn } = this;
    const works = assignment.exercises.flatMap((exercise) => {
      const attempt = this.works[exercise]?.attempt ?? null;
      const solved = this.standingOf(exercise) === 'solved' || this.solvedBefore.includes(exercise);
      return attempt || solved ? [{ exercise, seed: this.seedOf(exercise), attempt, solved }] : [];
    });
    const { text, kept } = packResume({ student, handedIn, works }, platform.room);
    const solved = works.filter((work) => work.solved).length;
    const progress = { solved, all: assignment.exercises.length, handedIn };
    platform.report(progress, text).then(
      () => {
        this.carried = kept;
        this.refusal = '';
      },
      (error: unknown) => (this.refusal = error instanceof Error ? error.message : String(error)),
    );
  }
}
