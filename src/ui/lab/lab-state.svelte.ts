/**
 * The state of one lab on the page: the latest frame, what was loaded, and the commands. Commands are done one after
 * the other; `pause` goes past the queue, because it ends the command under way.
 */
import {
  techniquesFor,
  type Breakpoints,
  type Frame,
  type Input,
  type LabOffer,
  type Loaded,
  type Setup,
  type View,
} from '../../protocol/frame.ts';
import type { Grading } from '../../protocol/exercise.ts';
import type { Recording, Session } from '../../protocol/session.ts';
import { wordsIn } from '../i18n/index.ts';
import { withRows, type Row } from '../layers.ts';
import { canRun, type Connection } from './connection.ts';
import { Race } from '../race/race.svelte.ts';
import { Survey } from '../race/survey.svelte.ts';
import { Comparison } from './comparison.svelte.ts';
import { FrameGate, type Part } from './frame-gate.ts';
import type { LabOptions, Phase } from './lab-options.ts';
import { Opening } from './opening.svelte.ts';
import { partsFor, type PanelId } from './panels.ts';
import { frameSentence } from './say.ts';
import { StrataView } from './strata-view.svelte.ts';
import { Sweep } from './sweep.svelte.ts';

type FrameCommand =
  'step' | 'stepBack' | 'stepOver' | 'nextLine' | 'nextTransfer' | 'previousTransfer' | 'reset';

const NO_BREAKPOINTS: Breakpoints = { addresses: [], events: [], storage: [], registers: [] };
const EDIT_PAUSE = 350;
/** Input by hand into the machine itself: nothing goes on because of it. */
const PATCHES: readonly Input['kind'][] = ['store', 'set-register'];

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const firstOfItsKind = (each: string, at: number, all: readonly string[]): boolean =>
  all.indexOf(each) === at;

export class LabState {
  readonly options: LabOptions;
  phase = $state<Phase>('off');
  failure = $state('');
  /** The address held a state that is damaged or another lab's. */
  unread = $state(false);
  /** The address was made with a file of the sender's, which it does not carry, and none has been opened yet. */
  awaitsFile = $state(false);
  frame = $state.raw<Frame | null>(null);
  /** The frame that the panels show: while a run is at full speed, not every one. */
  panelFrame = $state.raw<Frame | null>(null);
  /** The frame before the last command: what differs from it is marked as changed. */
  before = $state.raw<Frame | null>(null);
  offer = $state.raw<LabOffer | null>(null);
  setup = $state.raw<Setup>({ workload: '', technique: '', source: null, constants: {}, seed: 1 });
  loaded = $state.raw<Loaded | null>(null);
  assembling = $state(false);
  running = $state(false);
  /** Commands that wait or are under way. */
  pending = $state(0);
  announcement = $state('');
  rows = $state.raw<readonly Row[]>([{ layer: 'hardware', level: 0 }]);
  /** Cycles per second, null is full speed. */
  speed = $state<number | null>(null);
  breakpoints = $state.raw<Breakpoints>(NO_BREAKPOINTS);
  /** Address of the line that the cursor is on. */
  cursor = $state<number | null>(null);
  panel = $state<PanelId>('registers');
  /** The terminal that is looked at; '' is the first. */
  terminal = $state('');
  /** Virtual machine or processor that the panels look at; '' is the innermost guest. */
  subject = $state('');
  subjects = $state.raw<readonly string[]>([]);
  storageAt = $state(0);
  storageLength = $state(256);
  walk = $state<number | null>(null);
  readonly strata = new StrataView();
  readonly comparison: Comparison;
  readonly sweep: Sweep;
  readonly opening: Opening;
  /** One workload under many techniques; it, and what is asked about it, runs in engines of its own. */
  readonly race: Race;
  readonly sensitivity: Survey;
  /** Name of the cost constant that is to be varied; '': each in turn. */
  varies = $state('');
  readonly eras: Survey;

  /** The setup of the exercise that is open: nothing of it is kept as the visitor's own. */
  exercise = $state.raw<Setup | null>(null);

  private readonly gate = new FrameGate((frame, part) => this.accept(frame, part));
  private connection: Connection | null = null;
  private queue: Promise<void> = Promise.resolve();
  private view: View;
  private editTimer: ReturnType<typeof setTimeout> | undefined;
  private seekTarget: number | null = null;
  private seeking = false;
  /** The run has stopped because everything waits, so what is typed sets it going again. */
  private ranDry = false;

  constructor(options: LabOptions) {
    this.options = options;
    this.panel = options.panel;
    this.speed = options.speed;
    this.setup = { ...this.setup, seed: options.seed };
    this.comparison = new Comparison(() => this.session);
    this.sweep = new Sweep(options.lab, options.connect);
    this.race = new Race(options.lab, options.connect, () => this);
    this.race.entered = options.entered ?? null;
    this.sensitivity = new Survey(options.lab, options.connect);
    this.eras = new Survey(options.lab, options.connect);
    this.opening = new Opening(this);
    this.view = this.viewOf([options.panel]);
  }

