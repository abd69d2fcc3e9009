/** seccomp: classic BPF programs over each system call. seccomp(2); linux/filter.h. */
import { fail } from '../abi/errno.ts';

export interface SeccompFilter {
  readonly program: readonly Instruction[];
}
interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly k: number;
}

const AUDIT_ARCH_I386 = 0x40000003;
const LONGEST = 4096;
/** Bytes of struct seccomp_data. */
const DATA = 64;

export const RET_ACTION = 0xffff0000 | 0;
export const RET_KILL_PROCESS = 0x80000000 | 0;
export const RET_KILL_THREAD = 0;
export const RET_TRAP = 0x30000;
export const RET_ERRNO = 0x50000;
export const RET_TRACE = 0x7ff00000;
export const RET_LOG = 0x7ffc0000;
export const RET_ALLOW = 0x7fff0000;

// Operations: class in bits 0 to 2, then size and mode, or operator and source.
const [LD, LDX, ST, STX, ALU, JMP, RET, MISC] = [0, 1, 2, 3, 4, 5, 6, 7];
const OPERATORS: Readonly<Record<number, (a: number, b: number) => number>> = {
  0x00: (a, b) => a + b,
  0x10: (a, b) => a - b,
  0x20: (a, b) => Math.imul(a, b),
  0x30: (a, b) => (a >>> 0) / (b >>> 0),
  0x40: (a, b) => a | b,
  0x50: (a, b) => a & b,
  0x60: (a, b) => (b >>> 0 > 31 ? 0 : a << b),
  0x70: (a, b) => (b >>> 0 > 31 ? 0 : a >>> b),
  0x80: (a) => -a,
  0xa0: (a, b) => a ^ b,
};
const CONDITIONS: Readonly<Record<number, (a: number, b: number) => boolean>> = {
  0x10: (a, b) => a === b,
  0x20: (a, b) => a >>> 0 > b >>> 0,
  0x30: (a, b) => a >>> 0 >= b >>> 0,
  0x40: (a, b) => (a & b) !== 0,
};

/** Takes a program of 8-byte instructions; EINVAL unless every path of it ends in RET within it. */
export function readFilter(bytes: Uint8Array): SeccompFilter {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length / 8;
  if (length < 1 || length > LONGEST) return fail('EINVAL');
  const program = Array.from({ length }, (_, i) => ({
    code: view.getUint16(8 * i, true),
    whenTrue: view.getUint8(8 * i + 2),
    whenFalse: view.getUint8(8 * i + 3),
    k: view.getInt32(8 * i + 4, true),
  }));
  if (!program.every((instruction, at) => sound(instruction, at, length))) return fail('EINVAL');
  return (program.at(-1)!.code & 7) === RET ? { program } : fail('EINVAL');
}

function sound({ code, whenTrue, whenFalse, k }: Instruction, at: number, length: number): boolean {
  switch (code & 7) {
    case LD:
      if (code === 0x20) return k >= 0 && k < DATA && k % 4 === 0;
      return code === 0x80 || code === 0x00 || (code === 0x60 && k >>> 0 < 16);
    case LDX:
      return code === 0x81 || code === 0x01 || (code === 0x61 && k >>> 0 < 16);
    case ST:
    case STX:
      return k >>> 0 < 16;
    case ALU:
      return (code & 0xf0) in OPERATORS && !((code & 0xf8) === 0x30 && k === 0);
    case JMP:
      if (code === 0x05) return at + 1 + (k >>> 0) < length;
      return (code & 0xf0) in CONDITIONS && at + 1 + Math.max(whenTrue, whenFalse) < length;
    case RET:
      return code === 0x06 || code === 0x16;
    default:
      return code === 0x07 || code === 0x87;
  }
}

/** Runs a filter over a call; its 32-bit answer. */
export function runFilter({ program }: SeccompFilter, call: number, eip: number, args: Int32Array): number {
  const data = [call, AUDIT_ARCH_I386, eip, 0, ...[...args.subarray(0, 6)].flatMap((word) => [word, 0])];
  const scratch = new Int32Array(16);
  let [a, x, at] = [0, 0, 0];
  for (;;) {
    const { code, whenTrue, whenFalse, k } = program[at++]!;
    const operand = (code & 8) !== 0 ? x : k;
    switch (code & 7) {
      case LD:
        a = code === 0x20 ? data[k / 4]! : code === 0x80 ? DATA : code === 0x60 ? scratch[k]! : k;
        break;
      case LDX:
        x = code === 0x81 ? DATA : code === 0x61 ? scratch[k]! : k;
        break;
      case ST:
        scratch[k] = a;
        break;
      case STX:
        scratch[k] = x;
        break;
      case ALU:
        // Division by a register that is 0 ends the program as RET 0 does.
        if ((code & 0xf0) === 0x30 && operand === 0) return RET_KILL_THREAD;
        a = OPERATORS[code & 0xf0]!(a, operand) | 0;
        break;
      case JMP:
        if (code === 0x05) at += k >>> 0;
        else at += CONDITIONS[code & 0xf0]!(a, operand) ? whenTrue : whenFalse;
        break;
      case RET:
        return code === 0x16 ? a : k;
      case MISC:
        if (code === 0x07) x = a;
        else a = x;
    }
  }
}

/** Of several filters' answers the one whose action weighs most; the latest filter's first. */
export function judge(
  filters: readonly SeccompFilter[],
  call: number,
  eip: number,
  args: Int32Array,
): number {
  let verdict = RET_ALLOW;
  for (const filter of filters) {
    const answer = runFilter(filter, call, eip, args);
    if ((answer & RET_ACTION) < (verdict & RET_ACTION)) verdict = answer;
  }
  return verdict;
}
