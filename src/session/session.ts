/**
 * A running lab: a world, the timeline it is walked on, and the commands of the session protocol. It knows neither
 * page nor worker: the same class serves both and the headless command. Commands that move the run take turns, each
 * ending the one before; the others only look, and are answered between two slices.
 */
import type { World, WorldFactory } from '../lab/world.ts';
import type { Stop } from '../machines/contract.ts';
import type {
  Breakpoints,
  Frame,
  Input,
  LabOffer,
  Loaded,
  Setup,
  StopView,
  View,
} from '../protocol/frame.ts';
import type { Measurement, Opened, Recording, Session } from '../protocol/session.ts';
import type { Sandbox } from '../sandbox/contract.ts';
import { Timeline } from '../timeline/timeline.ts';
import { compare, measurementOf, survey } from './compare.ts';
import { Look } from './look.ts';
import type { Pace } from './pace.ts';
import { Slices, SLICE_MILLISECONDS } from './run-to-end.ts';
import { heightOf, TransferWatch } from './transfers.ts';
import { brokenBy, nextInstruction, NO_BREAKPOINTS, watchFor, type Watch } from './watch.ts';

const FRAME_MILLISECONDS = 1000 / 60;
/** A run that waits for its pace looks again after this long at the latest. */
const LONGEST_NAP = 50;

const NOTHING_WANTED: View = {
  parts: [],
  subject: '',
  storageAt: 0,
  storageLength: 0,
  walk: null,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};

/** What a command that moves the run is given: whether it has been told to end. */
type Turn = () => boolean;

interface Running {
  readonly world: World;
  readonly timeline: Timeline<Input>;
  readonly look: Look;
  readonly setup: Setup;
}

export interface SessionOptions {
  readonly lab: string;
  readonly factory: WorldFactory;
  readonly pace: Pace;
  /** For setups with pieces that a student wrote. */
  readonly openSandbox?: () => Promise<Sandbox>;
}

export class LabSession implements Session {
  private readonly options: SessionOptions;
  private running: Running | null = null;
  private sandbox: Sandbox | null = null;
  private wanted = NOTHING_WANTED;
  private stop: StopView = { kind: 'paused' };
  private breaks = NO_BREAKPOINTS;
  private turn = 0;
  private previous: Promise<unknown> = Promise.resolve();
  private onFrame: (frame: Frame) => void = () => undefined;
  private onFailure: (message: string) => void = () => undefined;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  // ---------------------------------------------------------------- loading

  async offer(): Promise<LabOffer> {
    return this.options.factory.offer;
  }

  async load(setup: Setup): Promise<Loaded> {
    return this.inTurn(() => this.build(setup));
  }

  private async build(setup: Setup): Promise<Loaded> {
    const sandbox = setup.pieces ? ((await this.options.openSandbox?.()) ?? null) : null;
    const { loaded, world } = this.options.factory.create(setup, sandbox);
    if (!world || !loaded.ok) {
      sandbox?.close();
      return loaded;
    }
    await world.prepare?.();
    this.sandbox?.close();
    this.sandbox = sandbox;
    this.running?.world.observe(null);
    const timeline = new Timeline<Input>(world);
    this.running = { world, timeline, look: new Look(world, timeline), setup };
    this.stop = { kind: 'paused' };
    return loaded;
  }

  async open(file: Uint8Array, onProgress: (done: number) => void): Promise<Opened | null> {
    const { factory, pace } = this.options;
    return this.inTurn(async (ended) => {
      const work = factory.open?.(file);
      if (!work) throw new Error('this lab opens no files');
      for (let shown = pace.now(); ;) {
        const step = work.next();
        if (step.done) return step.value;
        if (pace.now() - shown < SLICE_MILLISECONDS) continue;
        onProgress(step.value);
        await pace.breathe();
        if (ended()) return null;
        shown = pace.now();
      }
    });
  }

  private get lab(): Running {
    if (!this.running) throw new Error('no lab is loaded');
    return this.running;
  }

  async recording(): Promise<Recording> {
    const { setup, timeline } = this.lab;
    const inputs = timeline.inputs.filter(({ at }) => at <= timeline.clock);
    return { version: 1, lab: this.options.lab, setup, inputs, clock: timeline.clock };
  }

  async replay(recording: Recording): Promise<Loaded> {
    return this.inTurn(async (ended) => {
      const loaded = await this.build(recording.setup);
      if (!loaded.ok) return loaded;
      this.lab.timeline.record(recording.inputs);
      await this.runTo(recording.clock, ended);
      this.emit();
      return loaded;
    });
  }

  // ---------------------------------------------------------------- looking

  async view(view: View): Promise<Frame> {
    this.wanted = view;
    return this.frame();
  }

