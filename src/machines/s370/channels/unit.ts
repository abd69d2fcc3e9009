/**
 * The state of one subchannel and of its device as the channel sees it. Plain data throughout: what happens next is
 * an event with a cycle, never a closure, so that a machine can be put away in the middle of a transfer.
 */
import type { Device, DeviceState, End } from '../devices/device.ts';
import { directionOf, PCI, type Ccw, type Direction } from './ccw.ts';
import { areaOf, type Area } from './data-path.ts';
import type { ChannelKind } from './host.ts';
import type { Csw } from './csw.ts';

/** The data phase of a command. */
export interface Operation {
  /** Input: all that the device sends. Output: what it has been given so far. */
  data: Uint8Array;
  readonly output: boolean;
  /** Bytes that have passed. */
  offset: number;
  /** Bytes the device sends or takes at most; −1: as many as the count says. */
  length: number;
  /** Bytes after which the device tells the length, or 0 when it is known. */
  header: number;
  /** Cycle at which the first byte starts, and cycles for each. */
  readonly start: number;
  readonly perByte: number;
  readonly exact: boolean;
  readonly runsOn: boolean;
  end: End | null;
}

/** A channel program in progress. */
export interface Program {
  readonly key: number;
  /** Address of the next CCW: the last one used plus 8. */
  next: number;
  command: number;
  flags: number;
  direction: Direction;
  area: Area;
  operation: Operation | null;
  /** Channel status found so far: program or protection check. */
  check: number;
  /** An interruption that a PCI flag asked for has not been taken yet. */
  controlled: boolean;
  /** The last CCW was a TIC: a second one in a row is an error. */
  transferred: boolean;
  /** Status with which the last command ended. */
  status: number;
  /** Cut off by a halt: no chaining. */
  halted: boolean;
  /** Started with fast release: a rejection is told later, with a deferred condition code. */
  deferred: boolean;
  /** Belongs to the load key, not to a program. */
  readonly initialLoad: boolean;
}

/** What a unit does next. */
export interface UnitEvent {
  readonly at: number;
  readonly kind:
    | 'start' // select the device for the first command
    | 'chain' // fetch the next CCW
    | 'segment' // the bytes of the current CCW have passed
    | 'channel-end' // the rest of the block has passed too
    | 'device-end'; // the mechanism has come to rest
  readonly status: number;
  /** Cycles after which the device can try again if the channel is taken; 0: it waits. */
  readonly retry: number;
  /** Ready, but the channel is taken by another device. */
  readonly waiting: boolean;
}

export interface Unit {
  readonly address: number;
  readonly channel: Channel;
  readonly device: Device;
  program: Program | null;
  /** The interruption condition that ends the last program, held in the subchannel. */
  pending: Csw | null;
  /** Status that the device itself holds: attention, device end. */
  held: number;
  /** The channel is done with the device but the mechanism still moves. */
  busy: boolean;
  event: UnitEvent | null;
}

export interface Channel {
  readonly number: number;
  readonly kind: ChannelKind;
  /** Address of the device that has the channel to itself now, or −1. */
  connected: number;
}

export const eventAt = (
  at: number,
  kind: UnitEvent['kind'],
  status = 0,
  retry = 0,
  waiting = false,
): UnitEvent => ({ at, kind, status, retry, waiting });

/** A copy of `program` that shares nothing that changes. */
export const copyProgram = (program: Program): Program => ({
  ...program,
  area: { ...program.area },
  operation: program.operation && { ...program.operation, data: program.operation.data.slice() },
});

/** A program whose first CCW, already fetched, is in control. */
export const programOf = (key: number, next: number, ccw: Ccw, initialLoad: boolean): Program => ({
  key,
  next,
  command: ccw.command,
  flags: ccw.flags,
  direction: directionOf(ccw.command),
  area: areaOf(ccw),
  operation: null,
  check: 0,
  controlled: (ccw.flags & PCI) !== 0 && !initialLoad,
  transferred: false,
  status: 0,
  halted: false,
  deferred: false,
  initialLoad,
});

/** A unit as it is saved. */
export interface UnitState {
  readonly address: number;
  readonly program: Program | null;
  readonly pending: Csw | null;
  readonly held: number;
  readonly busy: boolean;
  readonly event: UnitEvent | null;
  readonly device: DeviceState;
}
