/** The stack: PUSH, POP and their kin, ENTER and LEAVE, flags on the stack. SDM vol. 2. */
import type { Cpu } from '../cpu.ts';
import { CS, DS, EAX, EBP, ES, ESP, FS, GS, SS } from '../registers.ts';
import {
  FLAG_AC,
  FLAG_DF,
  FLAG_ID,
  FLAG_IF,
  FLAG_IOPL,
  FLAG_NT,
  FLAG_RF,
  FLAG_TF,
  FLAG_VM,
  STATUS_FLAGS,
} from '../eflags.ts';
import { getFlags, setFlags } from '../flags.ts';
import { loadSegment, shadowNext } from '../segments.ts';
import { iopl } from './dispatch.ts';
import { getE16, getE32, offsetOf, sized, type Width } from './operands.ts';
import { row, type Execute, type Executes, type Row } from './row.ts';

const pushRegister: Executes = {
  16: (cpu, i) => cpu.push16(cpu.halves[i.reg << 1]!),
  32: (cpu, i) => cpu.push32(cpu.words[i.reg]!),
};
const popRegister: Executes = {
  16: (cpu, i) => {
    cpu.halves[i.reg << 1] = cpu.pop16();
  },
  32: (cpu, i) => {
    cpu.words[i.reg] = cpu.pop32();
  },
};
const pushImmediate: Executes = {
  16: (cpu, i) => cpu.push16(i.immediate),
  32: (cpu, i) => cpu.push32(i.immediate),
};
const pushE: Executes = {
  16: (cpu, i) => cpu.push16(getE16(cpu, i)),
  32: (cpu, i) => cpu.push32(getE32(cpu, i)),
};

/** POP to memory: an address by ESP counts from behind the popped value; a fault leaves ESP as it was. */
const popTo =
  (w: Width): Execute =>
  (cpu, i) => {
    const before = cpu.words[ESP]!;
    const value = w.size === 4 ? cpu.pop32() : cpu.pop16();
    const after = cpu.words[ESP]!;
    if (i.register) {
      w.set(cpu, i, value);
      return;
    }
    const offset = offsetOf(cpu, i);
    cpu.words[ESP] = before;
    w.store(cpu, i.segment, offset, value);
    cpu.words[ESP] = after;
  };

const pushSegment = (segment: number): Executes => ({
  16: (cpu) => cpu.push16(cpu.selectors[segment]!),
  // Only the low half of the doubleword is stored, as on all processors since the Pentium Pro.
  32: (cpu) => {
    const sp = cpu.words[ESP]!;
    const offset = (sp - 4) & cpu.stackMask;
    cpu.store16(SS, offset, cpu.selectors[segment]!);
    cpu.words[ESP] = (sp & ~cpu.stackMask) | offset;
  },
});

const popSegment = (segment: number): Executes => {
  const pop =
    (bytes: number): Execute =>
    (cpu) => {
      const sp = cpu.words[ESP]!;
      const mask = cpu.stackMask;
      loadSegment(cpu, segment, cpu.load16(SS, sp & mask));
      cpu.words[ESP] = (sp & ~mask) | ((sp + bytes) & mask);
      if (segment === SS) shadowNext(cpu, true);
    };
  return { 16: pop(2), 32: pop(4) };
};

/** PUSHA: all stores are known to succeed before ESP moves. */
const pushAll =
  (w: Width): Execute =>
  (cpu) => {
    const sp = cpu.words[ESP]!;
    for (let r = EAX; r <= 7; r++)
      w.store(
        cpu,
        SS,
        (sp - (r + 1) * w.size) & cpu.stackMask,
        w.size === 4 ? cpu.words[r]! : cpu.halves[r << 1]!,
      );
    cpu.words[ESP] = (sp & ~cpu.stackMask) | ((sp - 8 * w.size) & cpu.stackMask);
  };

/** POPA: all but ESP, whose place is skipped. */
const popAll =
  (w: Width): Execute =>
  (cpu) => {
    const sp = cpu.words[ESP]!;
    const values = [7, 6, 5, 4, 3, 2, 1, 0].map((_, k) => w.load(cpu, SS, (sp + k * w.size) & cpu.stackMask));
    values.forEach((value, k) => {
      const r = 7 - k;
      if (r === ESP) return;
      if (w.size === 4) cpu.words[r] = value;
      else cpu.halves[r << 1] = value;
    });
    cpu.words[ESP] = (sp & ~cpu.stackMask) | ((sp + 8 * w.size) & cpu.stackMask);
  };

/** ENTER with its nesting level. SDM vol. 2A, "ENTER". */
const enter =
  (w: Width): Execute =>
  (cpu, i) => {
    const { words, stackMask } = cpu;
    const level = i.immediate2 & 31;
    const get = (offset: number): number => w.load(cpu, SS, offset & stackMask);
    let sp = words[ESP]!;
    const push = (value: number): void => {
      sp = (sp & ~stackMask) | ((sp - w.size) & stackMask);
      w.store(cpu, SS, sp & stackMask, value);
    };
    push(words[EBP]!);
    const frame = sp;
    for (let k = 1; k < level; k++) push(get(words[EBP]! - k * w.size));
    if (level > 0) push(frame);
    sp = (sp & ~stackMask) | ((sp - i.immediate) & stackMask);
    // The new top of the stack must be writable, else the instruction has not happened.
    cpu.update(SS, sp & stackMask, w.size);
    words[ESP] = sp;
    if (w.size === 4) words[EBP] = frame;
    else cpu.halves[EBP << 1] = frame;
  };

