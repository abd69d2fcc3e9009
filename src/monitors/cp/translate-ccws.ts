/**
 * Channel-program translation (CP's module DMKCCW): the guest's CCWs are copied into CP's storage with real data
 * addresses, whatever names a cylinder is moved into the minidisk's extent, and the pages concerned are locked.
 * Invariant: the copy reaches no CCW, no storage and no cylinder that is not the guest's. Runs of CCWs end in CCWs
 * that no channel accepts; what lies outside the extent becomes a cylinder that the real device refuses.
 *
 * SIMPLIFIED: a channel program that changes its own CCWs while it runs is not supported (nor was it by VM/370, but for
 * OS ISAM), nor is a seek argument in data-chained pieces; home addresses and sense bytes show real cylinders.
 */
import { directionOf, packCcw, SLI } from '../../machines/s370/channels/ccw.ts';
import {
  bringIn,
  CC,
  CD,
  dataArea,
  IDA,
  isInvalid,
  isTransferInChannel,
  SKIP,
  type Ccw,
  type DataArea,
  type GuestCaw,
  type Reached,
} from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import { PASS, planOf, type LoadPlan, type Plan } from './load-plan.ts';
import { allowedPieces, available } from './data-pieces.ts';
import type { DiskDevice, TranslatedProgram } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const READ_IPL = 0x02;
const NO_OPERATION = 0x03;
const SENSE = 0x04;
const READ_DATA = 0x06;
const SEEK = 0x07;
const TIC = 0x08;
const SEEK_CYLINDER = 0x0b;
const RECALIBRATE = 0x13;
const READ_R0 = 0x16;
const SEEK_HEAD = 0x1b;
const SET_FILE_MASK = 0x1f;
const SEARCH_HOME_ADDRESS = 0x39;
const MULTITRACK = 0x80;
/** File mask that inhibits all writing. */
const NO_WRITES = 0x40;
const NO_SUCH_CYLINDER = 0xffff;
/** An indirect data address word that no channel accepts. */
const NO_ADDRESS = 0xff00_0000;
/** Where nothing is: the channel finds no CCW there and ends with a program check, as it would have for the guest. */
const NO_PLACE = 0xffffff;
/** CCWs that CP puts before the guest's. */
const PREFIX = 3;
/** CP's own SENSE and its bytes, behind the prefix. */
const SENSE_BYTES = 24;
/** CCWs behind each run of the guest's that no channel accepts: a search may skip one. */
const GUARDS = 2;
/** CCWs that stand for one READ IPL. */
const IPL_SEQUENCE = 4;
const WHOLE_PACK = 0xffff;
/** Stands among the guest addresses for a TIC of CP's own. */
const LINK = -1;

interface Build {
  readonly cp: ControlProgram;
  readonly vm: VirtualMachine;
  /** Access key of the CAW. */
  readonly key: number;
  readonly device: DiskDevice;
  readonly areas: { at: number; length: number }[];
  readonly plan: Plan;
  readonly place: ReadonlyMap<number, number>;
  readonly seeks: [number, number, number][];
  /** Slot of the CCW being translated, and where the next out-of-line sequence goes. */
  slot: number;
  /** What that one sends to the device, where it is not in the guest's storage. */
  argument: readonly number[] | null;
  aside: number;
  readonly first: number;
  readonly origins: number[];
}

/**
 * Translates the program that begins at `caw`, or the next pass of a load. Null: it has too many CCWs or
 * pages, or CP no room for its copy. Throws PAGE_WAIT before anything is taken.
 */
