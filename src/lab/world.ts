/**
 * A world: the engine side of a lab, as the session drives it. It runs in a worker or in Node and knows no page.
 * Two runs with the same setup and inputs are the same to the cycle; `save` and `restore` take plain data.
 */
import type { Diagnostic } from '../base/diagnostics.ts';
import type { Stop } from '../machines/contract.ts';
import type {
  EventView,
  Frame,
  Input,
  LabOffer,
  LedgerRowView,
  Loaded,
  Setup,
  StrataSegment,
  View,
} from '../protocol/frame.ts';
import type { Opened } from '../protocol/session.ts';
import type { Sandbox } from '../sandbox/contract.ts';

/** What had been spent up to a moment. */
export interface Reckoning {
  readonly clock: number;
  readonly instructions: number;
  readonly ledger: readonly LedgerRowView[];
}

/** How a guest ended, at the cycle at which it did. */
export interface GuestEnd extends Reckoning {
  /** Why it could not go on; '' when it ended by itself, in a disabled wait. */
  readonly failure: string;
}

export interface World {
  readonly clock: number;
  readonly instructions: number;
  /** Nanoseconds per cycle. */
  readonly cycleNanoseconds: number;
  run(budget: number): Stop;
  /** One unit of operation; idle time passes until `until` at most. */
  step(until?: number): Stop;
  /** The clock stands within idle time, which `run` may cut anywhere. */
  readonly idle: boolean;
  /** Fetches what looking at the guest needs, such as its sources; no run depends on it. */
  prepare?(): Promise<void>;
  /** The line of its source that the innermost guest executes next, as a name to compare; null: it has none there. */
  readonly sourceLine?: string | null;
  save(): unknown;
  restore(state: unknown): void;
  /** Gives external input at the present cycle. */
  input(input: Input): void;
  /** Layer that executes next. */
  layer(): Frame['layer'];
  /** Where monitors go on after their guest (typing why it stopped), how it ended; null before that, or without them. */
  readonly guestEnd: GuestEnd | null;
  /**
   * What had been spent when the workload's own program began, and when it was left for the last time so far, where a
   * system boots before it; null before that. A world without an ending ends with its program.
   */
  readonly beginning?: Reckoning | null;
  readonly ending?: Reckoning | null;
  /** What was wrong in a student's piece of the monitor, where that has ended the run. */
  readonly problem?: Diagnostic | null;
  /** The innermost guest takes no interruption (PSW masks, EFLAGS.IF): a wait then is the end. */
  readonly waitsDisabled: boolean;
  /** Instruction address of the innermost guest, which in a System/370 wait says what the program had to say. */
  readonly waitAddress: number;
  /** Logical instruction address of the subject looked at ('' = innermost guest), or null while it does not run. */
  instructionAddress(subject: string): number | null;
  /** Other code stands for that instruction, and is at work on it: a breakpoint there has been passed. */
  readonly midInstruction?: boolean;
  /** Value of a register of the innermost guest, by the name that its panel shows; null where there is none. */
  register(name: string): number | null;
  /** Bytes of the subject's storage, for breakpoints on change. */
  peek(subject: string, address: number, length: number): Uint8Array;
  /** The parts of a frame that are read off the state; strata and events come from the sink. */
  parts(
    view: View,
  ): Pick<
    Frame,
    | 'registers'
    | 'code'
    | 'storage'
    | 'translation'
    | 'ledger'
    | 'terminals'
    | 'devices'
    | 'tasks'
    | 'printer'
    | 'hypervisor'
    | 'kernel'
    | 'units'
    | 'vmx'
    | 'sharing'
  >;
  /** Where segments and events go while somebody looks; null switches recording off. */
  observe(sink: WorldSink | null): void;
  /** Sends the segment that is still open, up to the present cycle. */
  flush(): void;
}

export interface WorldSink {
  segment(segment: StrataSegment): void;
  event(event: EventView): void;
}

/** What a chapter's `world.ts` exports. */
export interface WorldFactory {
  readonly offer: LabOffer;
  /** Builds the world, or says what is wrong with the source. A setup with `pieces` needs a sandbox for them. */
  create(setup: Setup, sandbox?: Sandbox | null): { readonly loaded: Loaded; readonly world: World | null };
  /** Whether the workload reached its verified result; '' if so, else what is wrong. */
  verdict(world: World, setup: Setup): string;
  /** Opens a visitor's file, yielding how far it has come; only where `offer.images` names workloads that take one. */
  open?(file: Uint8Array): Generator<number, Opened>;
  /** What a comparison tells of a run beside cycles and ledger; the chapter has the words. */
  figures?(world: World, setup: Setup): Readonly<Record<string, number>>;
}

export const defineWorld = (factory: WorldFactory): WorldFactory => factory;
