/** Logical instructions on registers, single operands and immediate bytes. GA22-7000, "General Instructions". */
import type { Cpu } from '../cpu.ts';
import { SPECIFICATION } from '../assigned-storage.ts';
import { row, type Execute, type Row } from './row.ts';

const ZERO = ['result zero', 'result not zero', '--', '--'] as const;
const COMPARE = ['equal', 'first low', 'first high', '--'] as const;

const r1 = (word: number): number => (word >>> 20) & 15;
const r2 = (word: number): number => (word >>> 16) & 15;
const immediate = (word: number): number => (word >>> 16) & 0xff;

function setLogical(cpu: Cpu, r: number, value: number): void {
  cpu.gr[r] = value;
  cpu.cc = value === 0 ? 0 : 1;
}

const andRegister: Execute = (cpu, w) => {
  setLogical(cpu, r1(w), cpu.gr[r1(w)]! & cpu.gr[r2(w)]!);
};
const orRegister: Execute = (cpu, w) => {
  setLogical(cpu, r1(w), cpu.gr[r1(w)]! | cpu.gr[r2(w)]!);
};
const exclusiveOrRegister: Execute = (cpu, w) => {
  setLogical(cpu, r1(w), cpu.gr[r1(w)]! ^ cpu.gr[r2(w)]!);
};
const and: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  setLogical(cpu, r1(w), cpu.gr[r1(w)]! & operand);
};
const or: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  setLogical(cpu, r1(w), cpu.gr[r1(w)]! | operand);
};
const exclusiveOr: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  setLogical(cpu, r1(w), cpu.gr[r1(w)]! ^ operand);
};

function storeLogical(cpu: Cpu, at: number, value: number): void {
  cpu.store1(at, value);
  cpu.cc = value === 0 ? 0 : 1;
}
/** An immediate operation fetches and stores its byte: the store is checked first, so a fault changes nothing. */
const updatable = (cpu: Cpu, w: number): number => {
  const at = cpu.based(w & 0xffff);
  cpu.checkStore(at, 1);
  return at;
};
const andImmediate: Execute = (cpu, w) => {
  const at = updatable(cpu, w);
  storeLogical(cpu, at, cpu.fetch1(at) & immediate(w));
};
const orImmediate: Execute = (cpu, w) => {
  const at = updatable(cpu, w);
  storeLogical(cpu, at, cpu.fetch1(at) | immediate(w));
};
const exclusiveOrImmediate: Execute = (cpu, w) => {
  const at = updatable(cpu, w);
  storeLogical(cpu, at, cpu.fetch1(at) ^ immediate(w));
};
const moveImmediate: Execute = (cpu, w) => {
  cpu.store1(cpu.based(w & 0xffff), immediate(w));
};
const compareLogicalImmediate: Execute = (cpu, w) => {
  const byte = cpu.fetch1(cpu.based(w & 0xffff));
  cpu.cc = byte === immediate(w) ? 0 : byte < immediate(w) ? 1 : 2;
};
const testUnderMask: Execute = (cpu, w) => {
  const selected = cpu.fetch1(cpu.based(w & 0xffff)) & immediate(w);
  cpu.cc = selected === 0 ? 0 : selected === immediate(w) ? 3 : 1;
};
const testAndSet: Execute = (cpu, w) => {
  const at = updatable(cpu, w);
  cpu.cc = cpu.fetch1(at) >> 7;
  cpu.store1(at, 0xff);
};

/** Bytes of a register that a four-bit mask selects, left to right, as bit shifts. */
const SELECTED: readonly (readonly number[])[] = Array.from({ length: 16 }, (_, mask) =>
  [24, 16, 8, 0].filter((_shift, i) => (mask & (8 >> i)) !== 0),
);

const insertCharactersUnderMask: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  const shifts = SELECTED[r2(w)]!;
  // With a zero mask the first byte is still accessed, as the manual has it.
  cpu.checkFetch(at, Math.max(1, shifts.length));
  let value = cpu.gr[r1(w)]!;
  let any = 0;
  shifts.forEach((shift, i) => {
    const byte = cpu.fetch1((at + i) & 0xffffff);
    any |= byte;
    value = (value & ~(0xff << shift)) | (byte << shift);
  });
  cpu.gr[r1(w)] = value;
  cpu.cc = any === 0 ? 0 : (value >>> shifts[0]!) & 0x80 ? 1 : 2;
};
const storeCharactersUnderMask: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  const shifts = SELECTED[r2(w)]!;
  if (shifts.length === 0) return;
  cpu.checkStore(at, shifts.length);
  shifts.forEach((shift, i) => {
    cpu.store1((at + i) & 0xffffff, cpu.gr[r1(w)]! >>> shift);
  });
};
const compareLogicalCharactersUnderMask: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  const shifts = SELECTED[r2(w)]!;
  cpu.checkFetch(at, Math.max(1, shifts.length));
  cpu.cc = 0;
  for (let i = 0; i < shifts.length; i++) {
    const own = (cpu.gr[r1(w)]! >>> shifts[i]!) & 0xff;
    const other = cpu.fetch1((at + i) & 0xffffff);
    if (own === other) continue;
    cpu.cc = own < other ? 1 : 2;
    return;
  }
};