export function translateProgram(
  cp: ControlProgram,
  vm: VirtualMachine,
  device: DiskDevice,
  caw: GuestCaw,
  load: LoadPlan | null = null,
): TranslatedProgram | null {
  const plan: Plan | null = load ?? planOf(vm, caw.address);
  if (!plan) return null;
  const { ccws } = plan;
  const all = bringIn(vm, plain(load?.own ?? ccws));
  // Pages of the virtual=real area never leave.
  const pages = vm.state.virtualReal ? [] : all;
  if (pages.length > cp.paging.mostLocked) return null;
  const origins = layout([...ccws.keys()], plan.links);
  const sequences = [...ccws.values()].filter(({ ccw }) => ccw.command === READ_IPL).length;
  const length = 8 * (PREFIX + origins.length + IPL_SEQUENCE * sequences) + 8 + SENSE_BYTES;
  const at = cp.tryTakeStorage(length, 8);
  if (at === null) return null;
  const first = at + 8 + SENSE_BYTES + 8 * PREFIX;
  const build: Build = {
    cp,
    vm,
    key: caw.key,
    device,
    areas: [{ at, length }],
    plan,
    place: new Map(origins.flatMap((origin, i) => (ccws.has(origin) ? [[origin, first + 8 * i]] : []))),
    seeks: [],
    slot: 0,
    argument: null,
    aside: first + 8 * origins.length,
    first,
    origins,
  };
  cp.system.store(at, new Uint8Array(length));
  if (!translateAll(build, ccws)) {
    for (const area of build.areas) cp.releaseStorage(area.at, area.length);
    return null;
  }
  for (const page of pages) vm.state.pages[page]!.locks++;
  const start = prefix(build, ccws.get(caw.address)?.ccw ?? null, build.place.get(caw.address) ?? NO_PLACE);
  return {
    key: caw.key,
    start,
    at: first,
    origins,
    areas: build.areas,
    pages,
    started: false,
    senseAt: at,
    first: caw.address,
    seeks: build.seeks,
  };
}

const plain = (ccws: ReadonlyMap<number, Reached>): (readonly [number, Ccw])[] =>
  [...ccws].map(([at, { ccw }]) => [at, ccw] as const);

/**
 * Guest addresses in the order of the real CCWs: each run of adjacent ones is closed by guards. Behind one that ends a
 * pass of a load there is room for a TIC to the next pass.
 */
function layout(addresses: readonly number[], links: ReadonlyMap<number, number>): number[] {
  const origins: number[] = [];
  addresses.forEach((at, i) => {
    origins.push(at);
    if (links.has(at)) origins.push(LINK);
    else if (addresses[i + 1] === at + 8) return;
    for (let guard = 1; guard <= GUARDS; guard++) origins.push(at + 8 * guard);
  });
  return origins;
}

/** False where CP's free storage gives out. */
function translateAll(build: Build, ccws: ReadonlyMap<number, Reached>): boolean {
  for (const [origin, reached] of ccws) {
    build.cp.charge('translateCcw');
    const real = build.place.get(origin)!;
    build.slot = (real - build.first) / 8;
    build.argument = reached.argument ?? null;
    const bytes = translate(build, reached, origin);
    if (!bytes) return false;
    build.cp.system.store(real, bytes);
    if (build.plan.links.has(origin))
      build.cp.system.store(real + 8, packCcw(TIC, following(build, origin), 0, 0));
  }
  return true;
}

/** Real address of the CCW behind the one at `origin`. A TIC there is taken at once: no two may follow each other. */
function following({ plan, place }: Build, origin: number): number {
  const link = plan.links.get(origin);
  if (link === undefined) return place.get(origin + 8) ?? NO_PLACE;
  const ccw = plan.ccws.get(link)?.ccw;
  const at = ccw && isTransferInChannel(ccw) ? passOf(link) + ccw.address : link;
  return place.get(at) ?? NO_PLACE;
}
const passOf = (origin: number): number => Math.floor(origin / PASS) * PASS;

/** The eight bytes that stand for a CCW; null where CP's free storage gives out. */
function translate(build: Build, reached: Reached, origin: number): Uint8Array | null {
  const { ccw, command, data } = reached;
  const { flags, count } = ccw;
  if (isTransferInChannel(ccw))
    return packCcw(ccw.command, build.place.get(passOf(origin) + ccw.address) ?? NO_PLACE, 0, 0);
  // Reached both as a command and as the area of another, it cannot be given one meaning: a program check.
  if (command && data) return new Uint8Array(8);
  if (isInvalid(ccw, data)) return packCcw(ccw.command, 0, flags, count);
  if (data) return transfer(build, ccw);
  switch (ccw.command) {
    case SEEK:
    case SEEK_CYLINDER:
    case SEEK_HEAD:
      return seek(build, ccw);
    case RECALIBRATE: {
      const argument = takeSeek(build, 0, 0);
      return argument === null ? null : packCcw(SEEK, argument, (flags & (CC | CD)) | SLI, 6);
    }
    case READ_IPL:
      return readIpl(build, ccw, origin);
    case SENSE:
      giveSense(build, ccw);
      return packCcw(NO_OPERATION, 0, (flags & (CC | CD)) | SLI, 1);
    case SET_FILE_MASK:
      if (build.device.readOnly) return packCcw(NO_OPERATION, 0, (flags & (CC | CD)) | SLI, 1);
      break;
  }
  if ((ccw.command & ~MULTITRACK) === SEARCH_HOME_ADDRESS) return searchHome(build, ccw);
  return transfer(build, ccw);
}

