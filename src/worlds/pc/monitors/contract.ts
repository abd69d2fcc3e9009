/** Host software between a PC and its guest, as a world builds and runs it: one row of the table for each. */
import type { Persist, Stop } from '../../../machines/contract.ts';
import type { Cpu } from '../../../machines/pc/cpu.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import type { Feature } from '../../../machines/pc/models/classes.ts';
import type { DiskWorkView, EventView, HypervisorView, TranslatorView } from '../../../protocol/frame.ts';
import type { PcConfiguration } from '../configuration.ts';

/**
 * Hears what a monitor does: a kind of `MonitorEvent`, or `silent` for what escaped it.
 * `address`: linear, of the guest's instruction concerned, where the processor's own pointer does not tell.
 */
export type Tell = (kind: string, detail: EventView['detail'], address?: number) => void;

/** Where a guest stands whose code does not run itself. */
export interface GuestPointer {
  /** Linear address of its next instruction. */
  readonly address: number;
  /** The code that stands for the instruction has begun. */
  readonly midway: boolean;
}

/** Source line of a linear address, where the guest's debug data tell one. */
export type LineAt = (address: number) => number | null;

/** One guest among several. */
export type DomainReport = HypervisorView['domains'][number];

/** A log of the pages of the guest's memory that were written. */
export interface DirtyPages {
  /** Begins a round between two instructions of the guest's; the numbers of the pages written in the one before. */
  begin(): readonly number[];
  /** Pages written since. */
  readonly dirty: readonly number[];
  /** Rounds that have ended by themselves. */
  readonly rounds: readonly { readonly cycles: number; readonly pages: number }[];
}

/** A monitor that has taken a machine over. */
export interface RunningMonitor extends Persist<unknown> {
  /** How the run ends, where the monitor knows more of the guest's end than the machine, which could go on. */
  end(stop: Stop): Stop;
  /** The guest waits for what can never come. */
  readonly hangs: boolean;
  /** Null ends it. Looking on costs the machine nothing. */
  observe(tell: Tell | null): void;
  /** Where the guest's state is kept apart from the processor's: its tables and control registers are in this one. */
  readonly guest?: Cpu;
  /** Registers of the guest that are not in `guest` at the moment, as `registersOf` names and prints them. */
  guestRegisters?(): Readonly<Record<string, string>>;
  /** Changes a general register of a guest that `guestRegisters` tells of. */
  setRegister?(register: number, value: number): void;
  /** Null where the processor executes the guest's own code. */
  guestPointer?(): GuestPointer | null;
  /** Counts of what it did, by name, for reports. */
  report(): Readonly<Record<string, number>>;
  /** The domains of a monitor that has several guests, for reports. */
  domains?(): readonly DomainReport[];
  /** The books of one that accounts for every frame, for panels. */
  hypervisor?(): HypervisorView;
  /** What the guest's disk has cost, for panels; null where nobody asked whose work it is. */
  disk?(): DiskWorkView | null;
  /** The log of the pages that the guest writes; absent or null where none was asked for. */
  readonly dirty?: DirtyPages | null;
  /** The code that runs in the guest's place, for panels. */
  translated?(lineAt: LineAt): TranslatorView;
}

export interface PcMonitor {
  /** Bytes at the top of memory that are its own: the guest is not told of them. */
  readonly reserves: number;
  /** What the processor must have for it, beyond what every model has. */
  readonly needs?: readonly Feature[];
  /** It is what the boot loader starts, in flat protected mode, and brings its guests' kernels in itself: always, or several. */
  readonly loadsGuests?: 'always' | 'several';
  /**
   * Takes over a machine whose loader has readied it to run its guest, or itself; a string says why it cannot.
   */
  start(pc: Pc, configuration: PcConfiguration): RunningMonitor | string;
}
