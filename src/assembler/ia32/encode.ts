/** From a mnemonic and its operands to bytes: the shortest form that fits. SDM vol. 2A, chapter 2. */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from '../core/problem.ts';
import { constant, resolved, type Value } from './expression.ts';
import type { Form } from './forms.ts';
import { bytesOf, fit, followsSize, isSelector, type Fit } from './match.ts';
import { SEGMENT_PREFIXES } from './names.ts';
import type { Operand } from './operand.ts';

/** Where and how an instruction is to be encoded. */
export interface Surroundings {
  /** Operand and address size of the code segment, in bytes. */
  readonly mode: 2 | 4;
  /** Address of its first byte. */
  readonly address: number;
  /** `o16` and the like before it; 0 without. */
  readonly operandSize: 0 | 2 | 4;
  readonly addressSize: 0 | 2 | 4;
  /** Other prefix bytes, in the order written. */
  readonly prefixes: readonly number[];
  /** An earlier pass found that nothing shorter will do. */
  readonly fewest: number;
}

export interface Encoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What is wrong with the values, though they were cut to fit. */
  readonly warnings: readonly { readonly span: Span; readonly message: string }[];
}

interface Candidate {
  readonly form: Form;
  readonly operands: readonly Operand[];
  readonly size: 2 | 4;
  readonly fits: readonly Fit[];
  /** Bytes of the counter of LOOP, where the operands name it. */
  readonly counter: 2 | 4 | null;
}

/** Both orders mean the same. */
const SYMMETRIC = new Set(['TEST', 'XCHG']);
const WAIT = 0x9b;
const ESP = 4;
const EBP = 5;

/** Encodes one instruction; raises a Problem where no form fits. */
export function encode(
  name: string,
  forms: readonly Form[],
  operands: readonly Operand[],
  around: Surroundings,
  span: Span,
): Encoded {
  const given = implied(name, operands, span);
  const all = (order: readonly Operand[]): Candidate[] =>
    forms.flatMap((form) => candidatesOf(form, order, around));
  let candidates = all(given);
  for (const order of candidates.length === 0 ? otherOrders(name, given, forms, span) : []) {
    if (candidates.length === 0) candidates = all(order);
  }
  if (name === 'XCHG') candidates = [...all(given.toReversed()), ...candidates];
  if (candidates.length === 0) throw misfit(name, forms, given, span);
  requireSize(candidates, span);
  let best: Encoded | null = null;
  for (const candidate of candidates) {
    const encoded = new Writer(candidate, around).write();
    if (!encoded) continue;
    const shorter = best !== null && encoded.bytes.length < best.bytes.length;
    const asShort = best !== null && encoded.bytes.length === best.bytes.length;
    // Of two as short, the one with a byte for the number: so do other assemblers.
    const neater = asShort && candidate.form.operands.includes('Ibs');
    const better = best === null || shorter || neater || best.bytes.length < around.fewest;
    if (better && (best === null || encoded.bytes.length >= around.fewest)) best = encoded;
  }
  if (!best)
    throw new Problem(
      span,
      `the target is too far away for ${name}`,
      'it reaches 127 bytes ahead and 128 back',
    );
  return best;
}

/** What operands may stand for where they fit no form as written. */
function otherOrders(
  name: string,
  given: readonly Operand[],
  forms: readonly Form[],
  span: Span,
): readonly (readonly Operand[])[] {
  if (SYMMETRIC.has(name)) return [given.toReversed()];
  if (forms[0]?.row.x87 !== true) return [];
  const register = (number: number): Operand => ({
    kind: 'register',
    class: 'float',
    number,
    size: 0,
    strict: false,
    span,
  });
  // The other register is the top of the stack; without any, it is the top and the one below.
  const [only] = given.length === 0 ? [register(1)] : given;
  return [[only!], [register(0), only!], [only!, register(0)]];
}

