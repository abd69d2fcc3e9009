/** Instructions that ask about descriptors without loading them: VERR, VERW, LAR, LSL, ARPL. SDM vol. 3A, section 5.10. */
import type { Cpu } from '../cpu.ts';
import { FLAG_ZF } from '../eflags.ts';
import { setFlags } from '../flags.ts';
import { getE16, setE16, sized, type Width } from './operands.ts';
import { row, type Execute, type Row } from './row.ts';
import { NOT_SYSTEM, READABLE, dplOf } from '../segment-checks.ts';
import {
  CALL_GATE_16,
  CALL_GATE_32,
  LDT,
  TASK_GATE,
  TSS_16,
  TSS_32,
  TSS_BUSY,
  findDescriptor,
  limitOf,
  isCode,
  isConforming,
  isWritableData,
  systemType,
  type Descriptor,
} from '../segments.ts';
/** Whether a program of this level could use the segment; conforming code is visible to all. */
function visible(cpu: Cpu, d: Descriptor, selector: number): boolean {
  if (isCode(d) && isConforming(d)) return true;
  const dpl = dplOf(d.access);
  return dpl >= cpu.cpl && dpl >= (selector & 3);
}

const answer = (cpu: Cpu, yes: boolean): void => setFlags(cpu, FLAG_ZF, yes ? FLAG_ZF : 0);

const verify =
  (usable: (d: Descriptor) => boolean): Execute =>
  (cpu, i) => {
    const selector = getE16(cpu, i);
    const d = findDescriptor(cpu, selector);
    answer(cpu, d !== null && (d.access & NOT_SYSTEM) !== 0 && usable(d) && visible(cpu, d, selector));
  };
const readableSegment = (d: Descriptor): boolean => !isCode(d) || (d.access & READABLE) !== 0;

/** Types of system segments that LAR (LSL: those with a limit) accepts. SDM vol. 2A, "LAR", "LSL". */
const WITH_LIMIT = [TSS_16, LDT, TSS_16 | TSS_BUSY, TSS_32, TSS_32 | TSS_BUSY];
const WITH_RIGHTS = [...WITH_LIMIT, CALL_GATE_16, TASK_GATE, CALL_GATE_32];

const load =
  (types: readonly number[], value: (d: Descriptor) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const selector = getE16(cpu, i);
    const d = findDescriptor(cpu, selector);
    const known = d !== null && ((d.access & NOT_SYSTEM) !== 0 || types.includes(systemType(d)));
    if (known && visible(cpu, d, selector)) {
      w.setG(cpu, i, value(d));
      answer(cpu, true);
    } else answer(cpu, false);
  };

/** ARPL: raises the requested privilege level of a selector to that of another; only then it is stored. */
const adjustLevel: Execute = (cpu, i) => {
  const selector = getE16(cpu, i);
  const level = cpu.halves[i.reg << 1]! & 3;
  const lower = (selector & 3) < level;
  if (lower) setE16(cpu, i, (selector & ~3) | level);
  answer(cpu, lower);
};

const ASK = { sensitive: 'behaviour', protectedOnly: true, flags: 'Z' } as const;
const rights: (w: Width) => Execute = load(WITH_RIGHTS, (d) => d.high & 0x00ffff00);
const limit: (w: Width) => Execute = load(WITH_LIMIT, limitOf);

export const DESCRIPTOR_QUERIES: readonly Row[] = [
  row('0F 00 /4', 'VERR', 'Verify a segment for reading', 'Ew', 'segment-load', verify(readableSegment), ASK),
  row('0F 00 /5', 'VERW', 'Verify a segment for writing', 'Ew', 'segment-load', verify(isWritableData), ASK),
  row('0F 02', 'LAR', 'Load access rights', 'Gv,Ew', 'segment-load', sized(rights), ASK),
  row('0F 03', 'LSL', 'Load segment limit', 'Gv,Ew', 'segment-load', sized(limit), ASK),
  row('63', 'ARPL', 'Adjust RPL field of segment selector', 'Ew,Gw', 'plain', adjustLevel, { ...ASK }),
];
