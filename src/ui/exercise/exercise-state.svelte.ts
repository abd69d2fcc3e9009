/** One exercise on the page: what the student has entered, what came of checking it, and where it is kept. */
import type { Attempt, Check, ExerciseKind, Grading, Variant, Verdict } from '../../protocol/exercise.ts';
import type { LabState } from '../lab/lab-state.svelte.ts';
import type { ExerciseStore, SavedWork } from './store.ts';

export interface ExerciseOptions {
  /** Its whole name, `LAB/FOLDER`. */
  readonly name: string;
  readonly kind: ExerciseKind;
  readonly store: ExerciseStore;
  /** The student may turn to other variants; not where one is assigned. */
  readonly variants: boolean;
  /** Brings the chapter's lab to life, if need be, and into sight with `show`. */
  readonly openLab: (show: boolean) => Promise<LabState>;
  /** Hears the values of the variant: the text around shows them. */
  readonly onvariant: (variant: Variant) => void;
}

/** Milliseconds without a key after which what was entered goes into the lab. */
const EDIT_PAUSE = 500;
const FIRST_SEED = 1;
const LAST_SEED = 0x7fff_ffff;

type Doing = 'nothing' | 'opening' | 'checking';
/** What is said in the live region, by the key of its words. */
type Said = '' | 'opened' | 'cleared' | 'undone' | 'cancelled' | 'noLab' | 'wentThere' | 'checked';

