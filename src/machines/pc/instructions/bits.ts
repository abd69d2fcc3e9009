/** Bit tests and scans, byte sets, byte order, and the BCD adjustments. SDM vol. 2. */
import type { Cpu } from '../cpu.ts';
import { EAX } from '../registers.ts';
import { FLAG_AF, FLAG_CF, FLAG_OF, FLAG_PF, FLAG_ZF, STATUS_FLAGS } from '../eflags.ts';
import { DE } from '../exceptions.ts';
import { add, auxiliary, carry, condition, resultFlags, setFlags } from '../flags.ts';
import { offsetOf, setE8, sized, type Width } from './operands.ts';
import { row, type Execute, type Executes, type Row } from './row.ts';

// ---------------------------------------------------------------- BT, BTS, BTR, BTC

type Change = (value: number, bit: number) => number;
const CHANGES: Readonly<Record<string, Change>> = {
  BTS: (value, bit) => value | bit,
  BTR: (value, bit) => value & ~bit,
  BTC: (value, bit) => value ^ bit,
};

function setCarry(cpu: Cpu, on: boolean): void {
  setFlags(cpu, FLAG_CF, on ? FLAG_CF : 0);
}

/** The bit number in a register reaches bits of memory before and behind the operand. */
const bitByRegister =
  (change: Change | undefined) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const index = (w.getG(cpu, i) << w.shift) >> w.shift;
    const bit = 1 << (index & (31 >>> (w.shift >> 4)));
    if (i.register) {
      const value = w.get(cpu, i);
      setCarry(cpu, (value & bit) !== 0);
      if (change) w.set(cpu, i, change(value, bit));
      return;
    }
    const offset = (offsetOf(cpu, i) + (index >> (w.size === 4 ? 5 : 4)) * w.size) & i.addressMask;
    const value = change ? cpu.update(i.segment, offset, w.size) : w.load(cpu, i.segment, offset);
    if (change) w.store(cpu, i.segment, offset, change(value, bit));
    setCarry(cpu, (value & bit) !== 0);
  };

const bitByImmediate =
  (change: Change | undefined) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const bit = 1 << (i.immediate & (31 >>> (w.shift >> 4)));
    const value = change ? w.update(cpu, i) : w.get(cpu, i);
    setCarry(cpu, (value & bit) !== 0);
    if (change) w.set(cpu, i, change(value, bit));
  };

function bitRows(mnemonic: string, title: string, opcode: string, digit: number): Row[] {
  const change = CHANGES[mnemonic];
  const more = { flags: 'C', undefinedFlags: 'OSAP', ...(change ? { lock: true as const } : {}) };
  return [
    row(`0F ${opcode}`, mnemonic, title, 'Ev,Gv', 'plain', sized(bitByRegister(change)), more),
    row(`0F BA /${digit}`, mnemonic, title, 'Ev,Ib', 'plain', sized(bitByImmediate(change)), more),
  ];
}

/**
 * BSF, BSR: of a source of 0 only ZF tells; the destination stays, as on all processors of the line. Of the undefined
 * flags PF tells of the result, as recorded.
 */
const scan =
  (find: (value: number) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const value = (w.get(cpu, i) << w.shift) >>> w.shift;
    if (value === 0) {
      setFlags(cpu, STATUS_FLAGS, FLAG_ZF | FLAG_PF);
      return;
    }
    const found = find(value);
    w.setG(cpu, i, found);
    setFlags(cpu, STATUS_FLAGS, resultFlags(found) & FLAG_PF);
  };
const lowest = (value: number): number => 31 - Math.clz32(value & -value);
const highest = (value: number): number => 31 - Math.clz32(value);

const set: Execute = (cpu, i) => setE8(cpu, i, condition(cpu, i.condition) ? 1 : 0);

