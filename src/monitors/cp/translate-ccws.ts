/**
 * Channel-program translation (CP's module DMKCCW): the guest's CCWs are copied into CP's storage with real data
 * addresses, seek arguments are moved into the minidisk's extent, and the pages concerned are locked.
 * What lies outside the extent is given to the real device as an impossible cylinder, which it refuses.
 */
import { packCcw } from '../../machines/s370/channels/ccw.ts';
import {
  bringIn,
  dataArea,
  IDA,
  isTransferInChannel,
  reachableCcws,
  type Ccw,
  type GuestCaw,
} from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import type { DiskDevice, TranslatedProgram } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const SEEK = 0x07;
const SEEK_CYLINDER = 0x0b;
const SET_FILE_MASK = 0x1f;
/** Inhibits all writing. */
const NO_WRITES = 0x40;
const NO_SUCH_CYLINDER = 0xffff;
const TIC = 0x08;
const CHAIN = 0x40;
/** CCWs that CP puts before the guest's. */
const PREFIX = 2;

interface Build {
  readonly areas: { at: number; length: number }[];
  readonly place: ReadonlyMap<number, number>;
}

/** Translates the program that `caw` names, or null where it has too many CCWs. Throws PAGE_WAIT before anything is taken. */
export function translateProgram(
  cp: ControlProgram,
  vm: VirtualMachine,
  device: DiskDevice,
  caw: GuestCaw,
): TranslatedProgram | null {
  const ccws = reachableCcws(vm, caw.address);
  if (!ccws) return null;
  const pages = bringIn(vm, ccws);
  for (const page of pages) vm.state.pages[page]!.locks++;

  const origins = [...ccws.keys()];
  const length = 8 * (origins.length + PREFIX);
  const at = cp.takeStorage(length, 8);
  const first = at + 8 * PREFIX;
  const build: Build = {
    areas: [{ at, length }],
    place: new Map(origins.map((origin, i) => [origin, first + 8 * i])),
  };
  for (const [origin, ccw] of ccws) {
    cp.charge('translateCcw');
    cp.system.store(build.place.get(origin)!, translate(cp, vm, device, ccw, build));
  }
  let start = build.place.get(caw.address) ?? NO_PLACE;
  if (device.readOnly) {
    const mask = takeBytes(cp, [NO_WRITES], build);
    cp.system.store(at, packCcw(SET_FILE_MASK, mask, CHAIN, 1));
    cp.system.store(at + 8, packCcw(TIC, start, 0, 0));
    start = at;
  }
  return { key: caw.key, start, at: first, origins, areas: build.areas, pages, started: false };
}

/** Where nothing is: the channel finds no CCW there and ends with a program check, as it would have for the guest. */
const NO_PLACE = 0xffffff;

function translate(
  cp: ControlProgram,
  vm: VirtualMachine,
  device: DiskDevice,
  ccw: Ccw,
  build: Build,
): Uint8Array {
  if (isTransferInChannel(ccw)) return packCcw(ccw.command, build.place.get(ccw.address) ?? NO_PLACE, 0, 0);
  if (ccw.count === 0) return packCcw(ccw.command, 0, ccw.flags, 0);
  if (ccw.command === SEEK || ccw.command === SEEK_CYLINDER)
    return packCcw(ccw.command, relocateSeek(cp, vm, device, ccw, build), ccw.flags & ~IDA, ccw.count);
  const area = dataArea(vm, ccw);
  if (!area) return packCcw(ccw.command, NO_PLACE, ccw.flags & ~IDA, ccw.count);
  const words = indirectWords(vm, area);
  if (words.length === 1) return packCcw(ccw.command, words[0]!, ccw.flags & ~IDA, ccw.count);
  const list = takeBytes(
    cp,
    words.flatMap((w) => [0, (w >> 16) & 0xff, (w >> 8) & 0xff, w & 0xff]),
    build,
  );
  return packCcw(ccw.command, list, ccw.flags | IDA, ccw.count);
}

/** Real addresses of the 2 K blocks of an area; one word where it lies in one page. */
function indirectWords(vm: VirtualMachine, area: readonly { at: number; length: number }[]): number[] {
  const single = area[0];
  if (area.length === 1 && single && single.at >>> 12 === (single.at + single.length - 1) >>> 12)
    return [vm.locate(single.at)];
  const words: number[] = [];
  for (const { at, length } of area)
    for (let offset = 0; offset < length;) {
      words.push(vm.locate(at + offset));
      offset += 2048 - ((at + offset) & 2047);
    }
  return words;
}

/** A copy of the seek argument with the cylinder moved into the extent. */
function relocateSeek(
  cp: ControlProgram,
  vm: VirtualMachine,
  device: DiskDevice,
  ccw: Ccw,
  build: Build,
): number {
  const argument = new Uint8Array(Math.max(6, ccw.count));
  const area = dataArea(vm, ccw) ?? [];
  let offset = 0;
  for (const piece of area) {
    argument.set(vm.fetch(piece.at, piece.length), offset);
    offset += piece.length;
  }
  const cylinder = (argument[2]! << 8) | argument[3]!;
  const real = cylinder < device.cylinders ? cylinder + device.start : NO_SUCH_CYLINDER;
  argument[2] = real >> 8;
  argument[3] = real & 0xff;
  return takeBytes(cp, [...argument], build);
}

function takeBytes(cp: ControlProgram, bytes: readonly number[], build: Build): number {
  const at = cp.takeStorage(bytes.length, 8);
  build.areas.push({ at, length: bytes.length });
  cp.system.store(at, bytes);
  return at;
}
