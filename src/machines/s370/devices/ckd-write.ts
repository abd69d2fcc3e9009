/** Writing on a count-key-data track: what must go before, and what the track is afterwards. GA26-1592. */
import {
  ERASE,
  permissions,
  WRITE_COUNT_KEY_DATA,
  WRITE_DATA,
  WRITE_HOME_ADDRESS,
  WRITE_KEY_DATA,
  WRITE_R0,
} from './ckd-commands.ts';
import { fits, recordFrom, recordSpace, type CkdTrack, type Geometry } from './ckd-track.ts';

/** What the command before in the chain did, where that allows a write to follow. */
export type Prelude =
  | 'none'
  | 'home-address' // found or written
  | 'identifier' // found equal
  | 'key' // found equal
  | 'format'; // record zero or a whole record written

/** Whether `command` may follow `before` under the file mask: writes must come right behind what found their place. */
export function mayWrite(command: number, before: Prelude, mask: number): boolean {
  const allowed = permissions(mask);
  const found = before === 'identifier' || before === 'key';
  switch (command) {
    case WRITE_DATA:
      return allowed.write && found;
    case WRITE_KEY_DATA:
      return allowed.write && before === 'identifier';
    case WRITE_COUNT_KEY_DATA:
    case ERASE:
      return allowed.format && (found || before === 'format');
    case WRITE_R0:
      return allowed.homeAddress && before === 'home-address';
    case WRITE_HOME_ADDRESS:
      return allowed.homeAddress;
    default:
      return false;
  }
}

/** How many bytes a record has whose count area is `header`; its own 8 when it could never fit a track. */
export function grownLength(geometry: Geometry, header: Uint8Array): number {
  const { key, data } = recordFrom(header);
  const fitting = recordSpace(geometry, key.length, data.length) <= geometry.capacity.value;
  return 8 + (fitting ? key.length + data.length : 0);
}

/** `bytes` cut or padded with zeros to `length`. */
function sized(bytes: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  result.set(bytes.subarray(0, length));
  return result;
}

/** The track after `command` at record `at`, or null when it would overflow. */
export function rewritten(
  geometry: Geometry,
  track: CkdTrack,
  command: number,
  at: number,
  bytes: Uint8Array,
): CkdTrack | null {
  const here = track[at]!;
  if (command === WRITE_DATA) return track.with(at, { ...here, data: sized(bytes, here.data.length) });
  if (command === WRITE_KEY_DATA) {
    const key = sized(bytes, here.key.length);
    const data = sized(bytes.subarray(key.length), here.data.length);
    return track.with(at, { ...here, key, data });
  }
  // Formatting erases whatever followed on the track.
  if (command === ERASE) return track.slice(0, at + 1);
  const record = recordFrom(bytes);
  const result = command === WRITE_R0 ? [record] : [...track.slice(0, at + 1), record];
  return fits(geometry, result) ? result : null;
}
