/**
 * Makes the cases for the recorder: random encodings of every instruction of the table that a user-mode program may
 * execute anywhere. Prints one case a line: seed and instruction bytes. Run by record.sh; the vectors keep the bytes.
 */
import { IA32_INSTRUCTIONS } from '../../../src/machines/pc/instructions/table.ts';
import type { Row } from '../../../src/machines/pc/instructions/row.ts';
import { DATA, generator } from './state.ts';

const CASES_A_ROW = 100;

/** What needs ports, privilege, other segments or a particular environment is tested by kernels instead. */
const LEFT_OUT =
  /^(J|CALL$|RET$|LOOP|INT|IRET|CPUID$|RDTSC$|RDPMC$|SYS|IN$|OUT$|INS$|OUTS$|PUSHF$|POPF$|FX|WAIT$|BOUND$|L[DEFGS]S$|S[GIL]DT$|STR$|SMSW$|LAR$|LSL$|VER|ARPL$|STI$|CLI$|UD2$|VM[A-Z]+$|INVEPT$|INVVPID$)/;
export const isRecorded = (row: Row): boolean =>
  row.x87 === undefined &&
  row.mmx === undefined &&
  row.privilege === undefined &&
  !LEFT_OUT.test(row.mnemonic) &&
  !row.operands.some((o) => /^(Sw|ES|CS|SS|DS|FS|GS)$/.test(o));

const hex = (value: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, k) => ((value >>> (8 * k)) & 0xff).toString(16).padStart(2, '0')).join(
    '',
  );

/** ModRM with a register, or with memory within the pages that exist. */
function modRM(reg: number, memory: boolean, next: () => number, smallCount: boolean): string {
  if (!memory) return hex(0xc0 | (reg << 3) | (next() & 7), 1);
  const bits = reg << 3;
  switch (next() % (smallCount ? 7 : 5)) {
    case 0:
      return hex(bits | 5, 1) + hex(DATA + 0x100 + (next() & 0xff), 4);
    case 1:
      return hex(0x40 | bits | 6, 1) + hex(next() & 0x3f, 1);
    case 2:
      return hex(bits | 3, 1);
    case 3:
      return hex(0x80 | bits | 7, 1) + hex(-(next() & 0x7f), 4);
    case 4:
      return hex(0x44 | bits, 1) + '24' + hex(next() & 0x3c, 1);
    case 5:
      return hex(0x44 | bits, 1) + hex(((next() & 3) << 6) | (1 << 3) | 3, 1) + hex(next() & 0x1f, 1);
    default:
      return hex(0x84 | bits, 1) + hex(((next() & 1) << 6) | (1 << 3) | 6, 1) + hex(next() & 0x3f, 4);
  }
}

const hasModRM = (row: Row): boolean =>
  row.opcode.includes('/') || row.operands.some((o) => /^[EGM][bwvda]?q?$/.test(o));

/** A bit number in a register reaches far from its operand: in memory only with a small one, in ECX. */
const bitByRegister = (row: Row): boolean => /^BT/.test(row.mnemonic) && row.operands[1] === 'Gv';
/** Double shifts of 16 bits by more than 16 are undefined and differ between makers. */
const doubleShift = (row: Row): boolean => /^SH[LR]D$/.test(row.mnemonic);

function operandBytes(row: Row, digit: string | undefined, next: () => number, smallCount: boolean): string {
  const far = bitByRegister(row) && !smallCount;
  const memory =
    row.operands.some((o) => /^M/.test(o)) ||
    (!far && row.operands.some((o) => /^E/.test(o)) && next() % 2 === 0);
  const reg = digit !== undefined ? Number(digit) : bitByRegister(row) && memory ? 1 : next() & 7;
  return modRM(reg, memory, next, smallCount);
}

function immediateBytes(row: Row, narrow: boolean, next: () => number): string {
  let bytes = '';
  for (const operand of row.operands)
    if (operand === 'Ib' && row.mnemonic === 'ENTER') bytes += hex(next() & 3, 1);
    else if (operand === 'Ib' && doubleShift(row) && narrow) bytes += hex(next() & 0xef, 1);
    else if (operand === 'Ib' || operand === 'Ibs') bytes += hex(next(), 1);
    else if (operand === 'Iw') bytes += hex(next() & 0xff, 2);
    else if (operand === 'Iz') bytes += hex(next() % 3 === 0 ? next() & 0xff : next(), narrow ? 2 : 4);
    else if (/^O/.test(operand)) bytes += hex(DATA + 0x100 + (next() & 0xff), 4);
  return bytes;
}

function encode(row: Row, next: () => number, smallCount: boolean): string {
  const parts = /^(0F )?([0-9A-F]{2})(?:\+(r|cc))?(?: \/([0-7]))?$/.exec(row.opcode)!;
  const byOpcode = parts[3] === 'r' ? 8 : parts[3] === 'cc' ? 16 : 1;
  const sized =
    row.operands.some((o) => /(v|z)$|eAX/.test(o)) || /CBW|CWD|PUSHA|POPA|ENTER|LEAVE/.test(row.mnemonic);
  const byCount = doubleShift(row) && row.operands.includes('CL') && !smallCount;
  const narrow = sized && !byCount && next() % 3 === 0;
  let opcode = parseInt(parts[2]!, 16) + (next() % byOpcode);
  // XCHG EAX,EAX is NOP.
  if (opcode === 0x90) opcode = 0x91;
  const isString = row.operands.some((o) => /^[XY]/.test(o));
  const repeat = isString && smallCount ? ['', 'f3', 'f2'][next() % 3]! : '';
  const prefixes = `${repeat}${narrow ? '66' : ''}${parts[1] ? '0f' : ''}`;
  const operands = hasModRM(row) ? operandBytes(row, parts[4], next, smallCount) : '';
  return prefixes + hex(opcode, 1) + operands + immediateBytes(row, narrow, next);
}

export function main(): number {
  let seed = 1;
  let text = '';
  for (const row of IA32_INSTRUCTIONS.filter(isRecorded))
    for (let k = 0; k < CASES_A_ROW; k++, seed++)
      text += `${seed} ${encode(row, generator(seed + 0x10000), (seed & 1) !== 0)}\n`;
  process.stdout.write(text);
  return 0;
}