const leave: Executes = {
  16: (cpu) => {
    const base = cpu.words[EBP]!;
    cpu.halves[EBP << 1] = cpu.load16(SS, base & cpu.stackMask);
    cpu.words[ESP] = (cpu.words[ESP]! & ~cpu.stackMask) | ((base + 2) & cpu.stackMask);
  },
  32: (cpu) => {
    const base = cpu.words[EBP]!;
    cpu.words[EBP] = cpu.load32(SS, base & cpu.stackMask);
    cpu.words[ESP] = (cpu.words[ESP]! & ~cpu.stackMask) | ((base + 4) & cpu.stackMask);
  },
};

// ---------------------------------------------------------------- PUSHF, POPF

const pushFlags: Executes = {
  16: (cpu) => cpu.push16(getFlags(cpu)),
  32: (cpu) => cpu.push32(getFlags(cpu) & ~(FLAG_VM | FLAG_RF)),
};

/**
 * The flags that POPF and IRET may change at this level: IOPL only CPL 0, IF only CPL ≤ IOPL; the rest stay as they
 * are without a word, which is why x86 could not be virtualized by trapping alone. SDM vol. 2B, "POPF".
 */
export function changeableFlags(cpu: Cpu): number {
  const always = STATUS_FLAGS | FLAG_TF | FLAG_DF | FLAG_NT | FLAG_AC | FLAG_ID;
  if (cpu.cpl === 0) return always | FLAG_IF | FLAG_IOPL;
  return cpu.cpl <= iopl(cpu) ? always | FLAG_IF : always;
}

/** Sets flags; interrupts and traps that become due are looked for at once. */
export function loadFlags(cpu: Cpu, mask: number, value: number): void {
  setFlags(cpu, mask, value);
  cpu.flagsLoaded();
}

const popFlags: Executes = {
  16: (cpu) => loadFlags(cpu, changeableFlags(cpu) & 0xffff, cpu.pop16()),
  32: (cpu) => loadFlags(cpu, changeableFlags(cpu) | FLAG_RF, cpu.pop32() & ~FLAG_RF),
};

const READS_FLAGS = { privilege: 'virtual8086', sensitive: 'behaviour' } as const;
const LOADS_FLAGS = { privilege: 'virtual8086', sensitive: 'control', ends: true } as const;
/** The places of the segment registers among the encodings. */
const segmentRows = (): Row[] =>
  (
    [
      ['ES', ES, '06', '07'],
      ['CS', CS, '0E', ''],
      ['SS', SS, '16', '17'],
      ['DS', DS, '1E', '1F'],
      ['FS', FS, '0F A0', '0F A1'],
      ['GS', GS, '0F A8', '0F A9'],
    ] as const
  ).flatMap(([name, segment, push, pop]) => [
    row(push, 'PUSH', 'Push segment register', name, 'plain', pushSegment(segment), {
      sensitive: 'behaviour',
    }),
    ...(pop === ''
      ? []
      : [
          row(pop, 'POP', 'Pop segment register', name, 'segment-load', popSegment(segment), {
            sensitive: 'behaviour',
          }),
        ]),
  ]);

export const STACK: readonly Row[] = [
  row('50+r', 'PUSH', 'Push onto the stack', 'Zv', 'plain', pushRegister),
  row('58+r', 'POP', 'Pop a value from the stack', 'Zv', 'plain', popRegister),
  row('68', 'PUSH', 'Push onto the stack', 'Iz', 'plain', pushImmediate),
  row('6A', 'PUSH', 'Push onto the stack', 'Ibs', 'plain', pushImmediate),
  row('FF /6', 'PUSH', 'Push onto the stack', 'Ev', 'plain', pushE),
  row('8F /0', 'POP', 'Pop a value from the stack', 'Ev', 'plain', sized(popTo)),
  ...segmentRows(),
  row('60', 'PUSHA', 'Push all general-purpose registers', '', 'stack', sized(pushAll)),
  row('61', 'POPA', 'Pop all general-purpose registers', '', 'stack', sized(popAll)),
  row('C8', 'ENTER', 'Make stack frame for procedure parameters', 'Iw,Ib', 'stack', sized(enter)),
  row('C9', 'LEAVE', 'High level procedure exit', '', 'plain', leave),
  row('9C', 'PUSHF', 'Push EFLAGS onto the stack', '', 'flags', pushFlags, READS_FLAGS),
  row('9D', 'POPF', 'Pop stack into EFLAGS', '', 'flags', popFlags, { ...LOADS_FLAGS, flags: 'OSZAPC' }),
];