// ---------------------------------------------------------------- data

function transfer(build: Build, ccw: Ccw): Uint8Array | null {
  const { flags, count } = ccw;
  const skips = (flags & SKIP) !== 0 && directionOf(ccw.command) !== 'to-device';
  if (skips || ccw.command === NO_OPERATION) return packCcw(ccw.command, 0, flags & ~IDA, count);
  if (build.argument) {
    const at = takeBytes(build, build.argument);
    return at === null ? null : packCcw(ccw.command, at, flags & ~IDA, count);
  }
  const area = dataArea(build.vm, ccw);
  const words = indirectWords(build.vm, area);
  if (words.length === 1 && !area.broken && inOnePage(area))
    return packCcw(ccw.command, words[0]!, flags & ~IDA, count);
  const list = takeBytes(
    build,
    (area.broken ? [...words, NO_ADDRESS] : words).flatMap((w) => [
      (w >>> 24) & 0xff,
      (w >> 16) & 0xff,
      (w >> 8) & 0xff,
      w & 0xff,
    ]),
  );
  return list === null ? null : packCcw(ccw.command, list, flags | IDA, count);
}

const inOnePage = ({ pieces }: DataArea): boolean => {
  const [only] = pieces;
  return pieces.length === 1 && only!.at >>> 12 === (only!.at + only!.length - 1) >>> 12;
};

/** Real addresses of the 2 K blocks of an area; one word where it lies in one page. */
function indirectWords(vm: VirtualMachine, area: DataArea): number[] {
  if (!area.broken && inOnePage(area)) return [vm.locate(area.pieces[0]!.at)];
  const words: number[] = [];
  for (const { at, length } of area.pieces)
    for (let offset = 0; offset < length;) {
      words.push(vm.locate(at + offset));
      offset += 2048 - ((at + offset) & 2047);
    }
  return words;
}

/** Up to `length` bytes of the CCW's area, as far as it exists. */
function argumentOf({ vm, argument: kept }: Build, ccw: Ccw, length: number): Uint8Array {
  const argument = new Uint8Array(Math.max(length, ccw.count));
  if (kept) {
    argument.set(kept);
    return argument;
  }
  let offset = 0;
  for (const piece of dataArea(vm, ccw).pieces) {
    argument.set(vm.fetch(piece.at, piece.length), offset);
    vm.markReferenced(piece.at, piece.length);
    offset += piece.length;
  }
  return argument;
}

// ---------------------------------------------------------------- what names a cylinder

const relocated = ({ start, cylinders }: DiskDevice, cylinder: number): number =>
  cylinder < cylinders ? cylinder + start : NO_SUCH_CYLINDER;

/** Whether storage or the key ends an area before `length` bytes: the channel then stops in a check of its own. */
function tooShort({ vm, key, argument }: Build, ccw: Ccw, length: number): boolean {
  if (argument) return argument.length < length;
  const { broken, pieces } = dataArea(vm, ccw);
  const allowed = available(allowedPieces(vm, key, pieces, false));
  return (broken || allowed < available(pieces)) && allowed < length;
}

/** A copy of the seek argument with the cylinder moved into the extent. */
function seek(build: Build, ccw: Ccw): Uint8Array | null {
  const { device } = build;
  // The drive takes six bytes: whoever has those moves the arm, whatever the rest of the area is.
  if (tooShort(build, ccw, 6)) return transfer(build, ccw);
  const argument = argumentOf(build, ccw, 6);
  const chained = (ccw.flags & CD) !== 0;
  const cylinder = (argument[2]! << 8) | argument[3]!;
  const head = (argument[4]! << 8) | argument[5]!;
  const real = chained ? NO_SUCH_CYLINDER : relocated(device, cylinder);
  build.seeks.push([build.slot, ccw.command === SEEK_HEAD ? -1 : cylinder, head]);
  argument[2] = real >> 8;
  argument[3] = real & 0xff;
  const at = takeBytes(build, [...argument]);
  return at === null ? null : packCcw(ccw.command, at, ccw.flags & ~(IDA | CD), ccw.count);
}