/** Operands that may be left out. */
function implied(name: string, operands: readonly Operand[], span: Span): readonly Operand[] {
  const [first, second] = operands;
  if (name === 'IMUL' && operands.length === 2 && second!.kind === 'immediate')
    return [first!, first!, second!];
  if ((name === 'AAM' || name === 'AAD') && operands.length === 0)
    return [{ kind: 'immediate', value: constant(10), size: 0, strict: false, distance: null, span }];
  return operands;
}

function candidatesOf(form: Form, operands: readonly Operand[], around: Surroundings): Candidate[] {
  const counter = counterSize(form, operands);
  const own = counter === null ? operands : operands.slice(0, -1);
  if (own.length !== form.operands.length) return [];
  const usesSize = form.operands.some(followsSize);
  const preferred = form.size ?? (around.operandSize || around.mode);
  const sizes = usesSize && form.size === null ? ([2, 4] as const) : ([preferred] as const);
  const found: Candidate[] = [];
  for (const size of sizes) {
    const fits = form.operands.map((notation, i) => fit(form, notation, own[i]!, size));
    if (!fits.every((each) => each !== null)) continue;
    // A size other than the mode's must come from an operand.
    if (size !== preferred && !fits.some(({ settles }) => settles)) continue;
    found.push({ form, operands: own, size, fits, counter });
  }
  return found;
}

/** `loop label, cx`: the counter's size is the address size. Null if the operands say nothing of it. */
function counterSize(form: Form, operands: readonly Operand[]): 2 | 4 | null {
  const last = operands.at(-1);
  if (!/^LOOP/.test(form.row.mnemonic) || operands.length !== 2 || last?.kind !== 'register') return null;
  return last.class === 'r16' ? 2 : 4;
}

/** Memory of unknown size: one of a kind is clear, else it must be said. */
function requireSize(candidates: readonly Candidate[], span: Span): void {
  const sizes = new Set<number>();
  for (const { fits } of candidates) {
    const assumed = fits.filter((each) => each.assumed > 0);
    if (assumed.length === 0 || fits.some((each) => each.settles)) return;
    for (const each of assumed) sizes.add(each.assumed);
  }
  const settledByRegister = candidates.some(
    ({ operands, form }) =>
      operands.some((operand) => operand.kind === 'register') &&
      !/^(MOVZX|MOVSX|SH[LR]|SA[LR]|RO[LR]|RC[LR])$/.test(form.row.mnemonic),
  );
  if (sizes.size > 1 && !settledByRegister)
    throw new Problem(
      span,
      'the size of the memory operand is not given',
      'write byte, word or dword before it',
    );
}

const describe = (operand: Operand): string => {
  switch (operand.kind) {
    case 'register':
      return {
        r8: 'an 8-bit register',
        r16: 'a 16-bit register',
        r32: 'a 32-bit register',
        segment: 'a segment register',
        control: 'a control register',
        debug: 'a debug register',
        float: 'a floating-point register',
        mmx: 'an MMX register',
      }[operand.class];
    case 'memory':
      return 'memory';
    case 'immediate':
      return 'a number';
    case 'pointer':
      return 'a far pointer';
  }
};

function misfit(name: string, forms: readonly Form[], operands: readonly Operand[], span: Span): Problem {
  const counts = [...new Set(forms.map((form) => form.operands.length))].sort();
  if (!counts.includes(operands.length))
    return new Problem(span, `${name} takes ${counts.join(' or ')} operands, here are ${operands.length}`);
  const shapes = [...new Set(forms.map((form) => form.operands.join(',')))].slice(0, 6);
  return new Problem(
    span,
    `${name} does not take ${operands.map(describe).join(' and ') || 'no operand'}`,
    `its forms, as the manual writes them: ${shapes.join(' · ') || 'no operands'}`,
  );
}

/** Writes the bytes of one candidate. */
class Writer {
  private readonly candidate: Candidate;
  private readonly around: Surroundings;
  private readonly warnings: { span: Span; message: string }[] = [];
  private readonly out: number[] = [];

