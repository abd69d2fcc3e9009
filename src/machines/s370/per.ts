/**
 * Program-event recording: the processor reports successful branches, instruction fetches, storage alterations and
 * general-register alterations in the ranges that control registers 9 to 11 set. GA22-7000, "Program-Event Recording".
 * Instructions run one at a time here, so that the ordinary loop never looks.
 */
import {
  DECIMAL_OVERFLOW,
  EXPONENT_UNDERFLOW,
  FIXED_POINT_OVERFLOW,
  PER_EVENT,
  SIGNIFICANCE,
} from './assigned-storage.ts';
import type { Cpu } from './cpu.ts';
import { FAULT } from './storage-access.ts';
import { rowAt } from './instructions/dispatch.ts';
import type { Row } from './instructions/row.ts';
import { programInterruption } from './interruptions.ts';

const BRANCHING = 0x80;
const FETCHING = 0x40;
const STORING = 0x20;
const ALTERING = 0x10;

/** Exceptions with which an instruction is nevertheless completed. */
const COMPLETING: readonly number[] = [
  FIXED_POINT_OVERFLOW,
  DECIMAL_OVERFLOW,
  EXPONENT_UNDERFLOW,
  SIGNIFICANCE,
];

interface Registers {
  readonly gr: Int32Array;
  readonly cr: Int32Array;
}

/** Whether `address` lies in the range of control registers 10 and 11, which may wrap. */
function inRange({ cr }: Registers, address: number): boolean {
  const from = cr[10]! & 0xffffff;
  const to = cr[11]! & 0xffffff;
  return from <= to ? address >= from && address <= to : address >= from || address <= to;
}

/** General registers that a row replaces in the instruction `word`, as the mask of control register 9. */
function replacedRegisters(row: Row | null, word: number): number {
  const r1 = (word >>> 20) & 15;
  const r2 = (word >>> 16) & 15;
  const bit = (r: number): number => 0x8000 >>> (r & 15);
  switch (row?.writes) {
    case undefined:
      return 0;
    case 'r1':
      return bit(r1);
    case 'r1-pair':
      return bit(r1) | bit(r1 + 1);
    case 'r1,r2-pairs':
      return bit(r1) | bit(r1 + 1) | bit(r2) | bit(r2 + 1);
    case 'r1..r3': {
      let mask = 0;
      for (let i = 0; i <= ((r2 - r1) & 15); i++) mask |= bit(r1 + i);
      return mask;
    }
    case 'gr1':
      return bit(1);
    case 'gr1,gr2':
      return bit(1) | bit(2);
    case 'gr2':
      return bit(2);
  }
}

/** Executes one instruction under PER and takes the interruption that it or its events cause. */
export function executeWithPer(cpu: Cpu): void {
  // As they stood: what the instruction loads into them concerns the next one.
  const registers = { gr: cpu.gr, cr: cpu.cr.slice() };
  const wanted = registers.cr[9]! >>> 24;
  const address = cpu.ia;
  const before = cpu.gr.slice();
  let stored = false;
  cpu.branched = false;
  cpu.perStoreWatch =
    (wanted & STORING) !== 0
      ? (at) => {
          stored ||= inRange(registers, at);
        }
      : null;
  let fault = 0;
  const executed = cpu.instructions;
  cpu.executeOne();
  try {
    cpu.execute();
  } catch (thrown) {
    if (thrown !== FAULT) throw thrown;
    fault = cpu.faultCode;
  } finally {
    cpu.perStoreWatch = null;
  }
  let code = 0;
  if ((wanted & BRANCHING) !== 0 && cpu.branched) code |= BRANCHING;
  if ((wanted & FETCHING) !== 0 && inRange(registers, address) && cpu.instructions > executed)
    code |= FETCHING;
  if (stored) code |= STORING;
  const completed = fault === 0 || COMPLETING.includes(fault);
  if (altersRegisters(registers, before, completed ? cpu.executedWord() : 0)) code |= ALTERING;
  if (fault !== 0 || code !== 0)
    programInterruption(cpu, code === 0 ? fault : fault | PER_EVENT, code, address);
}

/** Whether general registers under watch were replaced, if only by what they held; `word` is 0 for none completed. */
function altersRegisters({ gr, cr }: Registers, before: Int32Array, word: number): boolean {
  if (((cr[9]! >>> 24) & ALTERING) === 0) return false;
  let mask = replacedRegisters(rowAt(word >>> 24, (word >>> 16) & 0xff), word);
  for (let r = 0; r < 16; r++) if (gr[r] !== before[r]) mask |= 0x8000 >>> r;
  return (mask & cr[9]! & 0xffff) !== 0;
}

/**
 * PER events, beside that of its fetching, of an instruction that host software has completed in place of the machine
 * with `registers`: what it did to the registers that held `before`, and the bytes that it stored into.
 */
export function eventsOfSimulated(
  registers: Registers,
  before: Int32Array,
  word: number,
  stored: readonly { readonly at: number; readonly length: number }[],
): number {
  const altering = altersRegisters(registers, before, word) ? ALTERING : 0;
  if (((registers.cr[9]! >>> 24) & STORING) === 0) return altering;
  const hit = stored.some(({ at, length }) =>
    Array.from({ length }, (_, i) => (at + i) & 0xffffff).some((each) => inRange(registers, each)),
  );
  return altering | (hit ? STORING : 0);
}