  get session(): Session | null {
    return this.connection?.session ?? null;
  }

  /** The lab's exercises, once it has started; null where it cannot. */
  async exercises(): Promise<Grading | null> {
    await this.queue;
    return this.connection?.grading ?? null;
  }

  get words() {
    return wordsIn[this.options.locale];
  }

  get edited(): boolean {
    return this.setup.source !== (this.exercise?.source ?? null);
  }

  /**
   * Connects, and loads the state of the address if it holds one, else the lab's own beginning. Commands that are given
   * meanwhile wait.
   */
  start(fragment = ''): Promise<void> {
    if (!canRun()) {
      this.phase = 'unsupported';
      return Promise.resolve();
    }
    this.phase = 'starting';
    this.failure = '';
    this.queue = this.begin(fragment).catch((error: unknown) => this.fail(messageOf(error)));
    return this.queue;
  }

  private async begin(fragment: string): Promise<void> {
    this.connection = await this.options.connect(this.options.lab);
    const { session } = this.connection;
    await session.subscribe(
      (frame) => this.gate.give(frame),
      (message) => this.fail(message),
    );
    this.offer = await session.offer();
    const opened = fragment.startsWith('#s=') && (await this.replayed(fragment));
    this.unread = fragment.startsWith('#s=') && !opened;
    if (!opened) await this.loadFirst();
    await this.refresh();
    this.before = this.frame;
    this.phase = 'ready';
  }

  /** When everything asked for so far is done. */
  get settled(): Promise<void> {
    return this.queue;
  }

  /** After a failure: a new machine with everything that was typed. */
  async restart(): Promise<void> {
    this.dispose();
    this.pending = 0;
    await this.start();
  }

  dispose(): void {
    clearTimeout(this.editTimer);
    if (this.sweep.active) this.sweep.cancel();
    for (const each of [this.race, this.sensitivity, this.eras, this.connection]) each?.dispose();
    this.connection = null;
  }

  private async replayed(fragment: string): Promise<boolean> {
    if (!this.session) return false;
    const { fromFragment } = await import('./fragment.ts');
    const shared = fromFragment(fragment);
    if (shared?.recording.lab !== this.options.lab || !this.offers(shared.recording.setup)) return false;
    const loaded = await this.session.replay(shared.recording);
    if (!loaded.ok) return false;
    this.loaded = loaded;
    this.setup = shared.recording.setup;
    this.panel = shared.panel;
    this.awaitsFile = shared.withoutFile;
    const { entered = this.race.entered, ...looking } = shared.looking ?? {};
    Object.assign(this, looking);
    this.race.entered = entered;
    if (this.hasBreakpoints) await this.session.breakpoints(this.breakpoints);
    return true;
  }

  private offers({ workload, technique }: Setup): boolean {
    const { offer } = this;
    return (
      offer !== null &&
      offer.workloads.includes(workload) &&
      techniquesFor(offer, workload).includes(technique)
    );
  }

  private async loadFirst(): Promise<void> {
    const { workloads } = this.offer ?? { workloads: [] };
    const wanted = this.setup.workload || this.options.workload;
    const workload = workloads.find((each) => each === wanted) ?? workloads[0] ?? '';
    const technique = this.offered(workload, this.setup.technique || this.options.technique);
    const source = await this.kept(workload);
    await this.install({ ...this.setup, workload, technique, source });
    // The kept source does not assemble: it stays in the editor, and the machine runs the original.
    if (source !== null && this.loaded && !this.loaded.ok)
      await this.session?.load({ ...this.setup, source: null });
  }

  /** `technique` where the workload is offered under it, else the first that is. */
  private offered(workload: string, technique: string | null): string {
    const offered = this.offer ? techniquesFor(this.offer, workload) : [];
    return offered.find((each) => each === technique) ?? offered[0] ?? '';
  }

  /** Assembles and loads. */
  private async install(setup: Setup): Promise<void> {
    if (!this.session) return;
    this.assembling = true;
    try {
      this.loaded = await this.session.load(setup);
      this.setup = setup;
      if (!this.loaded.ok) return;
      this.awaitsFile = false;
      this.running = this.ranDry = false;
      this.subject = '';
      this.terminal = '';
      this.subjects = [];
      this.strata.follow();
      if (this.hasBreakpoints) await this.session.breakpoints(this.breakpoints);
    } finally {
      this.assembling = false;
    }
  }

  private get hasBreakpoints(): boolean {
    return Object.values(this.breakpoints).some((stops: readonly unknown[]) => stops.length > 0);
  }

