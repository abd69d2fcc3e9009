/** The channel-status word. GA22-7000, "Input/Output Operations", "Channel-Status Word". */
import type { Storage } from '../storage.ts';
import { BLOCK_SHIFT, KEY_CHANGE, KEY_REFERENCE } from '../storage.ts';

/** Unit status: the left byte of the status halfword. */
export const ATTENTION = 0x8000;
export const STATUS_MODIFIER = 0x4000;
export const CONTROL_UNIT_END = 0x2000;
export const BUSY = 0x1000;
export const CHANNEL_END = 0x0800;
export const DEVICE_END = 0x0400;
export const UNIT_CHECK = 0x0200;
export const UNIT_EXCEPTION = 0x0100;
/** Channel status: the right byte. */
export const PROGRAM_CONTROLLED = 0x0080;
export const INCORRECT_LENGTH = 0x0040;
export const PROGRAM_CHECK = 0x0020;
export const PROTECTION_CHECK = 0x0010;

/** Unit status after which a chain of commands goes on. */
const REGULAR = CHANNEL_END | DEVICE_END | STATUS_MODIFIER;
export const isExceptional = (status: number): boolean => (status & ~REGULAR) !== 0;

export interface Csw {
  readonly key: number;
  /** 1 when a start with fast release found afterwards what SIO would have told at once. */
  readonly deferred: number;
  /** The last CCW used, plus 8. */
  readonly address: number;
  readonly status: number;
  readonly count: number;
}

/** What is stored for status that belongs to no operation: attention, or a device end after its channel end. */
export const statusOnly = (status: number): Csw => ({ key: 0, deferred: 0, address: 0, status, count: 0 });

/** Stores the whole CSW at absolute address `at`. */
export function storeCsw(storage: Storage, at: number, csw: Csw): void {
  storage.view.setUint32(at, ((csw.key << 28) | (csw.deferred << 24) | csw.address) >>> 0);
  storage.view.setUint16(at + 4, csw.status);
  storage.view.setUint16(at + 6, csw.count);
  touched(storage, at);
}

/** Stores the status halfword of the CSW at `at`, as the start and halt instructions do; the rest stays. */
export function storeStatus(storage: Storage, at: number, status: number): void {
  storage.view.setUint16(at + 4, status);
  touched(storage, at);
}

/** Marks the block of `at` as stored into by the hardware itself, whose accesses pass no key. */
export function touched(storage: Storage, at: number): void {
  storage.keys[at >>> BLOCK_SHIFT]! |= KEY_REFERENCE | KEY_CHANGE;
  storage.dirty[at >>> BLOCK_SHIFT] = 1;
}

const NAMES: readonly (readonly [number, string])[] = [
  [ATTENTION, 'attention'],
  [STATUS_MODIFIER, 'status modifier'],
  [CONTROL_UNIT_END, 'control-unit end'],
  [BUSY, 'busy'],
  [CHANNEL_END, 'channel end'],
  [DEVICE_END, 'device end'],
  [UNIT_CHECK, 'unit check'],
  [UNIT_EXCEPTION, 'unit exception'],
  [PROGRAM_CONTROLLED, 'program-controlled interruption'],
  [INCORRECT_LENGTH, 'incorrect length'],
  [PROGRAM_CHECK, 'program check'],
  [PROTECTION_CHECK, 'protection check'],
];

/** The bits of `status` by the manual's names. */
export const statusNames = (status: number): string[] =>
  NAMES.filter(([bit]) => (status & bit) !== 0).map(([, name]) => name);