  constructor(candidate: Candidate, around: Surroundings) {
    this.candidate = candidate;
    this.around = around;
  }

  /** Null where a jump does not reach. */
  write(): Encoded | null {
    const { form, operands } = this.candidate;
    this.prefixes();
    const opcode = [...form.opcode];
    const inOpcode = operands.find((_, i) => /^(?:Z|STi)/.test(form.operands[i]!));
    if (inOpcode?.kind === 'register') opcode[opcode.length - 1]! += inOpcode.number;
    this.out.push(...opcode);
    this.modRM();
    for (const [i, notation] of form.operands.entries())
      if (!this.immediate(notation, operands[i]!)) return null;
    return { bytes: new Uint8Array(this.out), warnings: this.warnings };
  }

  private get memory(): (Operand & { kind: 'memory' }) | undefined {
    return this.candidate.operands.find((operand) => operand.kind === 'memory');
  }

  /** Address size of the instruction, in bytes. */
  private get addressSize(): 2 | 4 {
    const { form, counter } = this.candidate;
    const { addressSize, mode } = this.around;
    return this.memory?.addressSize || form.addressSize || (counter ?? addressSize) || mode;
  }

  private prefixes(): void {
    const { mode, prefixes, operandSize } = this.around;
    if (this.candidate.form.waits) this.out.push(WAIT);
    this.out.push(...prefixes);
    const segment = this.memory?.segment ?? -1;
    if (segment >= 0) this.out.push(SEGMENT_PREFIXES[segment]!);
    if (this.operandSize !== mode || (operandSize !== 0 && operandSize !== mode && !this.usesSize))
      this.out.push(0x66);
    if (this.addressSize !== mode) this.out.push(0x67);
  }

  private get usesSize(): boolean {
    const { form } = this.candidate;
    return form.size !== null || form.operands.some(followsSize);
  }

  /** Operand size that the prefix must bring about; the mode's where it does not matter. */
  private get operandSize(): 2 | 4 {
    const { form, operands, size } = this.candidate;
    const [first] = operands;
    // A segment register or status word stored to a register: whole or not. Memory takes 16 bits either way.
    if (isSelector(form, form.operands[0] ?? '') && first?.kind === 'register')
      return first.class === 'r32' ? 4 : 2;
    return this.usesSize ? size : this.around.mode;
  }

  private modRM(): void {
    const { form, operands } = this.candidate;
    const at = (pattern: RegExp): Operand | undefined =>
      operands.find((_, i) => pattern.test(form.operands[i]!));
    const rm = at(/^[EMRQN](?!S$)/);
    if (form.digit < 0 && !rm) return;
    const reg = at(/^(?:G.|Sw|Cd|Dd|Pq)$/);
    const digit = form.digit >= 0 ? form.digit : reg?.kind === 'register' ? reg.number : 0;
    if (rm?.kind === 'memory') this.address(digit, rm);
    else this.out.push(0xc0 | (digit << 3) | (rm?.kind === 'register' ? rm.number : 0));
  }

  private address(digit: number, rm: Operand & { kind: 'memory' }): void {
    if (this.addressSize === 2) this.address16(digit, rm);
    else this.address32(digit, rm);
  }

  /** 0, 1 or `whole` bytes of displacement; an address without base has always the whole. */
  private displacementBytes(rm: Operand & { kind: 'memory' }, whole: 2 | 4, needsOne: boolean): number {
    if (rm.displacementSize === 1) return 1;
    if (rm.displacementSize === whole) return whole;
    const { number, place, guessed } = rm.displacement;
    if (place !== null || guessed) return whole;
    if (number === 0n && !needsOne) return 0;
    const wrapped = BigInt.asIntN(8 * whole, number);
    return wrapped >= -128n && wrapped <= 127n ? 1 : whole;
  }

