/** The x87 unit: its registers as a stack, control, status and tags. SDM vol. 1, section 8.1. */
import { IE, INDEFINITE, isZero, MAXIMUM, type Extended, type Mode } from './extended.ts';
import { mmxRegisters } from './mmx.ts';

/** Status word. */
const STACK_FAULT = 0x40;
const SUMMARY = 0x80;
export const C0 = 0x100;
export const C1 = 0x200;
export const C2 = 0x400;
export const C3 = 0x4000;
const BUSY = 0x8000;
export const CONDITIONS = C0 | C1 | C2 | C3;
const EXCEPTIONS = 0x3f;

const INITIAL_CONTROL = 0x37f;
const CONTROL_KNOWN = 0x1f3f;
/** Bit 6 of the control word always reads as 1. */
const CONTROL_ONE = 0x40;
const PRECISIONS = [24, 64, 53, 64] as const;

/** Where the last instruction that is no control instruction stood, and what it worked on. Section 8.1.8. */
export interface Pointers {
  readonly opcode: number;
  readonly instruction: number;
  readonly codeSelector: number;
  readonly operand: number;
  readonly dataSelector: number;
}
const NO_POINTERS: Pointers = { opcode: 0, instruction: 0, codeSelector: 0, operand: 0, dataSelector: 0 };

export interface X87State {
  readonly significands: BigUint64Array;
  readonly exponents: Uint16Array;
  readonly occupied: number;
  readonly top: number;
  readonly control: number;
  readonly status: number;
  readonly pointers: Pointers;
  readonly ferr: boolean;
}

export class X87 {
  /** By number of the physical register. */
  readonly significands = new BigUint64Array(8);
  /** Sign and exponent. */
  readonly exponents = new Uint16Array(8);
  /** The significands as the MMX registers that they also are. */
  readonly mmx = mmxRegisters(this.significands);
  /** Bit r: register r is not empty. */
  occupied = 0;
  top = 0;
  pointers = NO_POINTERS;
  /** FERR# as the chipset last saw it. */
  ferr = false;
  private controlWord = INITIAL_CONTROL;
  /** Exception flags, stack fault and condition codes; the rest of the status word follows from them. */
  private flags = 0;
  mode: Mode = modeOf(INITIAL_CONTROL);

  /** FNINIT. */
  initialize(): void {
    this.control = INITIAL_CONTROL;
    this.flags = 0;
    this.top = 0;
    this.occupied = 0;
    this.pointers = NO_POINTERS;
  }

  get control(): number {
    return this.controlWord;
  }
  set control(value: number) {
    this.controlWord = (value & CONTROL_KNOWN) | CONTROL_ONE;
    this.mode = modeOf(this.controlWord);
  }

  // ---------------------------------------------------------------- status and exceptions

  /** An exception waits that is not masked. */
  get pending(): boolean {
    return (this.flags & ~this.controlWord & EXCEPTIONS) !== 0;
  }

  get status(): number {
    return this.flags | (this.top << 11) | (this.pending ? SUMMARY | BUSY : 0);
  }
  set status(value: number) {
    this.flags = value & (EXCEPTIONS | STACK_FAULT | CONDITIONS);
    this.top = (value >> 11) & 7;
  }

  /** FNCLEX. */
  clearExceptions(): void {
    this.flags &= CONDITIONS;
  }

  /** Sets exception flags. */
  raise(flags: number): void {
    this.flags |= flags;
  }

  /** A stack fault: C1 tells overflow from underflow. Whether the exception is not masked. */
  stackFault(overflow: boolean): boolean {
    this.conditions(C1, overflow ? C1 : 0);
    this.raise(IE | STACK_FAULT);
    return (this.controlWord & IE) === 0;
  }

  /** Replaces the condition codes in `mask`. */
  conditions(mask: number, value: number): void {
    this.flags = (this.flags & ~mask) | value;
  }
  condition(code: number): boolean {
    return (this.flags & code) !== 0;
  }

  // ---------------------------------------------------------------- the stack

  isEmpty(i: number): boolean {
    return ((this.occupied >> ((this.top + i) & 7)) & 1) === 0;
  }

  /** ST(i), whatever its tag says. */
  get(i: number): Extended {
    const r = (this.top + i) & 7;
    const exponent = this.exponents[r]!;
    return { negative: exponent > MAXIMUM, exponent: exponent & MAXIMUM, significand: this.significands[r]! };
  }

  set(i: number, value: Extended): void {
    const r = (this.top + i) & 7;
    this.exponents[r] = value.exponent | (value.negative ? 0x8000 : 0);
    this.significands[r] = value.significand;
    this.occupied |= 1 << r;
  }

  push(value: Extended): void {
    this.top = (this.top - 1) & 7;
    this.set(0, value);
  }

  pop(): void {
    this.free(0);
    this.top = (this.top + 1) & 7;
  }

  free(i: number): void {
    this.occupied &= ~(1 << ((this.top + i) & 7));
  }

  /** What stands for a value that is not there. */
  setIndefinite(i: number): void {
    this.set(i, INDEFINITE);
  }

  // ---------------------------------------------------------------- tags

  /** Two bits for each register: valid, zero, special, empty. Section 8.1.7. */
  get tags(): number {
    let word = 0;
    for (let r = 7; r >= 0; r--) word = (word << 2) | this.tag(r);
    return word;
  }
  set tags(word: number) {
    this.occupied = 0;
    for (let r = 0; r < 8; r++) if (((word >> (2 * r)) & 3) !== 3) this.occupied |= 1 << r;
  }

  private tag(r: number): number {
    if (((this.occupied >> r) & 1) === 0) return 3;
    const x = this.get((r - this.top) & 7);
    if (isZero(x)) return 1;
    return x.exponent === MAXIMUM || x.significand >> 63n === 0n || x.exponent === 0 ? 2 : 0;
  }

  // ---------------------------------------------------------------- state

  save(): X87State {
    const { occupied, top, control, pointers, ferr } = this;
    return {
      significands: this.significands.slice(),
      exponents: this.exponents.slice(),
      occupied,
      top,
      control,
      status: this.status,
      pointers: { ...pointers },
      ferr,
    };
  }

  restore(state: X87State): void {
    this.significands.set(state.significands);
    this.exponents.set(state.exponents);
    this.occupied = state.occupied;
    this.control = state.control;
    this.status = state.status;
    this.pointers = state.pointers;
    this.ferr = state.ferr;
  }
}

const modeOf = (control: number): Mode => ({
  precision: PRECISIONS[(control >> 8) & 3]!,
  rounding: (control >> 10) & 3,
  masks: control & EXCEPTIONS,
});
