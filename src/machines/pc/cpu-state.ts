/** What a processor remembers, as plain named data. */
import type { Cpu } from './cpu.ts';
import { breakpointsChanged } from './debug.ts';
import { CR0_PE, CR0_PG, EFLAGS, type SystemSegment } from './registers.ts';
import { FLAG_VM } from './eflags.ts';
import { getFlags } from './flags.ts';
import { setSegment } from './segments.ts';
import type { PerformanceState } from './performance.ts';
import type { Rest } from './system.ts';
import type { TlbState } from './tlb.ts';
import { restoreVmx, saveVmx } from './vmx/state.ts';
import type { VmxState } from './vmx/unit.ts';
import type { X87State } from './x87/unit.ts';

export interface SegmentState {
  readonly selector: number;
  readonly base: number;
  readonly limit: number;
  readonly access: number;
}

export interface CpuState {
  /** EAX … EDI in the order of their encoding. */
  readonly registers: Int32Array;
  readonly eip: number;
  readonly eflags: number;
  /** ES, CS, SS, DS, FS, GS. */
  readonly segments: readonly SegmentState[];
  readonly gdt: { readonly base: number; readonly limit: number };
  readonly idt: { readonly base: number; readonly limit: number };
  readonly ldt: SystemSegment;
  readonly task: SystemSegment;
  readonly cr0: number;
  readonly cr2: number;
  readonly cr3: number;
  readonly cr4: number;
  readonly pagePointers: readonly number[];
  readonly dr: Int32Array;
  readonly msr: readonly (readonly [register: number, low: number, high: number])[];
  readonly x87: X87State;
  readonly timeStampOffset: number;
  readonly cpl: number;
  readonly a20: boolean;
  readonly halted: boolean;
  readonly resting: Rest | null;
  readonly shadow: boolean;
  readonly trapShadow: boolean;
  readonly nmiWaits: boolean;
  readonly nmiBlocked: boolean;
  readonly performance: PerformanceState;
  readonly shutdown: string;
  readonly deliveries: number;
  readonly clock: number;
  readonly instructions: number;
  readonly vmx: VmxState;
  readonly instructionTlb: TlbState;
  readonly dataTlb: TlbState;
}

const A20_LOW = ~(1 << 20);

export function setA20(cpu: Cpu, enabled: boolean): void {
  cpu.a20Line = enabled;
  followA20(cpu);
}

/** VMXON blocks and disables A20M#, VMXOFF lets it in again. SDM vol. 3C, section 30.3. */
export function followA20(cpu: Cpu): void {
  const mask = cpu.a20Line || cpu.vmx.on ? -1 : A20_LOW;
  if (mask === cpu.a20Mask) return;
  cpu.a20Mask = mask;
  cpu.flushTlbs(false);
}

export function saveCpu(cpu: Cpu): CpuState {
  return {
    registers: cpu.words.slice(0, 8),
    eip: cpu.eip,
    eflags: getFlags(cpu),
    segments: [0, 1, 2, 3, 4, 5].map((s) => ({
      selector: cpu.selectors[s]!,
      base: cpu.bases[s]!,
      limit: cpu.limits[s]!,
      access: cpu.access[s]!,
    })),
    gdt: { base: cpu.gdtBase, limit: cpu.gdtLimit },
    idt: { base: cpu.idtBase, limit: cpu.idtLimit },
    ldt: cpu.ldt,
    task: cpu.task,
    cr0: cpu.cr0,
    cr2: cpu.cr2,
    cr3: cpu.cr3,
    cr4: cpu.cr4,
    pagePointers: cpu.pagePointers,
    dr: cpu.dr.slice(),
    msr: [...cpu.msr].map(([register, [low, high]]) => [register, low, high] as const),
    x87: cpu.x87.save(),
    timeStampOffset: cpu.timeStampOffset,
    cpl: cpu.cpl,
    a20: cpu.a20Line,
    halted: cpu.halted,
    resting: cpu.resting,
    shadow: cpu.shadow,
    trapShadow: cpu.trapShadow,
    nmiWaits: cpu.nmiWaits,
    nmiBlocked: cpu.nmiBlocked,
    performance: cpu.performance.save(),
    shutdown: cpu.shutdown,
    deliveries: cpu.deliveries,
    clock: cpu.clock,
    instructions: cpu.instructions,
    vmx: saveVmx(cpu),
    instructionTlb: cpu.instructionTlb.save(),
    dataTlb: cpu.dataTlb.save(),
  };
}

/** Memory has been restored already. */
export function restoreCpu(cpu: Cpu, state: CpuState): void {
  cpu.blocks.clear();
  cpu.trail.clear();
  cpu.words.set(state.registers);
  cpu.eip = state.eip;
  cpu.words[EFLAGS] = state.eflags;
  cpu.lazy = false;
  cpu.virtual8086 = (state.eflags & FLAG_VM) !== 0;
  cpu.protectedMode = (state.cr0 & CR0_PE) !== 0;
  cpu.paging = (state.cr0 & CR0_PG) !== 0;
  [cpu.cr0, cpu.cr2, cpu.cr3, cpu.cr4] = [state.cr0, state.cr2, state.cr3, state.cr4];
  cpu.pagePointers = state.pagePointers;
  state.segments.forEach(({ selector, base, limit, access }, s) =>
    setSegment(cpu, s, selector, base, limit, access),
  );
  [cpu.gdtBase, cpu.gdtLimit] = [state.gdt.base, state.gdt.limit];
  [cpu.idtBase, cpu.idtLimit] = [state.idt.base, state.idt.limit];
  cpu.ldt = state.ldt;
  cpu.task = state.task;
  cpu.dr.set(state.dr);
  cpu.msr.clear();
  for (const [register, low, high] of state.msr) cpu.msr.set(register, [low, high]);
  cpu.x87.restore(state.x87);
  cpu.timeStampOffset = state.timeStampOffset;
  cpu.halted = state.halted;
  cpu.resting = state.resting;
  cpu.shadow = state.shadow;
  cpu.trapShadow = state.trapShadow;
  cpu.nmiWaits = state.nmiWaits;
  cpu.nmiBlocked = state.nmiBlocked;
  cpu.shutdown = state.shutdown;
  cpu.deliveries = state.deliveries;
  cpu.horizon = state.clock;
  cpu.left = 0;
  cpu.instructions = state.instructions;
  restoreVmx(cpu, state.vmx);
  setA20(cpu, state.a20);
  cpu.instructionTlb.restore(state.instructionTlb);
  cpu.dataTlb.restore(state.dataTlb);
  cpu.setCpl(state.cpl);
  cpu.performance.restore(state.performance);
  breakpointsChanged(cpu);
}
