/** Transfers of control: jumps, calls, returns, loops, software interrupts. SDM vol. 2. */
import { hex } from '../../../base/bits.ts';
import type { Cpu } from '../cpu.ts';
import { CS, ECX, EIP, ESP, SS } from '../registers.ts';
import { BP, OF, UD } from '../exceptions.ts';
import { carry, overflow, parity, sign, zero } from '../flags.ts';
import { debugTrap, softwareException, softwareInterrupt } from '../interrupts.ts';
import { farCall, farJump, farReturn, interruptReturn } from '../transfers.ts';
import { getE16, getE32, offsetOf, sized, type Width } from './operands.ts';
import { CONDITIONS, row, type Decoded, type Execute, type Executes, type Row } from './row.ts';

/** Goes to `target` in the current code segment. */
function jumpTo(cpu: Cpu, target: number): void {
  if (target >>> 0 > cpu.limits[CS]!) cpu.protection();
  cpu.words[EIP] = target;
}

const relative = (cpu: Cpu, i: Decoded): number => {
  const target = (cpu.words[EIP]! + i.immediate) | 0;
  return i.wide ? target : target & 0xffff;
};

function taken(cpu: Cpu, i: Decoded): void {
  cpu.spend(cpu.takenCost);
  jumpTo(cpu, relative(cpu, i));
}

const jump: Execute = (cpu, i) => jumpTo(cpu, relative(cpu, i));
const jumpIndirect: Executes = {
  16: (cpu, i) => jumpTo(cpu, getE16(cpu, i)),
  32: (cpu, i) => jumpTo(cpu, getE32(cpu, i)),
};

