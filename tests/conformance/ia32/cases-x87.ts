/** Makes the cases of the x87 unit for the recorder: each row in all its forms, with operands of every class. */
import { IA32_INSTRUCTIONS } from '../../../src/machines/pc/instructions/table.ts';
import type { Row } from '../../../src/machines/pc/instructions/row.ts';
import { x87Number } from './x87-state.ts';
import { generator } from './state.ts';

const CASES_A_ROW = 60;

const bytes = (value: bigint, count: number): string =>
  Array.from({ length: count }, (_, k) =>
    Number((value >> BigInt(8 * k)) & 255n)
      .toString(16)
      .padStart(2, '0'),
  ).join('');

/** A number of memory: random bits, or of a class where something happens. */
function float(next: () => number, fraction: number, exponent: number): bigint {
  const [signAndExponent, high, low] = x87Number(next);
  const significand = (BigInt(high) << 32n) | BigInt(low);
  const top = (1n << BigInt(exponent)) - 1n;
  const sign = BigInt(signAndExponent >> 15) << BigInt(fraction + exponent);
  const biased = signAndExponent & 0x7fff;
  const small = BigInt(
    biased === 0 ? 0 : biased === 0x7fff ? top : (biased - 0x3fff + Number(top >> 1n)) & Number(top),
  );
  return (
    sign | (small << BigInt(fraction)) | (((significand << 1n) & ((1n << 64n) - 1n)) >> BigInt(64 - fraction))
  );
}

function operandInMemory(row: Row, next: () => number): string {
  const words = (count: number): string =>
    Array.from({ length: count }, () => bytes(BigInt(next()), 4)).join('');
  switch (row.operands[0]) {
    case 'Mw':
      return bytes(BigInt(next() & 0xffff), 2);
    case 'Md':
      return row.mnemonic.startsWith('FI') ? bytes(BigInt(next()), 4) : bytes(float(next, 23, 8), 4);
    case 'Mq':
      return row.mnemonic.startsWith('FI') ? words(2) : bytes(float(next, 52, 11), 8);
    case 'Mt': {
      if (row.mnemonic.startsWith('FB')) return words(3).slice(0, 20).replace(/[a-f]/g, '7');
      const [signAndExponent, high, low] = x87Number(next);
      return bytes((BigInt(signAndExponent) << 64n) | (BigInt(high) << 32n) | BigInt(low), 10);
    }
    default:
      return words(27);
  }
}

/** Code and the bytes of the operand at [EBX], separated by a colon. */
function encode(row: Row, next: () => number): string {
  const [, escape, second, indexed, digit] = /^([0-9A-F]{2})(?: ([0-9A-F]{2})(\+i)?)?(?: \/([0-7]))?$/.exec(
    row.opcode,
  )!;
  const prefix = row.operands[0] === 'M' && (next() & 1) !== 0 ? '66' : '';
  const start = prefix + escape!.toLowerCase();
  if (digit !== undefined)
    return `${start}${bytes(BigInt((Number(digit) << 3) | 3), 1)}:${operandInMemory(row, next)}`;
  if (second === undefined) return `${start}:`;
  return `${start}${bytes(BigInt(parseInt(second, 16) + (indexed ? next() & 7 : 0)), 1)}:`;
}

export const isRecordedX87 = (row: Row): boolean => row.x87 === true || row.mnemonic === 'WAIT';

export function main(): number {
  let seed = 1;
  let text = '';
  for (const row of IA32_INSTRUCTIONS.filter(isRecordedX87))
    for (let k = 0; k < CASES_A_ROW; k++, seed++)
      text += `${seed} ${encode(row, generator(seed + 0x30000))}\n`;
  process.stdout.write(text);
  return 0;
}