  private accept(frame: Frame, part: Part = 'everywhere'): void {
    if (part !== 'diagram') this.panelFrame = frame;
    this.rows = withRows(this.rows, [
      frame.layer,
      ...(frame.strata?.segments ?? []),
      ...(frame.ledger ?? []),
    ]);
    this.meet([
      ...(frame.events ?? []).map(({ subject }) => subject),
      ...(frame.tasks ?? []).map(({ name }) => name),
    ]);
    if (part === 'panels') return;
    this.frame = frame;
    const runs = frame.stop.kind === 'running';
    if (this.running && !runs) {
      this.say(frame);
      this.ranDry = frame.stop.kind === 'wait' && !frame.stop.disabled;
    }
    this.running = runs;
    this.strata.see(frame);
  }

  /** Virtual machines become known by what happens in them; where there is one, there is a real machine beneath. */
  private meet(names: readonly string[]): void {
    const fresh = names.filter((name) => name !== '' && !this.subjects.includes(name));
    if (fresh.length > 0)
      this.subjects = ['real machine', ...this.subjects.slice(1), ...fresh].filter(firstOfItsKind);
  }

  private say(frame: Frame, kind?: string): void {
    const { locale, layerNames } = this.options;
    this.announcement = frameSentence(this.before, frame, locale, layerNames, this.rows, kind);
  }

  private fail(message: string): void {
    this.phase = 'failed';
    this.failure = message;
    this.running = false;
    this.comparison.stop();
  }

  /** Does `work` after everything that waits. */
  private enqueue(work: (session: Session) => Promise<void>): Promise<void> {
    this.pending++;
    this.queue = this.queue
      .then(async () => {
        if (this.session && this.phase !== 'failed') await work(this.session);
      })
      .catch((error: unknown) => this.fail(messageOf(error)))
      .finally(() => {
        this.pending = Math.max(0, this.pending - 1);
      });
    return this.queue;
  }

  private frameFrom(work: (session: Session) => Promise<Frame>, kind?: string): Promise<void> {
    return this.enqueue(async (session) => {
      this.before = this.frame;
      this.ranDry = false;
      const frame = await work(session);
      this.accept(frame);
      this.say(frame, kind);
    });
  }

  /** One of the plain commands. A key held down does not pile up work. */
  do(command: FrameCommand): Promise<void> {
    if (this.pending > 2) return Promise.resolve();
    if (command === 'reset') this.strata.follow();
    return this.frameFrom((session) => session[command]());
  }

  run(): Promise<void> {
    return this.enqueue(async (session) => this.goOn(session));
  }

  private goOn(session: Session): void {
    this.before = this.frame;
    this.running = true;
    this.ranDry = false;
    this.announcement = this.words.states.running;
    this.strata.follow();
    // Not awaited: frames tell how it goes on, and commands that follow must not wait for the end.
    session.run(this.speed).catch((error: unknown) => this.fail(messageOf(error)));
  }

  async pause(): Promise<void> {
    const frame = await this.session?.pause();
    if (!frame) return;
    this.running = true;
    this.accept(frame);
  }

  toggle(): Promise<void> {
    return this.running ? this.pause() : this.run();
  }

  async setSpeed(speed: number | null): Promise<void> {
    this.speed = speed;
    if (!this.running) return;
    await this.pause();
    await this.run();
  }

  runToAddress(address: number): Promise<void> {
    return this.frameFrom((session) => session.runToAddress(address));
  }

  runToEvent(kind: string): Promise<void> {
    return this.frameFrom((session) => session.runToEvent(kind), kind);
  }

  input(input: Input): Promise<void> {
    return this.enqueue(async (session) => {
      this.accept(await session.input(input));
      if (this.ranDry && !PATCHES.includes(input.kind)) this.goOn(session);
    });
  }

  /** Seeks as fast as frames come back; what was asked for in between is skipped. */
  async seek(clock: number): Promise<void> {
    this.seekTarget = clock;
    if (this.seeking) return;
    this.seeking = true;
    while (this.seekTarget !== null) {
      const target: number = this.seekTarget;
      this.seekTarget = null;
      await this.frameFrom((session) => session.seek(Math.round(target)));
    }
    this.seeking = false;
  }

  /** Another source is chosen with another workload: the one that was typed for it, unless the change names one. */
  load(change: Partial<Setup>): Promise<void> {
    return this.enqueue(async () => {
      // A workload is the visitor's own choice: nothing of an exercise goes along.
      const leaves = this.exercise !== null && change.workload !== undefined;
      const { options: _, pieces: __, ...plain } = this.setup;
      const setup: Setup = { ...(leaves ? plain : this.setup), ...change };
      const other = leaves || setup.workload !== this.setup.workload;
      const changed = other && change.source === undefined;
      if (leaves) this.exercise = null;
      const source = changed ? await this.kept(setup.workload) : setup.source;
      const technique = this.offered(setup.workload, setup.technique);
      const { image: file = '', ...rest } = setup;
      const image = other && change.image === undefined ? '' : file;
      await this.install({ ...rest, ...(image && { image }), technique, source });
      await this.refresh();
      this.before = this.frame;
    });
  }