/** CS R1,R3,D2(B2) [RS] Compare and Swap. CC: 0 equal and stored, 1 unequal and loaded. Specification: not on a word. */
const compareAndSwap: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  if ((at & 3) !== 0) cpu.program(SPECIFICATION);
  cpu.checkStore(at, 4);
  const current = cpu.fetch4(at);
  if (current === cpu.gr[r1(w)]) {
    cpu.store4(at, cpu.gr[r2(w)]!);
    cpu.cc = 0;
  } else {
    cpu.gr[r1(w)] = current;
    cpu.cc = 1;
  }
};
const compareDoubleAndSwap: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  if (((at & 7) | (r1(w) & 1) | (r2(w) & 1)) !== 0) cpu.program(SPECIFICATION);
  cpu.checkStore(at, 8);
  const high = cpu.fetch4(at);
  const low = cpu.fetch4(at + 4);
  if (high === cpu.gr[r1(w)] && low === cpu.gr[r1(w) + 1]) {
    cpu.store4(at, cpu.gr[r2(w)]!);
    cpu.store4(at + 4, cpu.gr[r2(w) + 1]!);
    cpu.cc = 0;
  } else {
    cpu.gr[r1(w)] = high;
    cpu.gr[r1(w) + 1] = low;
    cpu.cc = 1;
  }
};

const SWAP = ['equal, replaced', 'unequal, loaded', '--', '--'] as const;

export const LOGICAL: readonly Row[] = [
  row(0x14, 'NR', 'And', 'R1,R2', 'register', andRegister, { cc: ZERO, writes: 'r1' }),
  row(0x54, 'N', 'And', 'R1,D2(X2,B2)', 'load', and, { cc: ZERO, writes: 'r1' }),
  row(0x94, 'NI', 'And', 'D1(B1),I2', 'immediate', andImmediate, { cc: ZERO }),
  row(0x95, 'CLI', 'Compare Logical', 'D1(B1),I2', 'immediate', compareLogicalImmediate, { cc: COMPARE }),
  row(
    0xbd,
    'CLM',
    'Compare Logical Characters under Mask',
    'R1,M3,D2(B2)',
    'load',
    compareLogicalCharactersUnderMask,
    {
      cc: COMPARE,
    },
  ),
  row(0xba, 'CS', 'Compare and Swap', 'R1,R3,D2(B2)', 'store', compareAndSwap, { cc: SWAP, writes: 'r1' }),
  row(0xbb, 'CDS', 'Compare Double and Swap', 'R1,R3,D2(B2)', 'store', compareDoubleAndSwap, {
    cc: SWAP,
    writes: 'r1-pair',
  }),
  row(0x17, 'XR', 'Exclusive Or', 'R1,R2', 'register', exclusiveOrRegister, { cc: ZERO, writes: 'r1' }),
  row(0x57, 'X', 'Exclusive Or', 'R1,D2(X2,B2)', 'load', exclusiveOr, { cc: ZERO, writes: 'r1' }),
  row(0x97, 'XI', 'Exclusive Or', 'D1(B1),I2', 'immediate', exclusiveOrImmediate, { cc: ZERO }),
  row(0xbf, 'ICM', 'Insert Characters under Mask', 'R1,M3,D2(B2)', 'load', insertCharactersUnderMask, {
    cc: ['all inserted bits zero', 'first inserted bit one', 'first inserted bit zero, not all', '--'],
    writes: 'r1',
  }),
  row(0x92, 'MVI', 'Move', 'D1(B1),I2', 'immediate', moveImmediate),
  row(0x16, 'OR', 'Or', 'R1,R2', 'register', orRegister, { cc: ZERO, writes: 'r1' }),
  row(0x56, 'O', 'Or', 'R1,D2(X2,B2)', 'load', or, { cc: ZERO, writes: 'r1' }),
  row(0x96, 'OI', 'Or', 'D1(B1),I2', 'immediate', orImmediate, { cc: ZERO }),
  row(0xbe, 'STCM', 'Store Characters under Mask', 'R1,M3,D2(B2)', 'store', storeCharactersUnderMask),
  row(0x93, 'TS', 'Test and Set', 'D1(B1)', 'immediate', testAndSet, {
    cc: ['leftmost bit zero', 'leftmost bit one', '--', '--'],
  }),
  row(0x91, 'TM', 'Test under Mask', 'D1(B1),I2', 'immediate', testUnderMask, {
    cc: ['selected bits all zero, or none selected', 'mixed', '--', 'all one'],
  }),
];
