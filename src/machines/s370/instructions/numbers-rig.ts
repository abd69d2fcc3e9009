/**
 * Test rig for instructions on numbers: one instruction, in hexadecimal, on a processor with bare storage.
 * Register 12 designates the first operand, 13 the second, as in the manual's examples.
 */
import { hexBytes, parseHexBytes } from '../../../base/bits.ts';
import { invariant } from '../../../base/bugs.ts';
import { Cpu } from '../cpu.ts';
import { FAULT } from '../storage-access.ts';
import { MODEL_145 } from '../models.ts';
import { BLOCK_SHIFT, Storage } from '../storage.ts';

const CODE = 0x2000;
/** Where the operands start. */
export const FIRST = 0x3000;
export const SECOND = 0x4000;

export interface Given {
  /** Operand bytes in storage. */
  readonly first?: string;
  readonly second?: string;
  /** Registers by number; a floating-point register as 8 or 16 digits. */
  readonly gr?: Readonly<Record<number, number>>;
  readonly fpr?: Readonly<Record<number, string>>;
  readonly cc?: number;
  readonly programMask?: number;
  /** Lets the program, with key 1, fetch but not store the first operand. */
  readonly protectFirst?: boolean;
}

export interface After {
  readonly cc: number;
  /** Program-interruption code, or 0. */
  readonly interruption: number;
  readonly cpu: Cpu;
  /** `length` bytes of the first operand, as printed. */
  readonly first: (length: number) => string;
  /** Floating-point register r, short or long. */
  readonly short: (r: number) => string;
  readonly long: (r: number) => string;
}

function bytes(text: string): Uint8Array {
  const parsed = parseHexBytes(text);
  invariant(parsed !== null, `not hexadecimal: ${text}`);
  return parsed;
}

export function run(code: string, given: Given = {}): After {
  const storage = new Storage(0x10000);
  const cpu = new Cpu(MODEL_145, storage);
  storage.write(CODE, bytes(code));
  storage.write(FIRST, bytes(given.first ?? ''));
  storage.write(SECOND, bytes(given.second ?? ''));
  cpu.gr[12] = FIRST;
  cpu.gr[13] = SECOND;
  for (const [r, value] of Object.entries(given.gr ?? {})) cpu.gr[Number(r)] = value;
  for (const [r, text] of Object.entries(given.fpr ?? {})) {
    const view = new DataView(bytes(text.padEnd(16, '0')).buffer as ArrayBuffer);
    cpu.fpr[Number(r)] = view.getUint32(0);
    cpu.fpr[Number(r) + 1] = view.getUint32(4);
  }
  cpu.cc = given.cc ?? 3;
  cpu.programMask = given.programMask ?? 0;
  if (given.protectFirst) {
    storage.keys.fill(0x10);
    storage.keys[FIRST >>> BLOCK_SHIFT] = 0x20;
    cpu.key = 1;
    cpu.regimeChanged();
  }
  const word = (r: number): string => hexBytes(bytes((cpu.fpr[r] ?? 0).toString(16).padStart(8, '0')));
  return {
    interruption: execute(cpu),
    cc: cpu.cc,
    cpu,
    first: (length) => hexBytes(storage.bytes.subarray(FIRST, FIRST + length)),
    short: word,
    long: (r) => word(r) + word(r + 1),
  };
}

function execute(cpu: Cpu): number {
  cpu.ia = CODE;
  cpu.horizon = 1;
  cpu.left = 1;
  try {
    cpu.execute();
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    return cpu.faultCode;
  }
  return 0;
}
