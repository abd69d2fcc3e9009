/**
 * Pack images in the form that emulators of System/370 exchange (Hercules makes them with `dasdinit` and `dasdload`):
 * a header of 512 bytes, then every track at full length. Numbers in the header are little-endian, on tracks
 * big-endian. A track is a home address of 5 bytes, its records as count, key and data, and eight bytes FF.
 */
import type { CkdImage } from './ckd-image.ts';
import { fits, recordFrom, type CkdRecord, type CkdTrack, type Geometry } from './ckd-track.ts';

const MAGIC = Array.from('CKD_P370', (c) => c.charCodeAt(0));
const HEADER = 512;
const HOME_ADDRESS = 5;
const COUNT = 8;

export const isP370 = (bytes: Uint8Array): boolean => MAGIC.every((code, i) => bytes[i] === code);

/** The image in `bytes`, or in words why these are none for such a drive. */
export function unpackP370(geometry: Geometry, bytes: Uint8Array): CkdImage | string {
  if (bytes.length < HEADER) return 'the image ends in its header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const heads = view.getUint32(8, true);
  const trackSize = view.getUint32(12, true);
  if (heads !== geometry.heads || trackSize <= HOME_ADDRESS + COUNT)
    return `an image with ${heads} heads, not of a ${geometry.model}`;
  const count = Math.floor((bytes.length - HEADER) / trackSize);
  if (count > geometry.heads * geometry.cylinders)
    return `the image has ${count} tracks, more than a ${geometry.model}`;
  const tracks = new Map<number, CkdTrack>();
  for (let number = 0; number < count; number++) {
    const from = HEADER + number * trackSize;
    const track = trackFrom(bytes.subarray(from + HOME_ADDRESS, from + trackSize));
    if (!track) return `track ${number} of the image has no end`;
    if (track[0]?.record !== 0) return `track ${number} of the image does not begin with record zero`;
    if (!fits(geometry, track)) return `track ${number} of the image overflows`;
    if (track.length > 1) tracks.set(number, track);
  }
  return { geometry, format: { records: 0, length: 0 }, tracks };
}

/** The records up to the end mark, or null where there is none. */
function trackFrom(bytes: Uint8Array): CkdTrack | null {
  const track: CkdRecord[] = [];
  for (let at = 0; at + COUNT <= bytes.length;) {
    if (bytes.subarray(at, at + COUNT).every((byte) => byte === 0xff)) return track;
    const length = COUNT + bytes[at + 5]! + ((bytes[at + 6]! << 8) | bytes[at + 7]!);
    if (at + length > bytes.length) return null;
    track.push(recordFrom(bytes.subarray(at, at + length)));
    at += length;
  }
  return null;
}
