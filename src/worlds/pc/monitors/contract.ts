/** Host software between a PC and its guest, as a world builds and runs it: one row of the table for each. */
import type { Persist, Stop } from '../../../machines/contract.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import type { EventView } from '../../../protocol/frame.ts';

/** Hears what a monitor does: a kind of `MonitorEvent`, or `silent` for what escaped it. */
export type Tell = (kind: string, detail: EventView['detail']) => void;

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
}

export interface PcMonitor {
  /** Bytes at the top of memory that are its own: the guest is not told of them. */
  readonly reserves: number;
  /** Takes over a machine whose loader has readied it to run its guest; a string says why it cannot. */
  start(pc: Pc): RunningMonitor | string;
}
