/** Moving data: MOV, stack, exchange, address, flags in AH. SDM vol. 2. */
import { CS, DS, EAX, EBX, ES, FS, GS, SS } from '../registers.ts';
import { BR, UD } from '../exceptions.ts';
import { STATUS_FLAGS, FLAG_OF } from '../eflags.ts';
import { condition, getFlags, setFlags } from '../flags.ts';
import { loadSegment, shadowNext } from '../segments.ts';
import { BYTE, getE16, getE32, offsetOf, setE16, setE32, sized, WORD, type Width } from './operands.ts';
import { row, type Execute, type Executes, type Row } from './row.ts';

// ---------------------------------------------------------------- MOV

const storeG =
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, w.getG(cpu, i));
const loadG =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, w.get(cpu, i));
const storeG32: Execute = (cpu, i) => setE32(cpu, i, cpu.words[i.reg]!);
const loadG32: Execute = (cpu, i) => (cpu.words[i.reg] = getE32(cpu, i));
const storeI =
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, i.immediate);
const setG =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, i.immediate);
const loadA =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setA(cpu, w.load(cpu, i.segment, i.immediate));
const storeA =
  (w: Width): Execute =>
  (cpu, i) =>
    w.store(cpu, i.segment, i.immediate, w.getA(cpu));

/** A segment register goes to memory as 16 bits, to a register zero-extended to the operand size. */
const storeSegment: Execute = (cpu, i) => {
  if (i.reg > 5) cpu.fault(UD);
  const selector = cpu.selectors[i.reg]!;
  if (i.register && i.wide) cpu.words[i.rm] = selector;
  else setE16(cpu, i, selector);
};

const moveToSegment: Execute = (cpu, i) => {
  if (i.reg > 5 || i.reg === CS) cpu.fault(UD);
  loadSegment(cpu, i.reg, getE16(cpu, i));
  if (i.reg === SS) shadowNext(cpu, true);
};

const zeroExtend8 =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, BYTE.get(cpu, i));
const signExtend8 =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, (BYTE.get(cpu, i) << 24) >> 24);
const zeroExtend16 =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, getE16(cpu, i));
const signExtend16 =
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, (getE16(cpu, i) << 16) >> 16);

const conditionalMove =
  (w: Width): Execute =>
  (cpu, i) => {
    // The source is read whether it is needed or not: it may fault. ModRM.reg is the destination, not the condition.
    const value = w.get(cpu, i);
    if (condition(cpu, i.condition)) w.setG(cpu, i, value);
  };

// ---------------------------------------------------------------- exchange, address, bounds

/** XCHG with memory locks the bus without being asked. */
const exchange =
  (w: Width): Execute =>
  (cpu, i) => {
    if (!i.register && !i.lock) cpu.spend(cpu.costs.locked);
    const value = w.update(cpu, i);
    w.set(cpu, i, w.getG(cpu, i));
    w.setG(cpu, i, value);
  };
const exchangeWithA: Executes = {
  16: (cpu, i) => {
    const value = cpu.halves[EAX]!;
    cpu.halves[EAX] = cpu.halves[i.reg << 1]!;
    cpu.halves[i.reg << 1] = value;
  },
  32: (cpu, i) => {
    const value = cpu.words[EAX]!;
    cpu.words[EAX] = cpu.words[i.reg]!;
    cpu.words[i.reg] = value;
  },
};

const loadEffectiveAddress: Executes = {
  16: (cpu, i) => {
    cpu.halves[i.reg << 1] = offsetOf(cpu, i);
  },
  32: (cpu, i) => {
    cpu.words[i.reg] = offsetOf(cpu, i);
  },
};

/** XLAT: the byte at EBX + AL. */
const translateByte: Execute = (cpu, i) => {
  const offset = (cpu.words[EBX]! + cpu.octets[0]!) & i.addressMask;
  cpu.octets[0] = cpu.load8(i.segment, offset);
};

const bound =
  (w: Width): Execute =>
  (cpu, i) => {
    const offset = offsetOf(cpu, i);
    const index = (w.getG(cpu, i) << w.shift) >> w.shift;
    const low = (w.load(cpu, i.segment, offset) << w.shift) >> w.shift;
    const high = (w.load(cpu, i.segment, (offset + w.size) & i.addressMask) << w.shift) >> w.shift;
    if (index < low || index > high) cpu.fault(BR);
  };

/** LDS, LES, LFS, LGS, LSS: offset first in memory, selector behind it. */
const loadFarPointer =
  (segment: number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const offset = offsetOf(cpu, i);
    const value = w.load(cpu, i.segment, offset);
    loadSegment(cpu, segment, cpu.load16(i.segment, (offset + w.size) & i.addressMask));
    w.setG(cpu, i, value);
  };

