/**
 * The channel program of a virtual load from disk. It reads in CCWs of its own, which cannot be translated before they
 * are there. So it is executed in passes: each ends behind a CCW that reads over CCWs still to come. The next one passes
 * over the same records once more, without storing them, to come to the same place of the track, and goes on with the
 * CCWs that are now in storage. GA22-7000, "System Control", "Initial Program Loading".
 */
import { directionOf, SLI } from '../../machines/s370/channels/ccw.ts';
import {
  CC,
  CD,
  dataArea,
  IDA,
  isTransferInChannel,
  reachableCcws,
  SKIP,
  type Ccw,
  type Reached,
} from './channel-program.ts';
import type { LoadPass, PassedCcw } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const READ = 0x02;
const FIRST: Ccw = { command: READ, address: 0, flags: CC | SLI, count: 24 };
/** CCWs of different passes may stand at one address: what tells them apart in the maps of the translation. */
export const PASS = 0x1000000;

/** All CCWs of a program by address (plus `PASS` for each pass before), and where those lead that end a pass. */
export interface Plan {
  readonly ccws: ReadonlyMap<number, Reached>;
  readonly links: ReadonlyMap<number, number>;
}

/** The plan of an ordinary program; null where it has too many CCWs. */
export function planOf(vm: VirtualMachine, address: number): Plan | null {
  const ccws = reachableCcws(vm, address);
  return ccws && { ccws, links: new Map() };
}

/** The next pass of a load: what is executed, its own CCWs, and those of them that end it. */
export interface LoadPlan extends Plan {
  readonly own: ReadonlyMap<number, Reached>;
  readonly cuts: ReadonlySet<number>;
}

export function loadPlan(vm: VirtualMachine, passes: readonly LoadPass[]): LoadPlan | null {
  const last = passes.at(-1);
  const start = last ? last.cut + 8 : 0;
  const first = last ? null : FIRST;
  const all = reachableCcws(vm, start, first);
  const cuts = all && cutsOf(vm, all);
  const own = cuts && reachableCcws(vm, start, first, cuts);
  if (!own) return null;
  const ccws = new Map<number, Reached>();
  const links = new Map<number, number>();
  passes.forEach((pass, n) => {
    for (const each of pass.ccws) ccws.set(n * PASS + each.at, replayed(each, each.at === pass.cut));
    links.set(n * PASS + pass.cut, (n + 1) * PASS + pass.cut + 8);
  });
  for (const [at, reached] of own) ccws.set(passes.length * PASS + at, reached);
  return { ccws, links, own, cuts };
}

/** CCWs that read over the place of a CCW of the program and chain to another command. */
function cutsOf(vm: VirtualMachine, ccws: ReadonlyMap<number, Reached>): Set<number> {
  const cuts = new Set<number>();
  for (const [at, { ccw, data }] of ccws) {
    if (isTransferInChannel(ccw) || (ccw.flags & SKIP) !== 0) continue;
    if (!data && directionOf(ccw.command) === 'to-device') continue;
    const { pieces } = dataArea(vm, ccw);
    const covers = (place: number): boolean =>
      pieces.some((piece) => piece.at < place + 8 && place < piece.at + piece.length);
    if (![...ccws.keys()].some(covers)) continue;
    const end = endOfData(ccws, at);
    if (((ccws.get(end)?.ccw.flags ?? 0) & CC) !== 0) cuts.add(end);
  }
  return cuts;
}

/** The last CCW of a chain of data areas. */
function endOfData(ccws: ReadonlyMap<number, Reached>, from: number): number {
  let at = from;
  while (((ccws.get(at)?.ccw.flags ?? 0) & CD) !== 0 && ccws.has(at + 8)) at += 8;
  return at;
}

/** What is to be kept of a pass: its CCWs, and what those that control the device take from storage. */
export const passed = (vm: VirtualMachine, own: ReadonlyMap<number, Reached>): PassedCcw[] =>
  [...own].map(([at, { ccw, command, data }]) => ({
    at,
    ccw,
    command,
    data,
    argument:
      isTransferInChannel(ccw) || directionOf(ccw.command) !== 'to-device'
        ? []
        : dataArea(vm, ccw).pieces.flatMap((piece) => [...vm.fetch(piece.at, piece.length)]),
  }));

/** The CCW for another time: nothing is stored, and its argument is what it was. */
function replayed({ ccw, command, data, argument }: PassedCcw, isCut: boolean): Reached {
  const flags = (ccw.flags & ~IDA) | (isCut ? CC : 0);
  if (isTransferInChannel(ccw)) return { ccw, command, data };
  return argument.length > 0
    ? { ccw: { ...ccw, flags }, command, data, argument }
    : { ccw: { ...ccw, flags: flags | SKIP, address: 0 }, command, data };
}
