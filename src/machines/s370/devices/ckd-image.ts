/**
 * What a disk pack or drum holds, apart from any drive: a sparse map of tracks, and how every other track is formatted.
 * Serves programs that prepare or inspect media; drives read and write it through channel commands.
 */
import {
  fits,
  recordFrom,
  recordsPerTrack,
  recordZero,
  type CkdRecord,
  type CkdTrack,
  type Geometry,
} from './ckd-track.ts';
import { isP370, unpackP370 } from './ckd-p370.ts';

/** Format of the tracks that nobody has written: so many records of so many bytes of zeros, without keys. */
export interface UniformFormat {
  readonly records: number;
  readonly length: number;
}

export interface CkdImage {
  readonly geometry: Geometry;
  readonly format: UniformFormat;
  /** By cylinder × heads + head. */
  readonly tracks: Map<number, CkdTrack>;
}

/** A medium of which every track has only its home address and record zero. */
export const emptyImage = (geometry: Geometry): CkdImage => ({
  geometry,
  format: { records: 0, length: 0 },
  tracks: new Map(),
});

/** A medium formatted in records of `length` bytes, numbered from 1 on each track, as many as fit. */
export const formattedImage = (geometry: Geometry, length: number): CkdImage => ({
  geometry,
  format: { records: recordsPerTrack(geometry, 0, length), length },
  tracks: new Map(),
});

const NO_KEY = new Uint8Array(0);

export function trackOf(image: CkdImage, cylinder: number, head: number): CkdTrack {
  const written = image.tracks.get(cylinder * image.geometry.heads + head);
  if (written) return written;
  const track: CkdRecord[] = [recordZero(cylinder, head)];
  const data = new Uint8Array(image.format.length);
  for (let record = 1; record <= image.format.records; record++)
    track.push({ cylinder, head, record, key: NO_KEY, data });
  return track;
}

/** Puts `track` on the medium. Its records must fit: a drive checks that before, a program that prepares media must. */
export function setTrack(image: CkdImage, cylinder: number, head: number, track: CkdTrack): void {
  if (!fits(image.geometry, track)) throw new Error(`track ${cylinder}/${head} overflows`);
  image.tracks.set(cylinder * image.geometry.heads + head, track);
}

/** Writes records without keys, numbered from 1, on one track: how IPL records and small files are laid down. */
export function setRecords(
  image: CkdImage,
  cylinder: number,
  head: number,
  blocks: readonly Uint8Array[],
): void {
  const records = blocks.map((data, i) => ({
    cylinder,
    head,
    record: i + 1,
    key: NO_KEY,
    data: data.slice(),
  }));
  setTrack(image, cylinder, head, [recordZero(cylinder, head), ...records]);
}

/** Cylinder, head and record of block `index` of a uniformly formatted medium. */
export function blockAddress(
  image: CkdImage,
  index: number,
): { readonly cylinder: number; readonly head: number; readonly record: number } {
  const { records } = image.format;
  const { heads, cylinders } = image.geometry;
  const track = Math.floor(index / records);
  if (records === 0 || index < 0 || track >= heads * cylinders)
    throw new Error(`no block ${index} on this medium`);
  return { cylinder: Math.floor(track / heads), head: track % heads, record: 1 + (index % records) };
}

export function readBlock(image: CkdImage, index: number): Uint8Array {
  const { cylinder, head, record } = blockAddress(image, index);
  return trackOf(image, cylinder, head)[record]!.data.slice();
}

/** Writes block `index`; a short one is padded with zeros. */
export function writeBlock(image: CkdImage, index: number, bytes: Uint8Array): void {
  const { cylinder, head, record } = blockAddress(image, index);
  const track = trackOf(image, cylinder, head).slice();
  const data = new Uint8Array(image.format.length);
  data.set(bytes);
  track[record] = { ...track[record]!, data };
  setTrack(image, cylinder, head, track);
}

// ---------------------------------------------------------------- as bytes

const MAGIC = 0x434b_4431; // "CKD1"
const HEADER = 16;

/** The image as bytes: header, then each written track as its number, number of records, and records. */
export function packImage(image: CkdImage): Uint8Array {
  const tracks = [...image.tracks].sort(([a], [b]) => a - b);
  const size = tracks.reduce(
    (sum, [, track]) => sum + 6 + track.reduce((s, { key, data }) => s + 8 + key.length + data.length, 0),
    HEADER,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, parseInt(image.geometry.model, 10));
  view.setUint16(8, image.format.records);
  view.setUint16(10, image.format.length);
  view.setUint32(12, tracks.length);
  let at = HEADER;
  for (const [number, track] of tracks) {
    view.setUint32(at, number);
    view.setUint16(at + 4, track.length);
    at += 6;
    for (const { cylinder, head, record, key, data } of track) {
      view.setUint16(at, cylinder);
      view.setUint16(at + 2, head);
      view.setUint8(at + 4, record);
      view.setUint8(at + 5, key.length);
      view.setUint16(at + 6, data.length);
      bytes.set(key, at + 8);
      bytes.set(data, at + 8 + key.length);
      at += 8 + key.length + data.length;
    }
  }
  return bytes;
}

/** The image that `packImage` or an emulator made bytes of, or in words why these are none for such a drive. */
export function unpackImage(geometry: Geometry, bytes: Uint8Array): CkdImage | string {
  if (isP370(bytes)) return unpackP370(geometry, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0) !== MAGIC) return 'not a count-key-data image';
  if (view.getUint32(4) !== parseInt(geometry.model, 10))
    return `an image of a ${view.getUint32(4)}, not of a ${geometry.model}`;
  const tracks = new Map<number, CkdTrack>();
  let at = HEADER;
  for (let left = view.getUint32(12); left > 0; left--) {
    if (at + 6 > bytes.length) return 'the image ends in the middle of a track';
    const number = view.getUint32(at);
    const track: CkdRecord[] = [];
    let records = view.getUint16(at + 4);
    at += 6;
    for (; records > 0; records--) {
      if (at + 8 > bytes.length) return 'the image ends in the middle of a record';
      const length = 8 + view.getUint8(at + 5) + view.getUint16(at + 6);
      track.push(recordFrom(bytes.subarray(at, at + length)));
      at += length;
    }
    if (!fits(geometry, track)) return `track ${number} of the image overflows`;
    tracks.set(number, track);
  }
  return { geometry, format: { records: view.getUint16(8), length: view.getUint16(10) }, tracks };
}
