/** The session's commands: everything that a page, the headless command or a grader can ask of a running lab. */
import type { Breakpoints, Frame, Input, LabOffer, Loaded, Setup, View } from './frame.ts';

/** A recording determines a run: the setup, and each input with the cycle at which it took effect. */
export interface Recording {
  readonly version: 1;
  readonly lab: string;
  readonly setup: Setup;
  readonly inputs: readonly { readonly at: number; readonly input: Input }[];
  /** Where the run stood when the recording was taken. */
  readonly clock: number;
}

/** What a stretch of a run has cost. */
export interface Spent {
  readonly cycles: number;
  readonly instructions: number;
  readonly ledger: Frame['ledger'];
}

/** One bar of the overhead chart: a workload run to its end under one technique, from the beginning on. */
export interface Measurement extends Spent {
  readonly workload: string;
  readonly technique: string;
  readonly ok: boolean;
  /** Why the run did not end well, or ''. */
  readonly failure: string;
  /** Parts of it, where a system boots before the workload's program: the boot, and the program from first to last. */
  readonly boot?: Spent;
  readonly program?: Spent;
  /** What else the world has counted, e.g. how long its users waited. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A visitor's file, as `Setup.image` takes it; or why it is not taken. */
export type Opened =
  | { readonly ok: true; readonly image: string; readonly facts: readonly OpenedPart[] }
  | { readonly ok: false; readonly message: string };

/** A part of an opened file, e.g. a layer: its name and its bytes. */
export interface OpenedPart {
  readonly name: string;
  readonly bytes: number;
}

/**
 * A running lab. All calls answer with a frame (or a promise of one on the page's side); long ones can be ended early
 * by `pause`.
 */
export interface Session {
  offer(): Promise<LabOffer>;
  /** Assembles and loads; on errors the world stays as it was. */
  load(setup: Setup): Promise<Loaded>;
  /**
   * Opens a visitor's file for the lab, telling how far it has come from 0 to 1. `pause` ends it: null. The machine
   * stays as it was; what comes back goes into a setup.
   */
  open(file: Uint8Array, onProgress: (done: number) => void): Promise<Opened | null>;
  view(view: View): Promise<Frame>;
  /** Runs until something stops it; `cyclesPerSecond` paces it, null is full speed. Frames come by subscription. */
  run(cyclesPerSecond: number | null): Promise<void>;
  pause(): Promise<Frame>;
  step(): Promise<Frame>;
  stepBack(): Promise<Frame>;
  /** Runs a trap and all that serves it: until the same layer executes again. */
  stepOver(): Promise<Frame>;
  /** To the next line of the guest's source. */
  nextLine(): Promise<Frame>;
  /** To the next (or back to the previous) transfer of control between layers. */
  nextTransfer(): Promise<Frame>;
  previousTransfer(): Promise<Frame>;
  runToAddress(address: number): Promise<Frame>;
  runToEvent(kind: string): Promise<Frame>;
  seek(clock: number): Promise<Frame>;
  reset(): Promise<Frame>;
  input(input: Input): Promise<Frame>;
  breakpoints(breakpoints: Breakpoints): Promise<Frame>;
  recording(): Promise<Recording>;
  replay(recording: Recording): Promise<Loaded>;
  /** What the run has cost up to where it stands, and whether it has ended with its verified result. */
  measure(): Promise<Measurement>;
  /** Runs `workload` to its end under each technique, telling each result as it comes. */
  compare(
    workload: string,
    techniques: readonly string[],
    onResult: (measurement: Measurement) => void,
  ): Promise<void>;
  /** Runs each setup to its end in a world of its own, telling each result, in order, as it comes. */
  survey(setups: readonly Setup[], onResult: (measurement: Measurement) => void): Promise<void>;
  /** Frames at most 60 a second while running, and one at each stop. */
  subscribe(onFrame: (frame: Frame) => void, onFailure: (message: string) => void): Promise<void>;
}