/** BSWAP; of a 16-bit register (undefined) nothing is left. */
const swapBytes: Executes = {
  16: (cpu, i) => {
    cpu.halves[i.reg << 1] = 0;
  },
  32: (cpu, i) => {
    const value = cpu.words[i.reg]!;
    cpu.words[i.reg] = (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
  },
};

// ---------------------------------------------------------------- BCD. SDM vol. 2, "DAA" … "AAD"

const AL = 0;
const AH = 1;

/** Flags of a result; those that are undefined for an adjustment are as recorded. */
function adjusted(cpu: Cpu, result: number, cf: boolean, af: boolean, of = false): void {
  const others = (cf ? FLAG_CF : 0) | (af ? FLAG_AF : 0) | (of ? FLAG_OF : 0);
  setFlags(cpu, STATUS_FLAGS, resultFlags(result) | others);
}

const decimalAdjust =
  (direction: 1 | -1): Execute =>
  (cpu) => {
    const old = cpu.octets[AL]!;
    const hadCarry = carry(cpu);
    const af = (old & 15) > 9 || auxiliary(cpu);
    const high = old > 0x99 || hadCarry;
    // Subtraction alone can borrow out of AL by its low digit.
    const borrow = af && direction < 0 && old < 6;
    const correction = (af ? 6 : 0) + (high ? 0x60 : 0);
    const result = (old + direction * correction) & 0xff;
    cpu.octets[AL] = result;
    // The correction is positive: only one way can the sign be wrong.
    const of = (direction > 0 ? ~old & result : old & ~result) & 0x80;
    adjusted(cpu, (result << 24) >> 24, high || borrow, af, of !== 0);
  };

const asciiAdjust =
  (direction: 1 | -1): Execute =>
  (cpu) => {
    const af = (cpu.octets[AL]! & 15) > 9 || auxiliary(cpu);
    if (af) cpu.halves[EAX] = cpu.halves[EAX]! + direction * 0x106;
    const sum = (cpu.halves[EAX]! << 16) >> 16;
    cpu.octets[AL] = sum & 15;
    adjusted(cpu, sum, af, af);
  };

const asciiAdjustMultiply: Execute = (cpu, i) => {
  if (i.immediate === 0) cpu.fault(DE);
  const value = cpu.octets[AL]!;
  cpu.octets[AH] = value / i.immediate;
  cpu.octets[AL] = value % i.immediate;
  adjusted(cpu, ((value % i.immediate) << 24) >> 24, false, false);
};

/** The flags are those of the addition. */
const asciiAdjustDivide: Execute = (cpu, i) => {
  cpu.octets[AL] = add(cpu, cpu.octets[AL]!, cpu.octets[AH]! * i.immediate, 24);
  cpu.octets[AH] = 0;
};

const scanFlags = { flags: 'Z', undefinedFlags: 'OSAPC' } as const;
const complementCarry: Execute = (cpu) => setFlags(cpu, FLAG_CF, carry(cpu) ? 0 : FLAG_CF);

export const BITS: readonly Row[] = [
  ...bitRows('BT', 'Bit test', 'A3', 4),
  ...bitRows('BTS', 'Bit test and set', 'AB', 5),
  ...bitRows('BTR', 'Bit test and reset', 'B3', 6),
  ...bitRows('BTC', 'Bit test and complement', 'BB', 7),
  row('0F BC', 'BSF', 'Bit scan forward', 'Gv,Ev', 'shift', sized(scan(lowest)), scanFlags),
  row('0F BD', 'BSR', 'Bit scan reverse', 'Gv,Ev', 'shift', sized(scan(highest)), scanFlags),
  row('0F 90+cc', 'SET', 'Set byte on condition', 'Eb', 'plain', set),
  row('0F C8+r', 'BSWAP', 'Byte swap', 'Zv', 'plain', swapBytes),
  row('27', 'DAA', 'Decimal adjust AL after addition', '', 'decimal', decimalAdjust(1), {
    flags: 'SZAPC',
    undefinedFlags: 'O',
  }),
  row('2F', 'DAS', 'Decimal adjust AL after subtraction', '', 'decimal', decimalAdjust(-1), {
    flags: 'SZAPC',
    undefinedFlags: 'O',
  }),
  row('37', 'AAA', 'ASCII adjust after addition', '', 'decimal', asciiAdjust(1), {
    flags: 'AC',
    undefinedFlags: 'OSZP',
  }),
  row('3F', 'AAS', 'ASCII adjust AL after subtraction', '', 'decimal', asciiAdjust(-1), {
    flags: 'AC',
    undefinedFlags: 'OSZP',
  }),
  row('D4', 'AAM', 'ASCII adjust AX after multiply', 'Ib', 'decimal', asciiAdjustMultiply, {
    flags: 'SZP',
    undefinedFlags: 'OAC',
  }),
  row('D5', 'AAD', 'ASCII adjust AX before division', 'Ib', 'decimal', asciiAdjustDivide, {
    flags: 'SZP',
    undefinedFlags: 'OAC',
  }),
  row('F8', 'CLC', 'Clear carry flag', '', 'plain', (cpu) => setCarry(cpu, false), { flags: 'C' }),
  row('F9', 'STC', 'Set carry flag', '', 'plain', (cpu) => setCarry(cpu, true), { flags: 'C' }),
  row('F5', 'CMC', 'Complement carry flag', '', 'plain', complementCarry, { flags: 'C' }),
];
