/** Model-specific registers and the time-stamp counter. SDM vol. 4, chapter 2; vol. 3B, section 18.17. */
import type { Cpu } from './cpu.ts';
import { EAX, ECX, EDX } from './registers.ts';

export const TIME_STAMP_COUNTER = 0x10;
export const APIC_BASE = 0x1b;
export const SYSENTER_CS = 0x174;
export const SYSENTER_ESP = 0x175;
export const SYSENTER_EIP = 0x176;

/** Registers that hold what is written into them; all others are #GP(0), as on the processor. */
const HOLDING: ReadonlySet<number> = new Set([SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP]);

const TWO_32 = 0x1_0000_0000;

/** The counter as two words: cycles since reset, or since a program wrote it. */
export function timeStamp(cpu: Cpu): readonly [low: number, high: number] {
  const count = cpu.clock + cpu.timeStampOffset;
  return [(count % TWO_32) | 0, Math.floor(count / TWO_32) | 0];
}

export function readModelSpecific(cpu: Cpu): void {
  const register = cpu.words[ECX]! >>> 0;
  const known = HOLDING.has(register) ? (cpu.msr.get(register) ?? ([0, 0] as const)) : null;
  const value = register === TIME_STAMP_COUNTER ? timeStamp(cpu) : known;
  if (!value) return cpu.protection();
  [cpu.words[EAX], cpu.words[EDX]] = value;
}

export function writeModelSpecific(cpu: Cpu): void {
  const register = cpu.words[ECX]! >>> 0;
  const [low, high] = [cpu.words[EAX]!, cpu.words[EDX]!];
  if (register === TIME_STAMP_COUNTER) cpu.timeStampOffset = (high >>> 0) * TWO_32 + (low >>> 0) - cpu.clock;
  else if (HOLDING.has(register)) cpu.msr.set(register, [low, high]);
  else cpu.protection();
}
