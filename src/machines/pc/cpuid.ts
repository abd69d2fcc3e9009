/** CPUID. SDM vol. 2A, "CPUID". What the processor does not have here, it does not announce. */
import type { Cpu } from './cpu.ts';
import { EAX, EBX, ECX, EDX } from './registers.ts';

const FEATURE_PSE = 1 << 3; // 4 M pages
const FEATURE_TSC = 1 << 4; // RDTSC
const FEATURE_MSR = 1 << 5; // RDMSR, WRMSR
const FEATURE_CX8 = 1 << 8; // CMPXCHG8B
const FEATURE_SEP = 1 << 11; // SYSENTER, SYSEXIT
const FEATURE_PGE = 1 << 13; // global pages
const FEATURE_CMOV = 1 << 15; // CMOVcc

export const FEATURES =
  FEATURE_PSE | FEATURE_TSC | FEATURE_MSR | FEATURE_CX8 | FEATURE_SEP | FEATURE_PGE | FEATURE_CMOV;

const HIGHEST_EXTENDED = 0x80000004;

/** Four characters of a text as a register holds them. */
const characters = (text: string, at: number): number =>
  [3, 2, 1, 0].reduce((word, k) => (word << 8) | (text.charCodeAt(at + k) || 0), 0);

const set = (cpu: Cpu, a: number, b: number, c: number, d: number): void => {
  cpu.words[EAX] = a;
  cpu.words[EBX] = b;
  cpu.words[ECX] = c;
  cpu.words[EDX] = d;
};

export function identify(cpu: Cpu): void {
  const leaf = cpu.words[EAX]! >>> 0;
  const { brand, signature } = cpu.model;
  if (leaf === 0) set(cpu, 1, characters('Genu', 0), characters('ntel', 0), characters('ineI', 0));
  else if (leaf === 0x80000000) set(cpu, HIGHEST_EXTENDED | 0, 0, 0, 0);
  else if (leaf === 0x80000001) set(cpu, 0, 0, 0, 0);
  else if (leaf >= 0x80000002 && leaf <= HIGHEST_EXTENDED) {
    const at = (leaf - 0x80000002) * 16;
    const part = (k: number): number => characters(brand, at + 4 * k);
    set(cpu, part(0), part(1), part(2), part(3));
  } else set(cpu, signature, 0, 0, FEATURES);
}