// ---------------------------------------------------------------- flags in AH

const AH = 1;
const loadFlags: Execute = (cpu) => {
  cpu.octets[AH] = getFlags(cpu);
};
const storeFlags: Execute = (cpu) => setFlags(cpu, STATUS_FLAGS & ~FLAG_OF, cpu.octets[AH]!);

const READS_SEGMENT = { sensitive: 'behaviour' } as const;
const wideFirst = (make: (w: Width) => Execute, wide: Execute): Executes => ({ 16: make(WORD), 32: wide });
const farPointer = (opcode: string, mnemonic: string, segment: number): Row =>
  row(
    opcode,
    mnemonic,
    'Load far pointer',
    'Gv,Mp',
    'segment-load',
    sized(loadFarPointer(segment)),
    READS_SEGMENT,
  );

export const DATA: readonly Row[] = [
  row('88', 'MOV', 'Move', 'Eb,Gb', 'plain', storeG(BYTE)),
  row('89', 'MOV', 'Move', 'Ev,Gv', 'plain', wideFirst(storeG, storeG32)),
  row('8A', 'MOV', 'Move', 'Gb,Eb', 'plain', loadG(BYTE)),
  row('8B', 'MOV', 'Move', 'Gv,Ev', 'plain', wideFirst(loadG, loadG32)),
  row('8C', 'MOV', 'Move from segment register', 'Ew,Sw', 'plain', storeSegment, READS_SEGMENT),
  row('8E', 'MOV', 'Move to segment register', 'Sw,Ew', 'segment-load', moveToSegment, READS_SEGMENT),
  row('A0', 'MOV', 'Move', 'AL,Ob', 'plain', loadA(BYTE)),
  row('A1', 'MOV', 'Move', 'eAX,Ov', 'plain', sized(loadA)),
  row('A2', 'MOV', 'Move', 'Ob,AL', 'plain', storeA(BYTE)),
  row('A3', 'MOV', 'Move', 'Ov,eAX', 'plain', sized(storeA)),
  row('B0+r', 'MOV', 'Move', 'Zb,Ib', 'plain', setG(BYTE)),
  row('B8+r', 'MOV', 'Move', 'Zv,Iz', 'plain', sized(setG)),
  row('C6 /0', 'MOV', 'Move', 'Eb,Ib', 'plain', storeI(BYTE)),
  row('C7 /0', 'MOV', 'Move', 'Ev,Iz', 'plain', sized(storeI)),
  row('0F B6', 'MOVZX', 'Move with zero-extend', 'Gv,Eb', 'plain', sized(zeroExtend8)),
  row('0F B7', 'MOVZX', 'Move with zero-extend', 'Gv,Ew', 'plain', sized(zeroExtend16)),
  row('0F BE', 'MOVSX', 'Move with sign-extension', 'Gv,Eb', 'plain', sized(signExtend8)),
  row('0F BF', 'MOVSX', 'Move with sign-extension', 'Gv,Ew', 'plain', sized(signExtend16)),
  row('0F 40+cc', 'CMOV', 'Conditional move', 'Gv,Ev', 'plain', sized(conditionalMove), {
    since: 'cmov',
  }),
  row('86', 'XCHG', 'Exchange register or memory with register', 'Eb,Gb', 'plain', exchange(BYTE), {
    lock: true,
  }),
  row('87', 'XCHG', 'Exchange register or memory with register', 'Ev,Gv', 'plain', sized(exchange), {
    lock: true,
  }),
  row('90+r', 'XCHG', 'Exchange register with accumulator', 'Zv,eAX', 'plain', exchangeWithA),
  row('8D', 'LEA', 'Load effective address', 'Gv,M', 'plain', loadEffectiveAddress),
  row('D7', 'XLAT', 'Table look-up translation', '', 'plain', translateByte),
  row('62', 'BOUND', 'Check array index against bounds', 'Gv,Ma', 'plain', sized(bound)),
  farPointer('C4', 'LES', ES),
  farPointer('C5', 'LDS', DS),
  farPointer('0F B2', 'LSS', SS),
  farPointer('0F B4', 'LFS', FS),
  farPointer('0F B5', 'LGS', GS),
  row('9F', 'LAHF', 'Load status flags into AH', '', 'plain', loadFlags),
  row('9E', 'SAHF', 'Store AH into flags', '', 'plain', storeFlags, { flags: 'SZAPC' }),
];