  private address16(digit: number, rm: Operand & { kind: 'memory' }): void {
    const { base, index } = rm;
    const forms = ['3,6', '3,7', '5,6', '5,7', '-1,6', '-1,7', '5,-1', '3,-1'];
    if (base < 0 && index < 0) {
      this.out.push((digit << 3) | 6);
      this.number(rm.displacement, 2, rm.span, 'address');
      return;
    }
    const bytes = this.displacementBytes(rm, 2, base === EBP && index < 0);
    const mod = bytes === 0 ? 0 : bytes === 1 ? 1 : 2;
    this.out.push((mod << 6) | (digit << 3) | forms.indexOf(`${base},${index}`));
    if (bytes > 0) this.number(rm.displacement, bytes, rm.span, 'displacement');
  }

  private address32(digit: number, rm: Operand & { kind: 'memory' }): void {
    const { base, index, scale } = rm;
    const sib = (n: number): number => (Math.log2(scale) << 6) | ((index < 0 ? 4 : index) << 3) | n;
    if (base < 0) {
      this.out.push((digit << 3) | (index < 0 ? EBP : 4));
      if (index >= 0) this.out.push(sib(EBP));
      this.number(rm.displacement, 4, rm.span, 'address');
      return;
    }
    const bytes = this.displacementBytes(rm, 4, base === EBP);
    const mod = bytes === 0 ? 0 : bytes === 1 ? 1 : 2;
    const withSib = index >= 0 || base === ESP;
    this.out.push((mod << 6) | (digit << 3) | (withSib ? 4 : base));
    if (withSib) this.out.push(sib(base));
    if (bytes > 0) this.number(rm.displacement, bytes, rm.span, 'displacement');
  }

  /** What of an operand stands behind ModRM; false where a jump does not reach. */
  private immediate(notation: string, operand: Operand): boolean {
    const { size } = this.candidate;
    const letter = notation[0];
    if (operand.kind === 'memory' && letter === 'O')
      this.number(operand.displacement, this.addressSize, operand.span, 'address');
    else if (operand.kind === 'pointer') {
      this.number(operand.offset, size, operand.span, 'offset');
      this.number(operand.selector, 2, operand.span, 'selector');
    } else if (operand.kind === 'immediate' && letter === 'J') return this.distance(notation, operand);
    else if (operand.kind === 'immediate' && letter === 'I')
      this.number(signedByte(notation, operand.value, size), bytesOf(notation, size), operand.span, 'number');
    return true;
  }

  private distance(notation: string, operand: Operand & { kind: 'immediate' }): boolean {
    const bytes = notation === 'Jb' ? 1 : this.candidate.size;
    const from = this.around.address + this.out.length + bytes;
    const distance = Number(resolved(operand.value)) - from;
    const reaches = distance >= -128 && distance <= 127;
    if (bytes === 1 && !reaches && !operand.value.guessed) return false;
    for (let i = 0; i < bytes; i++) this.out.push((distance >> (8 * i)) & 0xff);
    return true;
  }

  private number(value: Value, bytes: number, span: Span, what: string): void {
    const number = resolved(value);
    const bits = BigInt(8 * bytes);
    if (!value.guessed && (number >= 1n << bits || number < -(1n << (bits - 1n))))
      this.warnings.push({
        span,
        message: `the ${what} ${number} does not fit in ${bytes} bytes and was cut`,
      });
    for (let i = 0; i < bytes; i++)
      this.out.push(Number((BigInt.asUintN(64, number) >> BigInt(8 * i)) & 0xffn));
  }
}

/** A byte that the processor extends by its sign stands for a number of the whole size: 0xFFFFFFFF is −1. */
const signedByte = (notation: string, value: Value, size: number): Value =>
  notation === 'Ibs' && value.number < 1n << BigInt(8 * size)
    ? { ...value, number: BigInt.asIntN(8 * size, value.number) }
    : value;
