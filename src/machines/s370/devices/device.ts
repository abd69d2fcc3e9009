/**
 * What a device is to its channel: it answers a command with the data it sends or wants and the time that takes.
 * Channels do all the rest (storage, chaining, status words), so that a device is one small file.
 * After GA22-6974, "IBM System/360 and System/370 I/O Interface: Channel to Control Unit", reduced to commands.
 */
import type { Persist } from '../../contract.ts';

/** Status in the positions of the CSW's status halfword (see channels/csw.ts). */
export type UnitStatus = number;

/** How a command ends: channel end now, and possibly device end when the mechanism has come to rest. */
export interface End {
  readonly status: UnitStatus;
  /** Cycles from the last byte to channel end, if any. */
  readonly wait?: number;
  /** Cycles from channel end to device end, and the status then. Absent when device end came with channel end. */
  readonly later?: { readonly cycles: number; readonly status: UnitStatus };
  /** Cycles until the device can try again when the channel is taken at that moment; absent: it waits its turn. */
  readonly retry?: number;
}

export type Reply =
  /** The command ended in initial selection: an immediate operation, or a rejection. */
  | { readonly kind: 'ended'; readonly end: End }
  /** The device sends `data`, the first byte after `wait` cycles. */
  | {
      readonly kind: 'input';
      readonly data: Uint8Array;
      readonly wait: number;
      /** Cycles for one byte; fractions add up. */
      readonly perByte: number;
      /** The rest of the block passes by even when the channel takes no more. */
      readonly runsOn: boolean;
      readonly end: End;
    }
  /** The device takes up to `capacity` bytes, then `take` is called with them. */
  | {
      readonly kind: 'output';
      readonly capacity: number;
      /** So many first bytes tell (by `lengthAfter`) how many there are in all. */
      readonly header?: number;
      readonly wait: number;
      readonly perByte: number;
      /** Fewer bytes than `capacity` are an incorrect length; else the count alone says how long the block is. */
      readonly exact: boolean;
      readonly runsOn: boolean;
    }
  /** Nothing until the outside world does something; then the device answers by `Line.answer`. */
  | { readonly kind: 'suspended' };

/** The device's end of its connection to the channel. */
export interface Line {
  /** Cycle at which the present event takes place. */
  readonly clock: number;
  /** Cycles in so many microseconds, at least 1; not rounded. */
  cycles(microseconds: number): number;
  /** Presents status that belongs to no command: attention, or device end on becoming ready. */
  present(status: UnitStatus): void;
  /** Answers a command that was `suspended`. */
  answer(reply: Reply): void;
}

/** How well a command of the real device is done here. */
export interface CommandSupport {
  readonly code: number;
  readonly name: string;
  readonly support: 'supported' | 'partial' | 'absent';
  /** What is missing and why. */
  readonly note?: string;
}

/** Saved state of a device: plain data. */
export interface DeviceState {
  readonly version: number;
  readonly model: string;
}

export interface Device extends Persist<DeviceState> {
  /** Type number as IBM gave it. */
  readonly model: string;
  readonly commands: readonly CommandSupport[];
  /** Called on attachment with the line, on detachment with null. */
  connect(line: Line | null): void;
  /** Starts `command`; `chained` when it follows another of the same channel program. */
  start(command: number, chained: boolean): Reply;
  /** Length of a block whose `header` has arrived; only of devices that answer with one. */
  lengthAfter?(command: number, header: Uint8Array): number;
  /** The bytes of an output command have arrived, perhaps fewer than wanted. */
  take(command: number, bytes: Uint8Array): End;
  /** The channel cut the command off: the status with which it ends. */
  halt(command: number): End;
  /** System reset: forgets sense, file masks and such; the medium stays. */
  reset(): void;
}

/** `state` as the state of `model`, or our own bug. */
export function stateOf<State extends DeviceState>(state: DeviceState, model: string): State {
  if (state.model !== model || state.version !== 1)
    throw new Error(`state of a ${state.model}, version ${state.version}, restored into a ${model}`);
  return state as State;
}

/** Support rows: `[code, name]`, or with what is missing. */
export const supported = (code: number, name: string): CommandSupport => ({
  code,
  name,
  support: 'supported',
});
export const partial = (code: number, name: string, note: string): CommandSupport => ({
  code,
  name,
  support: 'partial',
  note,
});
export const absent = (code: number, name: string, note: string): CommandSupport => ({
  code,
  name,
  support: 'absent',
  note,
});

/** The command ended at once with `status`; with `later`, device end follows after so many cycles. */
export const ended = (status: UnitStatus, later?: End['later']): Reply => ({
  kind: 'ended',
  end: later ? { status, later } : { status },
});
