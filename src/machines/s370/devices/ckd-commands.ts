/** Commands, sense bytes and file mask of count-key-data devices. GA26-1592 (3830/3330 reference manual). */
import { absent, partial, supported, type CommandSupport } from './device.ts';

/** Searches and reads with this bit go on to the next track of the cylinder at the index. */
export const MULTITRACK = 0x80;

export const READ_IPL = 0x02;
export const WRITE_DATA = 0x05;
export const READ_DATA = 0x06;
export const SEEK = 0x07;
export const SEEK_CYLINDER = 0x0b;
export const WRITE_KEY_DATA = 0x0d;
export const READ_KEY_DATA = 0x0e;
export const ERASE = 0x11;
export const READ_COUNT = 0x12;
export const RECALIBRATE = 0x13;
export const WRITE_R0 = 0x15;
export const READ_R0 = 0x16;
export const WRITE_HOME_ADDRESS = 0x19;
export const READ_HOME_ADDRESS = 0x1a;
export const SEEK_HEAD = 0x1b;
export const WRITE_COUNT_KEY_DATA = 0x1d;
export const READ_COUNT_KEY_DATA = 0x1e;
export const SET_FILE_MASK = 0x1f;
export const READ_SECTOR = 0x22;
export const SET_SECTOR = 0x23;
export const SEARCH_KEY_EQUAL = 0x29;
export const SEARCH_ID_EQUAL = 0x31;
export const SEARCH_HOME_ADDRESS = 0x39;
export const SEARCH_KEY_HIGH = 0x49;
export const SEARCH_ID_HIGH = 0x51;
export const SEARCH_KEY_HIGH_OR_EQUAL = 0x69;
export const SEARCH_ID_HIGH_OR_EQUAL = 0x71;

export const CKD_COMMANDS: readonly CommandSupport[] = [
  supported(READ_IPL, 'Read initial program load'),
  supported(0x03, 'No operation'),
  supported(0x04, 'Sense'),
  supported(WRITE_DATA, 'Write data'),
  supported(READ_DATA, 'Read data (86: multitrack)'),
  supported(SEEK, 'Seek'),
  supported(SEEK_CYLINDER, 'Seek cylinder'),
  supported(WRITE_KEY_DATA, 'Write key and data'),
  supported(READ_KEY_DATA, 'Read key and data (8E: multitrack)'),
  partial(ERASE, 'Erase', 'leaves the rest of the track empty at once, without passing over it'),
  supported(READ_COUNT, 'Read count (92: multitrack)'),
  supported(RECALIBRATE, 'Recalibrate'),
  supported(WRITE_R0, 'Write record zero'),
  supported(READ_R0, 'Read record zero (96: multitrack)'),
  partial(
    WRITE_HOME_ADDRESS,
    'Write home address',
    'must repeat the address of the track: no track is ever flagged',
  ),
  supported(READ_HOME_ADDRESS, 'Read home address (9A: multitrack)'),
  supported(SEEK_HEAD, 'Seek head'),
  supported(WRITE_COUNT_KEY_DATA, 'Write count, key and data'),
  supported(READ_COUNT_KEY_DATA, 'Read count, key and data (9E: multitrack)'),
  supported(SET_FILE_MASK, 'Set file mask'),
  supported(READ_SECTOR, 'Read sector'),
  supported(SET_SECTOR, 'Set sector'),
  supported(SEARCH_KEY_EQUAL, 'Search key equal (A9: multitrack)'),
  supported(SEARCH_ID_EQUAL, 'Search identifier equal (B1: multitrack)'),
  supported(SEARCH_HOME_ADDRESS, 'Search home address equal (B9: multitrack)'),
  supported(SEARCH_KEY_HIGH, 'Search key high (C9: multitrack)'),
  supported(SEARCH_ID_HIGH, 'Search identifier high (D1: multitrack)'),
  supported(SEARCH_KEY_HIGH_OR_EQUAL, 'Search key equal or high (E9: multitrack)'),
  supported(SEARCH_ID_HIGH_OR_EQUAL, 'Search identifier equal or high (F1: multitrack)'),
  absent(0x01, 'Write special count, key and data', 'no record overflows its track here'),
  absent(0x0f, 'Space count', 'recovers records with damaged count areas; nothing is ever damaged'),
  absent(0x94, 'Device release', 'every drive has one path'),
  absent(0xb4, 'Device reserve', 'every drive has one path'),
  absent(0xa4, 'Read and reset buffered log', 'no errors are logged'),
];

/** Sense byte 1. */
export const INVALID_TRACK_FORMAT = 0x40;
export const END_OF_CYLINDER = 0x20;
export const NO_RECORD_FOUND = 0x08;
export const FILE_PROTECTED = 0x04;
export const SENSE_BYTES = 24;

/** What a file mask allows. */
export interface Permissions {
  readonly homeAddress: boolean;
  readonly format: boolean;
  readonly write: boolean;
  readonly seek: boolean;
  readonly seekCylinder: boolean;
  /** Seek head, and switching heads in multitrack commands. */
  readonly seekHead: boolean;
}

/** Bits 0 and 1: writing. Bits 3 and 4: seeking. */
export function permissions(mask: number): Permissions {
  const write = mask >> 6;
  const seek = (mask >> 3) & 3;
  return {
    homeAddress: write === 3,
    format: write === 0 || write === 3,
    write: write !== 1,
    seek: seek === 0,
    seekCylinder: seek <= 1,
    seekHead: seek <= 2,
  };
}

/** How a search compares: by the bits of its command code. */
export function satisfies(command: number, found: Uint8Array, wanted: Uint8Array): boolean {
  let order = 0;
  for (let i = 0; i < wanted.length && order === 0; i++) order = found[i]! - wanted[i]!;
  const high = (command & 0x40) !== 0;
  const equal = (command & 0x20) !== 0;
  return (high && order > 0) || (equal && order === 0);
}

/** Search identifier or search key, whatever the comparison. */
export const isSearch = (command: number): boolean =>
  (command & 0x60) !== 0 && ((command & 0x1f) === 0x09 || (command & 0x1f) === 0x11);