  /** Loads an exercise's setup as it is. False: its source has errors, and the machine stays as it was. */
  async loadExercise(setup: Setup): Promise<boolean> {
    clearTimeout(this.editTimer);
    await this.enqueue(async () => {
      this.exercise = setup;
      await this.install(setup);
      await this.refresh();
      this.before = this.frame;
    });
    return this.loaded?.ok ?? false;
  }

  /** Repeats a run of an exercise to where it stood. */
  replay(recording: Recording): Promise<void> {
    return this.enqueue(async (session) => {
      this.loaded = await session.replay(recording);
      this.exercise = recording.setup;
      this.setup = recording.setup;
      this.running = false;
      await this.refresh();
      this.before = this.frame;
    });
  }

  /** Storage that fails is no failure of the lab: it begins with its own source. */
  private kept(workload: string): Promise<string | null> {
    return this.options.sources.kept(this.options.lab, workload).catch(() => null);
  }

  private keep(source: string | null): void {
    if (this.exercise) return;
    // Whoever keeps it tells the visitor when it cannot.
    this.options.sources.keep(this.options.lab, this.setup.workload, source).catch(() => undefined);
  }

  /** The visitor typed: kept at once, assembled when the typing rests. */
  edit(source: string): void {
    this.keep(source);
    clearTimeout(this.editTimer);
    this.editTimer = setTimeout(() => void this.reload(source), EDIT_PAUSE);
  }

  restoreSource(): Promise<void> {
    clearTimeout(this.editTimer);
    this.keep(null);
    return this.reload(this.exercise?.source ?? null);
  }

  private reload(source: string | null): Promise<void> {
    return this.enqueue(async () => {
      await this.install({ ...this.setup, source });
      if (!this.loaded?.ok) return;
      await this.refresh();
      this.before = this.frame;
    });
  }

  /** Runs the workload under every technique of the lab, for the overhead chart. */
  async compare(workload: string | null): Promise<void> {
    await this.queue;
    const wanted = workload ?? this.setup.workload;
    await this.comparison
      .start(wanted, this.offer ? techniquesFor(this.offer, wanted) : [])
      .catch((error: unknown) => this.fail(messageOf(error)));
  }

  /** Runs what the lab plans to be swept, beside whatever it does itself. */
  async runSweep(): Promise<void> {
    await this.queue;
    if (this.offer) await this.sweep.start(this.offer, this.setup);
  }

  setBreakpoints(breakpoints: Breakpoints): Promise<void> {
    this.breakpoints = breakpoints;
    return this.enqueue(async (session) => this.accept(await session.breakpoints(breakpoints)));
  }

  toggleBreakpoint(address: number): Promise<void> {
    const { addresses } = this.breakpoints;
    const rest = addresses.filter((each) => each !== address);
    const next = rest.length < addresses.length ? rest : [...addresses, address].sort((a, b) => a - b);
    return this.setBreakpoints({ ...this.breakpoints, addresses: next });
  }

  /** What the session is to send when these panels show. */
  viewOf(visible: readonly PanelId[]): View {
    return {
      parts: partsFor(visible),
      subject: this.subject,
      storageAt: this.storageAt,
      storageLength: this.storageLength,
      walk: this.walk,
      strataWindow: this.strata.window,
      strataCycles: this.strata.cycles,
      strataGrain: this.strata.grain,
      events: 200,
    };
  }

  private async refresh(): Promise<void> {
    if (this.session) this.accept(await this.session.view(this.view));
  }

  look(view: View): Promise<void> {
    this.view = view;
    return this.enqueue(() => this.refresh());
  }

  /** The fragment that stands for this very state; null while there is none. */
  async fragment(): Promise<string | null> {
    if (!this.session || !this.loaded) return null;
    const [{ toFragment }, recording] = await Promise.all([
      import('./fragment.ts'),
      this.session.recording(),
    ]);
    const { panel, breakpoints, subject, storageAt, speed } = this;
    const looking = { breakpoints, subject, storageAt, speed, entered: this.race.entered };
    return toFragment({ recording, panel, looking });
  }

  /** Goes to the state that a fragment holds; where it holds none, `unread` says so and nothing changes. */
  open(fragment: string): Promise<void> {
    return this.enqueue(async () => {
      this.unread = !(await this.replayed(fragment));
      this.running = false;
      await this.refresh();
      this.before = this.frame;
    });
  }
}
