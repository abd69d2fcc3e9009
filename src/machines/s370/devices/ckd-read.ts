/** Reading from a count-key-data track: which bytes a read command sends, and when they pass. GA26-1592. */
import {
  MULTITRACK,
  NO_RECORD_FOUND,
  READ_COUNT,
  READ_COUNT_KEY_DATA,
  READ_DATA,
  READ_HOME_ADDRESS,
  READ_IPL,
  READ_KEY_DATA,
  READ_R0,
} from './ckd-commands.ts';
import type { Mechanism } from './ckd-mechanism.ts';
import {
  bytesFrom,
  countArea,
  HOME_ADDRESS_BYTES,
  HOME_ADDRESS_PLACE,
  recordZero,
  type CkdRecord,
} from './ckd-track.ts';

/** The bytes that pass after `wait` cycles; or, after that time, sense byte 1 that says why there are none. */
export type Passage =
  | { readonly data: Uint8Array; readonly wait: number; readonly endOfFile: boolean }
  | { readonly wait: number; readonly sense: number };

const isNumbered = (record: CkdRecord): boolean => record.record !== 0;

/** What read command `command` sends, or null for any other command. */
export function passageFor(mechanism: Mechanism, command: number): Passage | null {
  const multitrack = (command & MULTITRACK) !== 0;
  switch (command & ~MULTITRACK) {
    case READ_IPL:
      return multitrack ? null : readIpl(mechanism);
    case READ_DATA:
      return readRecord(mechanism, multitrack, 'data');
    case READ_KEY_DATA:
      return readRecord(mechanism, multitrack, 'key');
    case READ_COUNT_KEY_DATA:
      return readRecord(mechanism, multitrack, 'count');
    case READ_COUNT:
      return readCount(mechanism, multitrack);
    case READ_R0:
    case READ_HOME_ADDRESS:
      return readFromIndex(mechanism, command);
    default:
      return null;
  }
}

/** Seeks cylinder 0, head 0 and reads the first record. */
function readIpl(mechanism: Mechanism): Passage {
  const arm = mechanism.line!.cycles(mechanism.moveTo(0, 0) * 1000);
  const record = mechanism.track[1];
  if (!record) return { wait: mechanism.until(0, arm) + mechanism.rotationCycles, sense: NO_RECORD_FOUND };
  mechanism.arrive(1, 'data');
  return { data: record.data, wait: mechanism.until(mechanism.place(1).data, arm), endOfFile: false };
}

/** Reads a record from its count, key or data area to its end: the record at hand, or the next one. */
function readRecord(mechanism: Mechanism, multitrack: boolean, from: 'count' | 'key' | 'data'): Passage {
  const here = mechanism.orientation;
  const atHand =
    from !== 'count' && here && (here.area === 'count' || (here.area === 'key' && from === 'data'));
  const found = atHand ? { record: here.record, wait: 0 } : mechanism.nextCount(multitrack, isNumbered);
  if ('sense' in found) return found;
  const record = mechanism.track[found.record]!;
  const place = mechanism.place(found.record);
  const keyed = from === 'key' && record.key.length > 0;
  const first = from === 'count' ? place.count : keyed ? place.key : place.data;
  const wait = atHand ? mechanism.until(first) : found.wait + (first - place.count) * mechanism.perByte;
  mechanism.arrive(found.record, 'data');
  mechanism.indexes = 0;
  return { data: bytesFrom(record, from), wait, endOfFile: record.data.length === 0 };
}

function readCount(mechanism: Mechanism, multitrack: boolean): Passage {
  const found = mechanism.nextCount(multitrack, isNumbered);
  if ('sense' in found) return found;
  mechanism.arrive(found.record, 'count');
  return { data: countArea(mechanism.track[found.record]!), wait: found.wait, endOfFile: false };
}

/** Read home address and read record zero wait for the index, at which a multitrack command takes the next head. */
function readFromIndex(mechanism: Mechanism, command: number): Passage {
  const failure = (command & MULTITRACK) !== 0 ? mechanism.nextHead() : 0;
  if (failure !== 0) return { wait: mechanism.until(0), sense: failure };
  mechanism.indexes = 0;
  if ((command & ~MULTITRACK) === READ_R0) {
    const recordZeroHere = mechanism.track[0]!;
    mechanism.arrive(0, 'data');
    return {
      data: bytesFrom(recordZeroHere, 'count'),
      wait: mechanism.until(mechanism.place(0).count),
      endOfFile: false,
    };
  }
  mechanism.orientation = null;
  const home = new Uint8Array(HOME_ADDRESS_BYTES);
  home.set(countArea(recordZero(mechanism.cylinder, mechanism.head)).subarray(0, 4), 1);
  return { data: home, wait: mechanism.until(HOME_ADDRESS_PLACE), endOfFile: false };
}