/** A seek argument of CP's own, for a cylinder of the minidisk. */
function takeSeek(build: Build, cylinder: number, head: number): number | null {
  const real = relocated(build.device, cylinder);
  build.seeks.push([build.slot, cylinder, head]);
  return takeBytes(build, [0, 0, real >> 8, real & 0xff, head >> 8, head & 0xff]);
}

function searchHome(build: Build, ccw: Ccw): Uint8Array | null {
  if ((ccw.flags & CD) !== 0 || tooShort(build, ccw, 4) || ccw.count < 2) return transfer(build, ccw);
  const argument = argumentOf(build, ccw, 4);
  const real = relocated(build.device, (argument[0]! << 8) | argument[1]!);
  argument[0] = real >> 8;
  argument[1] = real & 0xff;
  const at = takeBytes(build, [...argument]);
  return at === null ? null : packCcw(ccw.command, at, ccw.flags & ~IDA, ccw.count);
}

/**
 * READ IPL goes to cylinder 0 by itself; on a minidisk that is the first of its extent. Out of line: seek it, pass
 * record zero, read the record behind it, and back.
 */
function readIpl(build: Build, ccw: Ccw, origin: number): Uint8Array | null {
  if (build.device.start === 0) {
    build.seeks.push([build.slot, 0, 0]);
    return transfer(build, ccw);
  }
  const argument = takeSeek(build, 0, 0);
  const read = transfer(build, { ...ccw, command: READ_DATA });
  if (argument === null || read === null) return null;
  const at = build.aside;
  build.aside += 8 * IPL_SEQUENCE;
  const { system } = build.cp;
  system.store(at, packCcw(SEEK, argument, CC, 6));
  system.store(at + 8, packCcw(READ_R0, 0, CC | SLI | SKIP, 8));
  system.store(at + 16, read);
  system.store(at + 24, packCcw(TIC, following(build, origin), 0, 0));
  for (let i = 0; i < IPL_SEQUENCE; i++) build.origins[(at - build.first) / 8 + i] = origin;
  return packCcw(TIC, at, 0, 0);
}

/** The guest's SENSE before other commands: the bytes are CP's to give, and it gives them now. */
function giveSense({ vm, device }: Build, ccw: Ccw): void {
  let offset = 0;
  for (const { at, length } of dataArea(vm, ccw).pieces) {
    const part = Array.from({ length }, (_, i) => device.sense[offset + i] ?? 0);
    if ((ccw.flags & SKIP) === 0) vm.store(at, part);
    offset += length;
  }
  device.sense = [];
}

// ---------------------------------------------------------------- before the program

/** CP's own CCWs: the arm where this user left it, and no writing on a read-only disk. Gives the start of it all. */
function prefix(build: Build, first: Ccw | null, place: number): number {
  const { device, cp } = build;
  if (place === NO_PLACE || !first) return place;
  // No channel program begins with a TIC, nor do two follow each other.
  const aside = first.command === READ_IPL && cp.system.fetchWord(place) >>> 24 === TIC;
  const start = aside ? cp.system.fetchWord(place) & 0xffffff : place;
  const own: Uint8Array[] = [];
  const seeks = [SEEK, SEEK_CYLINDER, RECALIBRATE, READ_IPL].includes(first.command);
  if (!seeks && device.cylinders < WHOLE_PACK) {
    const [cylinder, head] = device.position ?? [0, 0];
    const real = relocated(device, cylinder);
    const argument = takeBytes(build, [0, 0, real >> 8, real & 0xff, head >> 8, head & 0xff]);
    if (argument === null) return NO_PLACE;
    own.push(packCcw(SEEK, argument, CC, 6));
  }
  if (device.readOnly) {
    const mask = takeBytes(build, [NO_WRITES]);
    if (mask === null) return NO_PLACE;
    own.push(packCcw(SET_FILE_MASK, mask, CC, 1));
  }
  if (own.length === 0) return start;
  const at = build.first - 8 * PREFIX;
  own.push(packCcw(TIC, start, 0, 0));
  own.forEach((bytes, i) => {
    cp.system.store(at + 8 * i, bytes);
  });
  return at;
}

function takeBytes(build: Build, bytes: readonly number[]): number | null {
  const at = build.cp.tryTakeStorage(bytes.length, 8);
  if (at === null) return null;
  build.areas.push({ at, length: bytes.length });
  build.cp.system.store(at, bytes);
  return at;
}
