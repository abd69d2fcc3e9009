/** The processor after power-on, RESET# and INIT. SDM vol. 3A, section 9.1.1 and table 9-1. */
import type { Cpu } from './cpu.ts';
import { followA20 } from './cpu-state.ts';
import { breakpointsChanged } from './debug.ts';
import { FLAG_RESERVED } from './eflags.ts';
import { CR0_CD, CR0_ET, CR0_NW, CS, EAX, EDX, EFLAGS, EIP, NO_SEGMENT } from './registers.ts';
import { modeChanged, REAL_ACCESS, setSegment } from './segments.ts';

const LIMIT = 0xffff;
/** The first instruction stands 16 bytes below the top of the 4 G of addresses. */
const RESET_CS = 0xf000;
const RESET_BASE = 0xffff0000 | 0;
const RESET_EIP = 0xfff0;
const DR6_ONES = 0xffff0ff0 | 0;
const DR7_ONE = 0x400;

/** How a processor is put back: by its RESET# pin, or by INIT, which leaves it more of its state. */
export type ResetKind = 'RESET' | 'INIT';

/**
 * Brings the processor to its reset state: real-address mode, at F000:FFF0. Memory and the clock stay; INIT also leaves
 * the model-specific registers, the time-stamp counter, the x87 and the cache's control as they are.
 */
export function resetCpu(cpu: Cpu, kind: ResetKind): void {
  cpu.lazy = false;
  cpu.words.fill(0, EAX, EAX + 8);
  cpu.words[EFLAGS] = FLAG_RESERVED;
  cpu.words[EIP] = RESET_EIP;
  cpu.words[EDX] = cpu.model.signature;
  const cache = CR0_CD | CR0_NW;
  cpu.cr0 = (kind === 'INIT' ? cpu.cr0 & cache : cache) | CR0_ET;
  [cpu.cr2, cpu.cr3, cpu.cr4] = [0, 0, 0];
  cpu.protectedMode = false;
  cpu.virtual8086 = false;
  cpu.paging = false;
  cpu.flushTlbs(false);
  for (let segment = 0; segment < 6; segment++) setSegment(cpu, segment, 0, 0, LIMIT, REAL_ACCESS);
  setSegment(cpu, CS, RESET_CS, RESET_BASE, LIMIT, REAL_ACCESS);
  modeChanged(cpu);
  [cpu.gdtBase, cpu.gdtLimit, cpu.idtBase, cpu.idtLimit] = [0, LIMIT, 0, LIMIT];
  cpu.ldt = NO_SEGMENT;
  cpu.task = NO_SEGMENT;
  cpu.dr.set([0, 0, 0, 0, 0, 0, DR6_ONES, DR7_ONE]);
  breakpointsChanged(cpu);
  cpu.debugHits = 0;
  if (kind === 'RESET') {
    cpu.msr.clear();
    cpu.x87.initialize();
    cpu.timeStampOffset = 0 - cpu.clock;
  }
  cpu.guest = null;
  cpu.vmx.reset();
  followA20(cpu);
  cpu.halted = false;
  cpu.resting = null;
  cpu.shadow = false;
  cpu.trapShadow = false;
  cpu.nmiWaits = false;
  cpu.nmiBlocked = false;
  cpu.shutdown = '';
  cpu.setCpl(0);
  cpu.leaveLoop();
}