export class ExerciseState {
  readonly options: ExerciseOptions;
  seed = $state(FIRST_SEED);
  variant = $state.raw<Variant | null>(null);
  answers = $state.raw<Attempt['answers']>({});
  files = $state.raw<Attempt['files']>({});
  /** The run that was judged, where the exercise is one to operate. */
  private recording: Attempt['recording'] = null;
  verdict = $state.raw<Verdict | null>(null);
  /** Something was entered after the verdict. */
  changed = $state(false);
  hints = $state(0);
  doing = $state<Doing>('nothing');
  /** Cycles that the check under way has simulated. */
  progress = $state(0);
  said = $state<Said>('');
  /** Cycle to which the student was brought. */
  wentTo = $state(0);
  /** Why the work could not be kept, in words, or ''. */
  unsaved = $state('');
  /** Something was kept from an earlier visit. */
  begun = $state(false);
  cleared = $state.raw<SavedWork | null>(null);
  private lab: LabState | null = null;
  private recalled: Promise<void> = Promise.resolve();
  private seeds = $state.raw<readonly number[]>([]);
  private loading: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ExerciseOptions) {
    this.options = options;
  }

  get fileNames(): readonly string[] {
    return Object.keys(this.variant?.files ?? {});
  }
  get passed(): boolean {
    return this.verdict?.passed ?? false;
  }
  /** There is a variant to go back to. */
  get hasBefore(): boolean {
    return this.seeds.length > 0;
  }
  /** What is wrong with the file, as the latest load or check has it. */
  diagnosticsOf(name: string) {
    const all =
      this.lab?.loaded?.ok === false ? this.lab.loaded.diagnostics : (this.verdict?.diagnostics ?? []);
    return this.fileNames.length === 1 ? all : all.filter(({ span }) => span.file === name);
  }

  // ---------------------------------------------------------------- beginning

  /** Looks for work of an earlier visit; no engine is needed for that. */
  recall(): Promise<void> {
    return (this.recalled = this.takeKept());
  }

  private async takeKept(): Promise<void> {
    const { store, name } = this.options;
    this.seed = (await store.seed(name)) ?? FIRST_SEED;
    this.take(await store.load(name, this.seed));
  }

  private take(work: SavedWork | null): void {
    this.begun = work !== null;
    this.answers = work?.attempt.answers ?? {};
    this.files = work?.attempt.files ?? {};
    this.recording = work?.attempt.recording ?? null;
    this.verdict = work?.verdict ?? null;
    this.hints = work?.hints ?? 0;
    this.changed = false;
  }

  private async grading(): Promise<Grading> {
    const grading = await this.lab?.exercises();
    if (!grading) throw new Error('the lab could not be started');
    return grading;
  }

  /** Makes the variant and opens its start in the lab. */
  async open(): Promise<void> {
    if (this.doing !== 'nothing') return;
    this.doing = 'opening';
    this.said = '';
    try {
      // What is kept comes before anything is typed, or it would overwrite that.
      await this.recalled.catch(() => undefined);
      this.lab = await this.options.openLab(false);
      const grading = await this.grading();
      this.variant = await grading.variant(this.options.name, this.seed);
      this.options.onvariant(this.variant);
      await this.load();
      this.said = 'opened';
    } catch {
      this.said = 'noLab';
    } finally {
      this.doing = 'nothing';
    }
  }

  private async load(): Promise<void> {
    const grading = await this.grading();
    await this.lab?.loadExercise(await grading.setup(this.options.name, this.seed, this.work.attempt));
  }

  async showInLab(): Promise<void> {
    await this.open();
    await this.options.openLab(true);
  }

  // ---------------------------------------------------------------- working

  private get work(): SavedWork {
    const { answers, files, recording } = this;
    return {
      attempt: { answers, files, recording },
      verdict: this.changed ? null : this.verdict,
      hints: this.hints,
    };
  }

  private async keep(work = this.work): Promise<void> {
    const { store, name } = this.options;
    try {
      await store.save(name, this.seed, work);
      this.unsaved = '';
    } catch (error) {
      this.unsaved = error instanceof Error ? error.message : String(error);
    }
  }

  private entered(): void {
    this.changed = this.verdict !== null;
    this.begun = true;
    this.cleared = null;
    this.said = '';
    void this.keep();
  }

  answer(id: string, text: string): void {
    this.answers = { ...this.answers, [id]: text };
    this.entered();
    // What is chosen here is the machine that the lab shows.
    if (this.options.kind === 'configure') this.loadSoon();
  }

  edit(name: string, text: string): void {
    this.files = { ...this.files, [name]: text };
    this.entered();
    this.loadSoon();
  }

  /** What was entered goes into the lab when the typing rests. */
  private loadSoon(): void {
    clearTimeout(this.loading);
    this.loading = setTimeout(() => void this.load().catch(() => (this.said = 'noLab')), EDIT_PAUSE);
  }

  restore(name: string): void {
    this.edit(name, this.variant?.files[name] ?? '');
  }

  revealHint(): void {
    this.hints++;
    void this.keep();
  }

  // ---------------------------------------------------------------- checking

  async check(): Promise<void> {
    const { name, kind } = this.options;
    if (this.doing !== 'nothing' || !this.lab) return;
    this.doing = 'checking';
    this.progress = 0;
    this.said = '';
    try {
      this.recording = kind === 'operate' ? ((await this.lab.session?.recording()) ?? null) : null;
      const { attempt } = this.work;
      const grading = await this.grading();
      const verdict = await grading.grade(name, this.seed, attempt, (cycles) => (this.progress = cycles));
      if (!verdict) {
        this.said = 'cancelled';
        return;
      }
      this.verdict = verdict;
      this.changed = false;
      this.said = 'checked';
      await this.keep();
    } catch {
      this.said = 'noLab';
    } finally {
      this.doing = 'nothing';
    }
  }

  async cancel(): Promise<void> {
    await (await this.grading()).cancelGrading();
  }

  async goTo({ at }: Check): Promise<void> {
    if (!at) return;
    this.lab = await this.options.openLab(true);
    await this.lab.replay(at);
    // A run stands between two instructions only: here, behind the one in which it happened.
    this.wentTo = this.lab.frame?.clock ?? at.clock;
    this.said = 'wentThere';
  }

  // ---------------------------------------------------------------- other beginnings

  private async turnTo(seed: number): Promise<void> {
    const { store, name } = this.options;
    this.seed = seed;
    await store.chooseSeed(name, seed);
    this.take(await store.load(name, seed));
    this.cleared = null;
    await this.open();
  }

  async another(): Promise<void> {
    this.seeds = [...this.seeds, this.seed];
    await this.turnTo(this.seed >= LAST_SEED ? FIRST_SEED : this.seed + 1);
  }

  async back(): Promise<void> {
    const before = this.seeds.at(-1);
    if (before === undefined) return;
    this.seeds = this.seeds.slice(0, -1);
    await this.turnTo(before);
  }

  /** Clears what was entered; `undo` brings it back. */
  async startAgain(): Promise<void> {
    const { work } = this;
    this.take(null);
    await this.keep();
    await this.open();
    this.cleared = work;
    this.said = 'cleared';
  }

  async undo(): Promise<void> {
    const { cleared } = this;
    if (!cleared) return;
    this.take(cleared);
    this.cleared = null;
    await this.keep();
    await this.open();
    this.said = 'undone';
  }
}
