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
  return unpackCcw(new DataView(bytes.buffer, bytes.byteOffset), 0);
}

/** Guest-real pieces of storage that a CCW's data area consists of; null where an address is outside storage. */
export function dataArea(
  vm: VirtualMachine,
  ccw: Ccw,
): readonly { readonly at: number; readonly length: number }[] | null {
  if ((ccw.flags & IDA) === 0)
    return ccw.address + ccw.count > vm.storageSize ? null : [{ at: ccw.address, length: ccw.count }];
  const pieces = [];
  let left = ccw.count;
  try {
    for (let word = ccw.address; left > 0; word += 4) {
      const at = vm.fetchWord(word) & 0xffffff;
      const length = Math.min(left, 2048 - (at & 2047));
      if (at + length > vm.storageSize) return null;
      pieces.push({ at, length });
      left -= length;
    }
  } catch (thrown) {
    if (thrown === NO_STORAGE) return null;
    throw thrown;
  }
  return pieces;
}

export { CC, CD, IDA, SKIP, isInvalid, isTransferInChannel, type Ccw };

const SEARCH = 0x11;
/** Commands after which a device may set status modifier, so that the channel skips a CCW. */
const maySkip = (command: number): boolean => (command & 0x1f) === SEARCH;

/** Guest addresses of all CCWs that the program may reach from `address`, ascending; null beyond `MOST_CCWS`. */
export function reachableCcws(vm: VirtualMachine, address: number): Map<number, Ccw> | null {
  const found = new Map<number, Ccw>();
  const open = [address];
  while (open.length > 0) {
    const at = open.pop()!;
    if (found.has(at)) continue;
    const ccw = fetchCcw(vm, at);
    if (!ccw) continue;
    found.set(at, ccw);
    if (found.size > MOST_CCWS) return null;
    if (isTransferInChannel(ccw)) {
      open.push(ccw.address);
      // What follows a TIC is reached when the search before it succeeds.
      if (found.size > 1) open.push(at + 8);
    } else if ((ccw.flags & (CC | CD)) !== 0) {
      open.push(at + 8);
      if (maySkip(ccw.command)) open.push(at + 16);
    }
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** Makes every page that the program touches resident (or throws PAGE_WAIT); gives the pages. */
export function bringIn(vm: VirtualMachine, ccws: ReadonlyMap<number, Ccw>): number[] {
  const pages = new Set<number>();
  const touch = (at: number): void => {
    vm.locate(at);
    pages.add(at >>> 12);
  };
  for (const [at, ccw] of ccws) {
    touch(at);
    if (isTransferInChannel(ccw) || ccw.count === 0) continue;
    for (const piece of dataArea(vm, ccw) ?? [])
      for (let page = piece.at >>> 12; page <= (piece.at + piece.length - 1) >>> 12; page++)
        touch(page << 12);
  }
  return [...pages];
}
