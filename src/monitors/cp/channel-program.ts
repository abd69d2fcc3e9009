/** The guest's channel program as CP reads it: CAW, CCWs, indirect addresses and data, all in guest-real storage. */
import {
  CC,
  CD,
  IDA,
  isInvalid,
  isTransferInChannel,
  SKIP,
  unpackCaw,
  unpackCcw,
  type Ccw,
} from '../../machines/s370/channels/ccw.ts';
import { CAW } from '../../machines/s370/assigned-storage.ts';
import { NO_STORAGE, type VirtualMachine } from './virtual-machine.ts';

/** More CCWs than any real channel program has; the bound that ends a runaway one. */
export const MOST_CCWS = 4096;

export interface GuestCaw {
  readonly key: number;
  readonly address: number;
}

/** Key and first CCW address, or null where the CAW is invalid. */
export function fetchCaw(vm: VirtualMachine): GuestCaw | null {
  const caw = unpackCaw(vm.fetchWord(CAW));
  return caw && { key: caw.key, address: caw.address };
}

/** The CCW at guest-real `address`, or null where there is none. */
export function fetchCcw(vm: VirtualMachine, address: number): Ccw | null {
  if ((address & 7) !== 0 || address + 8 > vm.storageSize) return null;
  const bytes = vm.fetch(address, 8);
  vm.markReferenced(address);
  return unpackCcw(new DataView(bytes.buffer, bytes.byteOffset), 0);
}

/** A CCW with which a channel may begin; anything else is a program check of the SIO itself. */
export const mayBegin = (ccw: Ccw | null): ccw is Ccw =>
  ccw !== null && !isTransferInChannel(ccw) && !isInvalid(ccw, false);

export interface Piece {
  readonly at: number;
  readonly length: number;
}
export interface DataArea {
  readonly pieces: readonly Piece[];
  /** An address is invalid: what comes before it is transferred, then the channel finds a program check. */
  readonly broken: boolean;
}

/** Guest-real pieces of storage that a CCW's data area consists of. */
export function dataArea(vm: VirtualMachine, ccw: Ccw): DataArea {
  if ((ccw.flags & IDA) === 0) {
    const length = Math.max(0, Math.min(ccw.count, vm.storageSize - ccw.address));
    const pieces = length > 0 ? [{ at: ccw.address, length }] : [];
    return { pieces, broken: length < ccw.count };
  }
  const pieces: Piece[] = [];
  if ((ccw.address & 3) !== 0) return { pieces, broken: true };
  let left = ccw.count;
  for (let word = ccw.address; left > 0; word += 4) {
    const at = indirectAddress(vm, word);
    // Every word but the first designates a 2 K block from its beginning.
    if (at < 0 || at >= vm.storageSize || (pieces.length > 0 && (at & 2047) !== 0))
      return { pieces, broken: true };
    const length = Math.min(left, 2048 - (at & 2047));
    pieces.push({ at, length });
    left -= length;
  }
  return { pieces, broken: false };
}

/** The indirect data address word at `at`, −1 where it is invalid or not there. */
function indirectAddress(vm: VirtualMachine, at: number): number {
  try {
    const word = vm.fetchWord(at);
    vm.markReferenced(at);
    return word >>> 24 === 0 ? word : -1;
  } catch (thrown) {
    if (thrown === NO_STORAGE) return -1;
    throw thrown;
  }
}

export { CC, CD, IDA, SKIP, isInvalid, isTransferInChannel, type Ccw };

const SEARCH_HOME_ADDRESS = 0x39;
/** Commands after which a device may set status modifier, so that the channel skips a CCW. */
const maySkip = (command: number): boolean =>
  (command & 0x1f) === 0x11 || (command & 0x1f) === 0x09 || (command & 0x7f) === SEARCH_HOME_ADDRESS;

/** A CCW of the program, and how the channel may come to it: as a command, or as the next area of the one before. */
export interface Reached {
  readonly ccw: Ccw;
  readonly command: boolean;
  readonly data: boolean;
  /** What it sends to the device, where that is no longer in storage. */
  readonly argument?: readonly number[];
}

/**
 * Guest addresses of all CCWs that the program may reach from `address`, ascending; null beyond `MOST_CCWS`.
 * `first` stands for the CCW at `address` where that is not in storage (the load key); CCWs of `ends` chain no further.
 */
export function reachableCcws(
  vm: VirtualMachine,
  address: number,
  first: Ccw | null = null,
  ends: ReadonlySet<number> = new Set(),
): Map<number, Reached> | null {
  const found = new Map<number, Reached>();
  const visited = new Set<string>();
  const open: Visit[] = [{ at: address, data: false, skips: false }];
  while (open.length > 0) {
    const visit = open.pop()!;
    const { at, data } = visit;
    const key = `${at} ${data} ${visit.skips}`;
    if (visited.has(key)) continue;
    visited.add(key);
    const known = found.get(at);
    const fetched = known?.ccw ?? (first && at === address ? first : fetchCcw(vm, at));
    if (!fetched) continue;
    const ccw = ends.has(at) ? { ...fetched, flags: fetched.flags & ~CC } : fetched;
    found.set(at, {
      ccw,
      command: !data || (known?.command ?? false),
      data: data || (known?.data ?? false),
    });
    if (found.size > MOST_CCWS) return null;
    open.push(...successors(visit, ccw));
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** One way to come to a CCW: as a further data area (of a command that may skip the next CCW, or not), or as a command. */
interface Visit {
  readonly at: number;
  readonly data: boolean;
  readonly skips: boolean;
}

function successors({ at, data, skips }: Visit, ccw: Ccw): Visit[] {
  if (isTransferInChannel(ccw)) return [{ at: ccw.address, data, skips }];
  // The command of a data-chained area is that of the CCW where the chain began.
  const search = data ? skips : maySkip(ccw.command);
  if ((ccw.flags & CD) !== 0) return [{ at: at + 8, data: true, skips: search }];
  if ((ccw.flags & CC) === 0) return [];
  const after = [at + 8, ...(search ? [at + 16] : [])];
  return after.map((each) => ({ at: each, data: false, skips: false }));
}

/** Makes every page that the program touches resident (or throws PAGE_WAIT); gives the pages. */
export function bringIn(vm: VirtualMachine, ccws: Iterable<readonly [number, Ccw]>): number[] {
  const pages = new Set<number>();
  const touch = (at: number): void => {
    vm.locate(at);
    pages.add(at >>> 12);
  };
  for (const [at, ccw] of ccws) {
    touch(at);
    if (isTransferInChannel(ccw) || ccw.count === 0) continue;
    if ((ccw.flags & IDA) !== 0) for (const page of listPages(vm, ccw)) touch(page << 12);
    for (const piece of dataArea(vm, ccw).pieces)
      for (let page = piece.at >>> 12; page <= (piece.at + piece.length - 1) >>> 12; page++)
        touch(page << 12);
  }
  return [...pages];
}

/** Pages that hold the list of indirect data address words of a CCW. */
function listPages(vm: VirtualMachine, ccw: Ccw): number[] {
  const words = Math.ceil(ccw.count / 2048) + 1;
  const last = Math.min(ccw.address + 4 * words, vm.storageSize) - 1;
  const pages = [];
  for (let page = ccw.address >>> 12; page <= last >>> 12; page++) pages.push(page);
  return pages;
}
