/**
 * Tracks in count-key-data format: which records fit, and where under the head each lies.
 * GA26-1592, "Reference Manual for IBM 3830 Storage Control and IBM 3330 Disk Storage"; GA26-1589, "IBM 2835/2305".
 *
 * A record is written as gap, count area (8 bytes), gap, key area if any, gap, data area, check bytes. The capacity
 * formula of the manual gives the sum of gaps and check bytes; how it is shared out among them is SIMPLIFIED.
 */
import type { Figure } from './figures.ts';

export interface CkdRecord {
  /** The identifier in the count area, which need not be where the record is. */
  readonly cylinder: number;
  readonly head: number;
  readonly record: number;
  /** Empty when the record has no key. */
  readonly key: Uint8Array;
  /** Empty: an end-of-file record. */
  readonly data: Uint8Array;
}

/** Record zero first. Tracks are never changed in place, so that images and saved states may share them. */
export type CkdTrack = readonly CkdRecord[];

export interface Geometry {
  readonly model: '3330' | '2305';
  readonly cylinders: number;
  readonly heads: number;
  /** Bytes for records after record zero, gaps included: what the capacity formula starts from. */
  readonly capacity: Figure;
  /** Gaps and check bytes of a record, and how many more with a key. */
  readonly overhead: Figure;
  readonly keyOverhead: Figure;
  /** Milliseconds. */
  readonly rotation: Figure;
  /** Kilobytes (1000) a second. */
  readonly rate: Figure;
  /** Sectors that rotational position sensing tells apart. */
  readonly sectors: number;
  /** Milliseconds to move by so many cylinders, more than 0. */
  readonly seek: (distance: number) => number;
}

/** Bytes that pass under the head in one revolution. */
export const circumference = (geometry: Geometry): number => geometry.rotation.value * geometry.rate.value;

const COUNT_GAP = 60;
const COUNT = 8;
const CHECK_BYTES = 11;

/** Bytes of track that a record takes. */
export const recordSpace = (geometry: Geometry, keyLength: number, dataLength: number): number =>
  geometry.overhead.value + (keyLength > 0 ? geometry.keyOverhead.value : 0) + keyLength + dataLength;

/** How many records of this size a track holds: the manual's capacity formula. */
export const recordsPerTrack = (geometry: Geometry, keyLength: number, dataLength: number): number =>
  Math.floor(geometry.capacity.value / recordSpace(geometry, keyLength, dataLength));

/** Whether `track` could be written on a real one. */
export function fits(geometry: Geometry, track: CkdTrack): boolean {
  const used = track
    .slice(1)
    .reduce((sum, { key, data }) => sum + recordSpace(geometry, key.length, data.length), 0);
  return used <= geometry.capacity.value;
}

/** Where the areas of a record begin, in bytes from the index; `key` is meaningless without one. */
export interface Place {
  readonly start: number;
  readonly count: number;
  readonly key: number;
  readonly data: number;
  readonly end: number;
}

/** The home address comes first on the track. */
export const HOME_ADDRESS_PLACE = 2;
export const HOME_ADDRESS_BYTES = 5;

/** Places of all records of `track`, record zero first. */
export function places(geometry: Geometry, track: CkdTrack): Place[] {
  const first = circumference(geometry) - geometry.capacity.value;
  const result: Place[] = [];
  let start = first;
  track.forEach(({ key, data }, i) => {
    if (i === 0) {
      // Record zero shares the space before the first record with the home address.
      const count = first * 0.3;
      result.push({
        start: first * 0.2,
        count,
        key: first * 0.6,
        data: first * 0.6,
        end: first * 0.6 + data.length,
      });
      return;
    }
    const end = start + recordSpace(geometry, key.length, data.length);
    const dataAt = end - CHECK_BYTES - data.length;
    const gap = geometry.overhead.value - COUNT_GAP - COUNT - CHECK_BYTES;
    result.push({ start, count: start + COUNT_GAP, key: start + COUNT_GAP + COUNT + gap, data: dataAt, end });
    start = end;
  });
  return result;
}

/** The eight bytes of a count area: CCHHR, key length, data length. */
export function countArea(record: CkdRecord): Uint8Array {
  const bytes = new Uint8Array(COUNT);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, record.cylinder);
  view.setUint16(2, record.head);
  view.setUint8(4, record.record);
  view.setUint8(5, record.key.length);
  view.setUint16(6, record.data.length);
  return bytes;
}

/** The record that `bytes` (count, key, data; missing ones are zero) describe. */
export function recordFrom(bytes: Uint8Array): CkdRecord {
  const count = new Uint8Array(COUNT);
  count.set(bytes.subarray(0, COUNT));
  const view = new DataView(count.buffer);
  const key = new Uint8Array(view.getUint8(5));
  const data = new Uint8Array(view.getUint16(6));
  key.set(bytes.subarray(COUNT, COUNT + key.length));
  data.set(bytes.subarray(COUNT + key.length, COUNT + key.length + data.length));
  return { cylinder: view.getUint16(0), head: view.getUint16(2), record: view.getUint8(4), key, data };
}

/** Record zero as the factory writes it: eight bytes of zeros. */
export const recordZero = (cylinder: number, head: number): CkdRecord => ({
  cylinder,
  head,
  record: 0,
  key: new Uint8Array(0),
  data: new Uint8Array(8),
});

/** The bytes of `record` from one of its areas to the end. */
export function bytesFrom(record: CkdRecord, area: 'count' | 'key' | 'data'): Uint8Array {
  if (area === 'data') return record.data;
  const count = area === 'count' ? countArea(record) : new Uint8Array(0);
  const bytes = new Uint8Array(count.length + record.key.length + record.data.length);
  bytes.set(count);
  bytes.set(record.key, count.length);
  bytes.set(record.data, count.length + record.key.length);
  return bytes;
}
