/**
 * Editing packed digits into a pattern: ED and EDMK. GA22-7000, "Decimal Instructions", "Edit".
 *
 * Layers: `EditState` is what the manual's table of editing functions works on; one pattern byte is one step.
 */
import type { Cpu } from '../cpu.ts';
import { DATA } from '../assigned-storage.ts';
import { isMinus, isSign } from './packed-decimal.ts';
import type { Execute } from './row.ts';

const DIGIT_SELECTOR = 0x20;
const SIGNIFICANCE_STARTER = 0x21;
const FIELD_SEPARATOR = 0x22;
const ZONE = 0xf0;
const MASK24 = 0xffffff;

const pattern = new Uint8Array(256);

interface EditState {
  /** Address of the next source byte. */
  source: number;
  /** Right digit of the source byte last fetched, while a selector has yet to take it; else −1. */
  pendingDigit: number;
  /** The significance indicator: off is also how a plus sign leaves it. */
  significance: boolean;
  /** Whether a digit of the current field was not zero. */
  nonzero: boolean;
  /** Offset of the result byte that EDMK marks, or −1. */
  mark: number;
}

/** The result byte for a digit selector or significance starter. */
function selectDigit(cpu: Cpu, state: EditState, code: number, fill: number, offset: number): number {
  let digit = state.pendingDigit;
  let plus = false;
  if (digit >= 0) state.pendingDigit = -1;
  else {
    const byte = cpu.fetch1(state.source);
    state.source = (state.source + 1) & MASK24;
    digit = byte >>> 4;
    if (digit > 9) cpu.program(DATA);
    // A sign code here ends the field's digits; a plus turns significance off after this one.
    const right = byte & 15;
    if (!isSign(right)) state.pendingDigit = right;
    else plus = !isMinus(right);
  }
  const wasOn = state.significance;
  if (digit !== 0) state.nonzero = true;
  if (digit !== 0 && !wasOn) state.mark = offset;
  state.significance = !plus && (wasOn || digit !== 0 || code === SIGNIFICANCE_STARTER);
  return wasOn || digit !== 0 ? ZONE | digit : fill;
}

/** The result byte for pattern byte `code`. */
function step(cpu: Cpu, state: EditState, code: number, fill: number, offset: number): number {
  switch (code) {
    case DIGIT_SELECTOR:
    case SIGNIFICANCE_STARTER:
      return selectDigit(cpu, state, code, fill, offset);
    case FIELD_SEPARATOR:
      state.significance = false;
      state.nonzero = false;
      return fill;
    default:
      return state.significance ? code : fill;
  }
}

/** Edits in a work area: a fault at a later source byte finds the pattern as it was. Returns EDMK's mark, or −1. */
function editPattern(cpu: Cpu, w: number): number {
  const length = ((w >>> 16) & 0xff) + 1;
  const at = cpu.based(w & 0xffff);
  const state: EditState = {
    source: cpu.based(cpu.thirdHalfword()),
    pendingDigit: -1,
    significance: false,
    nonzero: false,
    mark: -1,
  };
  cpu.checkStore(at, length);
  cpu.load(at, length, pattern);
  cpu.spend(2 * length * cpu.costs.byte);
  const fill = pattern[0]!;
  for (let i = 0; i < length; i++) pattern[i] = step(cpu, state, pattern[i]!, fill, i);
  cpu.store(at, length, pattern);
  cpu.cc = !state.nonzero ? 0 : state.significance ? 1 : 2;
  return state.mark < 0 ? -1 : (at + state.mark) & MASK24;
}

/**
 * ED D1(L,B1),D2(B2) [SS] Edit. CC, by the last field: 0 zero, or no digits · 1 negative · 2 positive.
 * Program interruptions: access; data (a left digit above 9). Source bytes are fetched only as selectors ask for them.
 */
export const edit: Execute = (cpu, w) => {
  editPattern(cpu, w);
};

/**
 * EDMK D1(L,B1),D2(B2) [SS] Edit and Mark. As ED; the address of each result byte that is the first significant digit
 * of its field goes to bits 8–31 of register 1. Where significance was forced, register 1 stays unchanged.
 */
export const editAndMark: Execute = (cpu, w) => {
  const mark = editPattern(cpu, w);
  if (mark >= 0) cpu.gr[1] = (cpu.gr[1]! & 0xff00_0000) | mark;
};