  async subscribe(onFrame: (frame: Frame) => void, onFailure: (message: string) => void): Promise<void> {
    this.onFrame = onFrame;
    this.onFailure = onFailure;
  }

  async breakpoints(breakpoints: Breakpoints): Promise<Frame> {
    this.breaks = breakpoints;
    return this.frame();
  }

  async input(input: Input): Promise<Frame> {
    const { timeline, look } = this.lab;
    if (timeline.clock < timeline.end) look.cut(timeline.clock);
    timeline.give(input);
    if (this.stop.kind === 'wait') this.stop = { kind: 'paused' };
    return this.frame();
  }

  private frame(): Frame {
    return this.lab.look.frame(this.wanted, this.stop);
  }

  private emit(): Frame {
    const frame = this.frame();
    this.onFrame(frame);
    return frame;
  }

  // ---------------------------------------------------------------- taking turns

  /** Ends whatever moves the run, then does `work`. A failure of the engine is told, and ends this lab's run. */
  private inTurn<Result>(work: (ended: Turn) => Promise<Result>): Promise<Result> {
    const mine = ++this.turn;
    const result = this.previous.then(() => work(() => this.turn !== mine));
    this.previous = result.catch((error: unknown) => {
      this.stop = { kind: 'check', reason: messageOf(error) };
      this.onFailure(messageOf(error));
    });
    return result;
  }

  /** A command that moves the run, and the frame after it. */
  private move(work: (ended: Turn) => Promise<void>): Promise<Frame> {
    return this.inTurn(async (ended) => {
      this.stop = { kind: 'paused' };
      await work(ended);
      return this.emit();
    });
  }

  async pause(): Promise<Frame> {
    return this.inTurn(async () => {
      if (this.stop.kind === 'running') this.stop = { kind: 'paused' };
      return this.emit();
    });
  }

  // ---------------------------------------------------------------- running

  async run(cyclesPerSecond: number | null): Promise<void> {
    await this.inTurn(async (ended) => {
      await this.drive(ended, cyclesPerSecond, null);
      this.emit();
    });
  }

  runToAddress(address: number): Promise<Frame> {
    const { world } = this.lab;
    return this.move((ended) => this.drive(ended, null, () => nextInstruction(world) === address));
  }

  runToEvent(kind: string): Promise<Frame> {
    return this.move((ended) => this.drive(ended, null, watchFor(this.lab.look, kind)));
  }

  nextTransfer(): Promise<Frame> {
    const { world, look } = this.lab;
    return this.move(async (ended) => {
      const height = heightOf(world.layer());
      const watch = new TransferWatch(world.layer());
      look.alsoTell(watch);
      await this.drive(ended, null, () => watch.at.length > 0 || heightOf(world.layer()) !== height);
      look.alsoTell(null);
    });
  }

  stepOver(): Promise<Frame> {
    const { world, timeline } = this.lab;
    return this.move(async (ended) => {
      const height = heightOf(world.layer());
      this.stopped(timeline.step());
      if (this.stop.kind === 'paused' && heightOf(world.layer()) < height)
        await this.drive(ended, null, () => heightOf(world.layer()) >= height);
    });
  }

  /** What serves a trap meanwhile is run, too; one instruction where the source says nothing. */
  nextLine(): Promise<Frame> {
    const { world, timeline } = this.lab;
    return this.move(async (ended) => {
      const [before, height] = [world.sourceLine ?? null, heightOf(world.layer())];
      const elsewhere = (): boolean => {
        const now = world.sourceLine ?? null;
        return heightOf(world.layer()) >= height && !world.midInstruction && now !== null && now !== before;
      };
      if (before === null) this.stopped(timeline.step());
      else await this.drive(ended, null, elsewhere);
    });
  }

  step(): Promise<Frame> {
    return this.move(async () => {
      this.stopped(this.lab.timeline.step());
    });
  }

  /** Runs until something stops it: the run itself, a breakpoint, `until`, or the end of the turn. */
  private async drive(ended: Turn, cyclesPerSecond: number | null, until: Watch | null): Promise<void> {
    const { pace } = this.options;
    const { world, timeline, look } = this.lab;
    const slices = new Slices();
    const [began, from] = [pace.now(), world.clock];
    let shown = began;
    this.stop = { kind: 'running' };
    while (!ended()) {
      const now = pace.now();
      const ahead =
        cyclesPerSecond === null ? Infinity : from + ((now - began) * cyclesPerSecond) / 1000 - world.clock;
      if (ahead >= 1) {
        const broken = brokenBy(this.breaks, world, look);
        const watch = broken || until ? () => broken?.() ?? until?.() ?? false : null;
        const stop = watch
          ? this.slowSlice(watch, ahead, now)
          : timeline.run(Math.min(slices.cycles, Math.floor(ahead)));
        slices.took(pace.now() - now);
        if (this.stopped(stop)) return;
      }
      if (pace.now() - shown >= FRAME_MILLISECONDS) {
        shown = pace.now();
        this.emit();
      }
      await pace.breathe(ahead >= 1 || cyclesPerSecond === null ? undefined : nap(-ahead, cyclesPerSecond));
    }
    this.stop = { kind: 'paused' };
  }

