/**
 * Units of the translator for those who look on: the guest's instructions and the IA-32 code that stands for them, line
 * by line, and what any piece of code would become. Looking translates nothing for the guest and costs it nothing.
 */
import { disassembleIa32 } from '../../assembler/ia32/disassemble.ts';
import { Cpu } from '../../machines/pc/cpu.ts';
import { PhysicalMemory } from '../../machines/pc/memory.ts';
import type { Model } from '../../machines/pc/models/classes.ts';
import { CR0_ET, CR0_PE, CS, DS, ES, SS } from '../../machines/pc/registers.ts';
import { modeChanged, setSegment } from '../../machines/pc/segments.ts';
import type { Unit } from '../../monitors/translator/cache.ts';
import { CACHE, linear, RESERVED } from '../../monitors/translator/layout.ts';
import type { Treatment } from '../../monitors/translator/rules.ts';
import { translateUnit, type Translated } from '../../monitors/translator/translate.ts';

export interface CodeLine {
  readonly address: number;
  readonly bytes: readonly number[];
  readonly text: string;
}
export interface GuestLine extends CodeLine {
  readonly treatment: Treatment;
  /** Index of the first line of its translation, and of the first that is none of it any more. */
  readonly from: number;
  readonly to: number;
}
export interface UnitView {
  readonly address: number;
  readonly guest: readonly GuestLine[];
  /** The prologue, which checks the address of an indirect jump, comes first. */
  readonly code: readonly CodeLine[];
  /** Where the unit leads, and whether it goes there without the monitor. */
  readonly exits: readonly { readonly target: number; readonly chained: boolean }[];
}

/** The instructions of `bytes`, which stand at an address. */
function linesOf(bytes: Uint8Array, address: number): CodeLine[] {
  const lines: CodeLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const { length, text } = disassembleIa32(bytes, at, { bits: 32, address: address + at });
    const size = Math.max(1, length);
    lines.push({ address: (address + at) >>> 0, bytes: [...bytes.subarray(at, at + size)], text });
    at += size;
  }
  return lines;
}

function viewOf(
  guest: Uint8Array,
  code: Uint8Array,
  unit: Pick<Unit, 'eip' | 'instructions' | 'exits'>,
  at: number,
): UnitView {
  const lines = linesOf(code, at);
  const lineAt = (offset: number): number => {
    const found = lines.findIndex(({ address }) => address >= (at + offset) >>> 0);
    return found < 0 ? lines.length : found;
  };
  const end = (k: number): number => unit.instructions[k + 1]?.at ?? code.length;
  const one = ({ eip, length, treatment, at: offset }: Translated, k: number): GuestLine => {
    const from = eip - unit.eip;
    const [line] = linesOf(guest.subarray(from, from + length), eip >>> 0);
    return { ...line!, treatment, from: lineAt(offset), to: lineAt(end(k)) };
  };
  return {
    address: unit.eip >>> 0,
    guest: unit.instructions.map(one),
    code: lines,
    exits: unit.exits.map(({ target, to }) => ({ target: target >>> 0, chained: to >= 0 })),
  };
}

/** A unit as it stands in the cache of a machine, chained or not. */
export function unitView({ bytes, size }: PhysicalMemory, unit: Unit): UnitView {
  const home = size - RESERVED + CACHE + unit.at;
  const guest = bytes.subarray(unit.physical, unit.physical + unit.length);
  return viewOf(guest, bytes.subarray(home, home + unit.size), unit, linear(CACHE + unit.at));
}

const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;

/** A kernel's processor that has `code` at an address below 1 M, in flat segments, and nothing else. */
function processorWith(model: Model, code: Uint8Array, at: number): Cpu {
  const memory = new PhysicalMemory(0x100000);
  memory.write(at, code);
  const cpu = new Cpu(model, memory);
  cpu.cr0 = CR0_ET | CR0_PE;
  cpu.protectedMode = true;
  setSegment(cpu, CS, 8, 0, 0xffffffff, FLAT_CODE);
  for (const segment of [DS, ES, SS]) setSegment(cpu, segment, 0x10, 0, 0xffffffff, FLAT_DATA);
  modeChanged(cpu);
  return cpu;
}

/** What the translator makes of a kernel's code: its units one after the other, each as if the last fell through. */
export function translatedSnippet(model: Model, code: Uint8Array, at = 0x10000): UnitView[] {
  const cpu = processorWith(model, code, at);
  const units: UnitView[] = [];
  for (let eip = at; eip < at + code.length;) {
    const made = translateUnit(cpu, eip, () => null, -1);
    if (!made) break;
    const { code: emitter, instructions, length } = made;
    // Decoding goes on behind the end of what was given.
    const own = instructions.filter((each) => each.eip + each.length <= at + code.length);
    const end = instructions[own.length]?.at ?? emitter.bytes.length;
    const bytes = Uint8Array.from(emitter.bytes.slice(0, end));
    const exits = emitter.exits.filter((exit) => exit.at < end);
    const from = eip - at;
    units.push(
      viewOf(code.subarray(from, from + length), bytes, { eip, instructions: own, exits }, linear(CACHE)),
    );
    eip += length;
  }
  return units;
}
