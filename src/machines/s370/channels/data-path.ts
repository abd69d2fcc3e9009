/**
 * How the channel reaches storage: absolute addresses, the key of the CAW, indirect data addresses.
 * A channel stores no byte that a key or the end of storage forbids; bytes before the offending one are stored.
 * The processor's maps need not hear of it: reference and change bits only ever go on here, and no key changes.
 * GA22-7000, "Input/Output Operations", "Channel Indirect Data Addressing".
 */
import { BLOCK, BLOCK_SHIFT, KEY_CHANGE, KEY_FETCH, KEY_REFERENCE, type Storage } from '../storage.ts';
import { type Ccw, type Direction, IDA, SKIP, unpackCcw } from './ccw.ts';
import { PROGRAM_CHECK, PROTECTION_CHECK } from './csw.ts';

/** Where the next byte of the current CCW goes or comes from. Plain data: it is part of a saved state. */
export interface Area {
  /** Absolute address of the next byte; with indirect addressing valid only once `list` was read. */
  address: number;
  /** Address of the next indirect data address word, or −1 without indirect addressing. */
  list: number;
  /** No word of the list has been used yet. */
  first: boolean;
  /** Bytes left of the CCW's count. */
  count: number;
}

export const areaOf = (ccw: Ccw): Area => ({
  address: ccw.address,
  list: (ccw.flags & IDA) !== 0 ? ccw.address : -1,
  first: true,
  count: ccw.count,
});

/** 0, or the channel-status bit that says why the channel under `key` may not reach the block of `at`. */
function checkAccess(storage: Storage, at: number, key: number, store: boolean): number {
  if (at < 0 || at >= storage.size) return PROGRAM_CHECK;
  const block = storage.keys[at >>> BLOCK_SHIFT]!;
  if (key !== 0 && block >> 4 !== key && (store || (block & KEY_FETCH) !== 0)) return PROTECTION_CHECK;
  return 0;
}

/** The CCW at `address`, or the check that its fetch meets. */
export function fetchCcw(storage: Storage, address: number, key: number): Ccw | number {
  if ((address & 7) !== 0) return PROGRAM_CHECK;
  const check = checkAccess(storage, address, key, false);
  if (check !== 0) return check;
  storage.keys[address >>> BLOCK_SHIFT]! |= KEY_REFERENCE;
  return unpackCcw(storage.view, address);
}

/** Puts the next indirect address into `area`; 0 or a check. */
function nextIndirect(storage: Storage, area: Area, key: number, backward: boolean): number {
  if ((area.list & 3) !== 0) return PROGRAM_CHECK;
  const check = checkAccess(storage, area.list, key, false);
  if (check !== 0) return check;
  storage.keys[area.list >>> BLOCK_SHIFT]! |= KEY_REFERENCE;
  const word = storage.view.getUint32(area.list);
  if (word >>> 24 !== 0) return PROGRAM_CHECK;
  // Every word but the first designates a 2 K block from its beginning (reading backward: from its end).
  if (!area.first && (word & (BLOCK - 1)) !== (backward ? BLOCK - 1 : 0)) return PROGRAM_CHECK;
  area.address = word;
  area.list += 4;
  area.first = false;
  return 0;
}

/** True where the next byte lies beyond the block of the indirect address in use. */
const needsIndirect = (area: Area, backward: boolean): boolean =>
  area.list >= 0 &&
  (area.first ||
    (backward ? (area.address & (BLOCK - 1)) === BLOCK - 1 : (area.address & (BLOCK - 1)) === 0));

/**
 * Moves `length` bytes between `data` from `offset` on and the area, one storage block at a time.
 * `area.count` afterwards tells how many have passed. Returns 0 or the check that stopped it.
 */
export function moveBytes(
  storage: Storage,
  key: number,
  area: Area,
  flags: number,
  direction: Direction,
  data: Uint8Array,
  offset: number,
  length: number,
): number {
  const backward = direction === 'to-storage-backward';
  const storing = direction !== 'to-device';
  const skipping = storing && (flags & SKIP) !== 0;
  let done = 0;
  while (done < length) {
    if (skipping) {
      area.count -= length;
      return 0;
    }
    if (needsIndirect(area, backward)) {
      const check = nextIndirect(storage, area, key, backward);
      if (check !== 0) return check;
    }
    const check = checkAccess(storage, area.address, key, storing);
    if (check !== 0) return check;
    const inBlock = backward ? (area.address & (BLOCK - 1)) + 1 : BLOCK - (area.address & (BLOCK - 1));
    const n = Math.min(length - done, inBlock);
    const block = area.address >>> BLOCK_SHIFT;
    const from = offset + done;
    if (backward) {
      for (let i = 0; i < n; i++) storage.bytes[area.address - i] = data[from + i]!;
    } else if (storing) storage.bytes.set(data.subarray(from, from + n), area.address);
    else data.set(storage.bytes.subarray(area.address, area.address + n), from);
    storage.keys[block]! |= storing ? KEY_REFERENCE | KEY_CHANGE : KEY_REFERENCE;
    if (storing) storage.dirty[block] = 1;
    area.address += backward ? -n : n;
    area.count -= n;
    done += n;
  }
  return 0;
}