/** One function per condition: the JavaScript engine then learns each branch by itself. */
// prettier-ignore
const CONDITIONAL_JUMPS: readonly Execute[] = [
  (cpu, i) => { if (overflow(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!overflow(cpu)) taken(cpu, i); },
  (cpu, i) => { if (carry(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!carry(cpu)) taken(cpu, i); },
  (cpu, i) => { if (zero(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!zero(cpu)) taken(cpu, i); },
  (cpu, i) => { if (carry(cpu) || zero(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!carry(cpu) && !zero(cpu)) taken(cpu, i); },
  (cpu, i) => { if (sign(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!sign(cpu)) taken(cpu, i); },
  (cpu, i) => { if (parity(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!parity(cpu)) taken(cpu, i); },
  (cpu, i) => { if (sign(cpu) !== overflow(cpu)) taken(cpu, i); },
  (cpu, i) => { if (sign(cpu) === overflow(cpu)) taken(cpu, i); },
  (cpu, i) => { if (zero(cpu) || sign(cpu) !== overflow(cpu)) taken(cpu, i); },
  (cpu, i) => { if (!zero(cpu) && sign(cpu) === overflow(cpu)) taken(cpu, i); },
];

// ---------------------------------------------------------------- near CALL and RET

function pushReturn(cpu: Cpu, i: Decoded): void {
  if (i.wide) cpu.push32(cpu.words[EIP]!);
  else cpu.push16(cpu.words[EIP]!);
}

/** The target is checked before the return address is stored. */
function call(cpu: Cpu, i: Decoded, target: number): void {
  if (target >>> 0 > cpu.limits[CS]!) cpu.protection();
  pushReturn(cpu, i);
  cpu.words[EIP] = target;
}
const callRelative: Execute = (cpu, i) => call(cpu, i, relative(cpu, i));
const callIndirect: Executes = {
  16: (cpu, i) => call(cpu, i, getE16(cpu, i)),
  32: (cpu, i) => call(cpu, i, getE32(cpu, i)),
};

function nearReturn(cpu: Cpu, i: Decoded, parameters: number): void {
  const { stackMask, words } = cpu;
  const sp = words[ESP]!;
  const target = i.wide ? cpu.load32(SS, sp & stackMask) : cpu.load16(SS, sp & stackMask);
  jumpTo(cpu, target);
  words[ESP] = (sp & ~stackMask) | ((sp + (i.wide ? 4 : 2) + parameters) & stackMask);
}

// ---------------------------------------------------------------- loops: the counter is CX or ECX by address size

function count(cpu: Cpu, i: Decoded): number {
  return i.addressMask === -1 ? cpu.words[ECX]! : cpu.halves[ECX << 1]!;
}
function countDown(cpu: Cpu, i: Decoded): boolean {
  if (i.addressMask === -1) return --cpu.words[ECX]! !== 0;
  return --cpu.halves[ECX << 1]! !== 0;
}

const loop =
  (more: (cpu: Cpu) => boolean): Execute =>
  (cpu, i) => {
    // Counting first: the counter changes whether the jump is taken or not.
    if (countDown(cpu, i) && more(cpu)) taken(cpu, i);
  };
const jumpIfCountZero: Execute = (cpu, i) => {
  if (count(cpu, i) === 0) taken(cpu, i);
};

// ---------------------------------------------------------------- far

const farPointer =
  (go: (cpu: Cpu, selector: number, offset: number, size: 2 | 4) => void) =>
  (cpu: Cpu, i: Decoded): void =>
    go(cpu, i.immediate2, i.immediate, i.wide ? 4 : 2);

const farIndirect =
  (go: (cpu: Cpu, selector: number, offset: number, size: 2 | 4) => void) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const at = offsetOf(cpu, i);
    const offset = w.load(cpu, i.segment, at);
    const selector = cpu.load16(i.segment, (at + w.size) & i.addressMask);
    go(cpu, selector, offset, w.size === 4 ? 4 : 2);
  };

const END = { ends: true } as const;
const FAR = { ends: true, sensitive: 'behaviour' } as const;
const INTERRUPT = { ends: true, sensitive: 'control' } as const;

const jccRows = (prefix: string, first: number, operand: string): Row[] =>
  CONDITIONAL_JUMPS.map((execute, code) =>
    row(
      prefix + hex(first + code, 2),
      `J${CONDITIONS[code]!}`,
      'Jump if condition is met',
      operand,
      'branch',
      execute,
      END,
    ),
  );

export const CONTROL: readonly Row[] = [
  ...jccRows('', 0x70, 'Jb'),
  ...jccRows('0F ', 0x80, 'Jz'),
  row('EB', 'JMP', 'Jump', 'Jb', 'branch', jump, END),
  row('E9', 'JMP', 'Jump', 'Jz', 'branch', jump, END),
  row('FF /4', 'JMP', 'Jump', 'Ev', 'branch', jumpIndirect, END),
  row('E8', 'CALL', 'Call procedure', 'Jz', 'call', callRelative, END),
  row('FF /2', 'CALL', 'Call procedure', 'Ev', 'call', callIndirect, END),
  row('C3', 'RET', 'Return from procedure', '', 'call', (cpu, i) => nearReturn(cpu, i, 0), END),
  row('C2', 'RET', 'Return from procedure', 'Iw', 'call', (cpu, i) => nearReturn(cpu, i, i.immediate), END),
  row(
    'E0',
    'LOOPNE',
    'Loop according to ECX counter',
    'Jb',
    'branch',
    loop((cpu) => !zero(cpu)),
    END,
  ),
  row('E1', 'LOOPE', 'Loop according to ECX counter', 'Jb', 'branch', loop(zero), END),
  row(
    'E2',
    'LOOP',
    'Loop according to ECX counter',
    'Jb',
    'branch',
    loop(() => true),
    END,
  ),
  row('E3', 'JECXZ', 'Jump if ECX is 0', 'Jb', 'branch', jumpIfCountZero, END),
  row('EA', 'JMP', 'Far jump', 'Ap', 'far-transfer', farPointer(farJump), FAR),
  row('FF /5', 'JMP', 'Far jump', 'Mp', 'far-transfer', sized(farIndirect(farJump)), FAR),
  row('9A', 'CALL', 'Far call', 'Ap', 'far-transfer', farPointer(farCall), FAR),
  row('FF /3', 'CALL', 'Far call', 'Mp', 'far-transfer', sized(farIndirect(farCall)), FAR),
  row('CB', 'RET', 'Far return', '', 'far-transfer', (cpu, i) => farReturn(cpu, 0, i.wide ? 4 : 2), FAR),
  row(
    'CA',
    'RET',
    'Far return',
    'Iw',
    'far-transfer',
    (cpu, i) => farReturn(cpu, i.immediate, i.wide ? 4 : 2),
    FAR,
  ),
  row('CC', 'INT3', 'Breakpoint', '', 'plain', (cpu, i) => softwareException(cpu, BP, i.length), INTERRUPT),
  row('F1', 'INT1', 'Debug trap', '', 'plain', (cpu, i) => debugTrap(cpu, i.length), INTERRUPT),
  row(
    'CD',
    'INT',
    'Call to interrupt procedure',
    'Ib',
    'plain',
    (cpu, i) => softwareInterrupt(cpu, i.immediate, i.length),
    {
      ...INTERRUPT,
      privilege: 'virtual8086',
    },
  ),
  row(
    'CE',
    'INTO',
    'Interrupt if overflow',
    '',
    'plain',
    (cpu, i) => {
      if (overflow(cpu)) softwareException(cpu, OF, i.length);
    },
    INTERRUPT,
  ),
  row(
    'CF',
    'IRET',
    'Interrupt return',
    '',
    'interrupt-return',
    (cpu, i) => interruptReturn(cpu, i.wide ? 4 : 2),
    {
      ends: true,
      privilege: 'virtual8086',
      sensitive: 'control',
      flags: 'OSZAPC',
    },
  ),
  // P6 and later; the second is what ENDBR32 is to a processor that does not check branches. SDM vol. 2B, "NOP".
  row('0F 1F /0', 'NOP', 'No operation', 'Ev', 'plain', () => undefined, { since: 'cmov' }),
  row('0F 1E', 'NOP', 'No operation', 'Ev,Gv', 'plain', () => undefined, { since: 'cmov', alias: true }),
  row('0F 0B', 'UD2', 'Undefined instruction', '', 'plain', (cpu) => cpu.fault(UD), END),
];