  /** Units one by one, `watch` asked after each, for one slice of real time. */
  private slowSlice(watch: Watch, cycles: number, began: number): Stop {
    const { pace } = this.options;
    const { timeline } = this.lab;
    const end = timeline.clock + cycles;
    for (let units = 1; timeline.clock < end; units++) {
      const stop = timeline.step();
      if (stop.kind !== 'budget') return stop;
      const reason = watch();
      if (reason !== false) return { kind: 'breakpoint', reason: reason === true ? '' : reason };
      if (units % 256 === 0 && pace.now() - began > SLICE_MILLISECONDS) break;
    }
    return { kind: 'budget' };
  }

  /** Notes why the run stopped; false if it did not. */
  private stopped(stop: Stop): boolean {
    switch (stop.kind) {
      case 'budget':
        return false;
      case 'wait':
        this.stop = {
          kind: 'wait',
          disabled: this.lab.world.waitsDisabled,
          address: this.lab.world.waitAddress,
        };
        return true;
      case 'stopped':
        this.stop = { kind: 'paused' };
        return true;
      case 'breakpoint':
        this.stop = stop.reason === '' ? { kind: 'paused' } : stop;
        return true;
      case 'check':
      case 'exit':
        this.stop = stop;
        return true;
      case 'shutdown':
        this.stop = { kind: 'check', reason: stop.reason };
        return true;
    }
  }

  // ---------------------------------------------------------------- to and fro

  /** Goes to `clock` in slices, so that it can be ended. */
  private async runTo(clock: number, ended: Turn): Promise<void> {
    const { pace } = this.options;
    const { timeline, look } = this.lab;
    look.repeats();
    timeline.approach(clock);
    const slices = new Slices();
    while (timeline.clock < clock && !ended()) {
      const [now, before] = [pace.now(), timeline.clock];
      timeline.run(Math.min(slices.cycles, clock - before));
      if (timeline.clock === before) break;
      slices.took(pace.now() - now);
      await pace.breathe();
    }
    if (timeline.clock >= clock) timeline.seek(timeline.clock);
  }

  seek(clock: number): Promise<Frame> {
    return this.move((ended) => this.runTo(Math.max(0, Math.floor(clock)), ended));
  }

  reset(): Promise<Frame> {
    return this.move(async () => {
      const loaded = await this.build(this.lab.setup);
      if (!loaded.ok) throw new Error('the source that was loaded could not be loaded again');
    });
  }

  stepBack(): Promise<Frame> {
    return this.move(async () => {
      this.lab.look.repeats();
      this.lab.timeline.stepBack();
    });
  }

  previousTransfer(): Promise<Frame> {
    return this.move(async (ended) => {
      const { timeline, look } = this.lab;
      look.repeats();
      // A transfer inside the unit that ended just now is where the run stands already.
      if (!timeline.stepBack()) return;
      const before = timeline.clock;
      for (let to = before; to > timeline.start && !ended();) {
        const from = timeline.checkpointBefore(to);
        const transfer = look.transfersIn(from, to).findLast((at) => at <= before && at > timeline.start);
        if (transfer !== undefined) {
          timeline.seek(transfer);
          return;
        }
        to = from;
        await this.options.pace.breathe();
      }
      if (!ended()) timeline.seek(timeline.start);
    });
  }

  // ---------------------------------------------------------------- comparing

  async measure(): Promise<Measurement> {
    const { world, setup } = this.lab;
    return measurementOf(this.options.factory, world, setup, this.stop);
  }

  async compare(
    workload: string,
    techniques: readonly string[],
    onResult: (measurement: Measurement) => void,
  ): Promise<void> {
    await this.inTurn((ended) => {
      const setup = this.running?.setup ?? null;
      return compare(this.options, setup, workload, techniques, ended, onResult);
    });
  }

  async survey(setups: readonly Setup[], onResult: (measurement: Measurement) => void): Promise<void> {
    await this.inTurn((ended) => survey(this.options, setups, ended, onResult));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Milliseconds until the next cycle is due. */
const nap = (cycles: number, perSecond: number): number =>
  Math.min(LONGEST_NAP, Math.max(1, Math.ceil((cycles * 1000) / perSecond)));
