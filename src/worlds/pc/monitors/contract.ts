/** Host software between a PC and its guest, as a world builds and runs it: one row of the table for each. */
import type { Persist, Stop } from '../../../machines/contract.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import type { EventView } from '../../../protocol/frame.ts';
import type { PcConfiguration } from '../configuration.ts';

/** Hears what a monitor does: a kind of `MonitorEvent`, or `silent` for what escaped it. */
export type Tell = (kind: string, detail: EventView['detail']) => void;

/** One guest among several. */
export interface DomainReport {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  /** Why it stopped, or ''. */
  readonly reason: string;
  readonly pages: number;
  readonly weight: number;
  /** Cycles that it has run. */
  readonly cycles: number;
}

/** A monitor that has taken a machine over. */
export interface RunningMonitor extends Persist<unknown> {
  /** How the run ends, where the monitor knows more of the guest's end than the machine, which could go on. */
  end(stop: Stop): Stop;
  /** The guest waits for what can never come. */
  readonly hangs: boolean;
  /** Null ends it. Looking on costs the machine nothing. */
  observe(tell: Tell | null): void;
  /** Counts of what it did, by name, for reports. */
  report(): Readonly<Record<string, number>>;
  /** The domains of a monitor that has several guests, for reports. */
  domains?(): readonly DomainReport[];
}

export interface PcMonitor {
  /** Bytes at the top of memory that are its own: the guest is not told of them. */
  readonly reserves: number;
  /** It is what the boot loader starts, in flat protected mode, and brings its guests' kernels in itself. */
  readonly loadsGuests?: true;
  /**
   * Takes over a machine whose loader has readied it to run its guest, or itself; a string says why it cannot.
   */
  start(pc: Pc, configuration: PcConfiguration): RunningMonitor | string;
}
