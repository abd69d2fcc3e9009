/**
 * Debug registers: breakpoints on instructions, data and ports. SDM vol. 3B, sections 17.2 and 17.3.
 * Nobody pays for them while none is enabled: instructions then run one at a time, and with data breakpoints the maps
 * of the fast ways are empty, so that every access takes the slow way and is looked at there.
 */
import type { Cpu } from './cpu.ts';
import { FLAG_RF } from './eflags.ts';
import { DB, UD } from './exceptions.ts';
import { CR4_DE, CS, EFLAGS, EIP } from './registers.ts';

/** DR6. */
const DETECTED = 0x2000; // BD: a debug register was about to be touched
export const SINGLE_STEP = 0x4000; // BS
export const TASK_SWITCH = 0x8000; // BT
const DR6_ONES = 0xffff0ff0 | 0;
/** DR7. */
const DR7_ONE = 0x400;
const DR7_ZEROS = 0xd800;
const GENERAL_DETECT = 0x2000;
const LOCAL_ENABLES = 0x155;

const EXECUTE = 0;
const WRITE = 1;
const PORT = 2;

const kindOf = (dr7: number, n: number): number => (dr7 >>> (16 + 4 * n)) & 3;
const lengthOf = (dr7: number, n: number): number => [1, 2, 8, 4][(dr7 >>> (18 + 4 * n)) & 3]!;
const isEnabled = (dr7: number, n: number): boolean => ((dr7 >>> (2 * n)) & 3) !== 0;

/** What DR7 asks for: bit n of each, breakpoint n. */
export interface Breakpoints {
  readonly instructions: number;
  readonly data: number;
  readonly ports: number;
}
export const NO_BREAKPOINTS: Breakpoints = { instructions: 0, data: 0, ports: 0 };

/** Lets follow what depends on DR7. */
export function breakpointsChanged(cpu: Cpu): void {
  const dr7 = cpu.dr[7]!;
  let [instructions, data, ports] = [0, 0, 0];
  for (let n = 0; n < 4; n++) {
    if (!isEnabled(dr7, n)) continue;
    const kind = kindOf(dr7, n);
    if (kind === EXECUTE) instructions |= 1 << n;
    else if (kind !== PORT) data |= 1 << n;
    else if ((cpu.cr4 & CR4_DE) !== 0) ports |= 1 << n;
  }
  cpu.breakpoints = { instructions, data, ports };
  cpu.selectMaps();
}

const overlaps = (cpu: Cpu, n: number, at: number, size: number): boolean => {
  const length = lengthOf(cpu.dr[7]!, n);
  // Breakpoints lie at multiples of their length.
  const first = (cpu.dr[n]! & -length) >>> 0;
  return at >>> 0 < first + length && first < (at >>> 0) + size;
};

/** Notes which data breakpoints an access to linear address `a` hits; the trap comes after the instruction. */
export function watchData(cpu: Cpu, a: number, size: number, write: boolean): void {
  hit(cpu, cpu.breakpoints.data, a, size, write);
}

/** The same of a port. */
export function watchPort(cpu: Cpu, port: number, size: number): void {
  if (cpu.breakpoints.ports !== 0) hit(cpu, cpu.breakpoints.ports, port, size, false);
}

function hit(cpu: Cpu, candidates: number, at: number, size: number, write: boolean): void {
  for (let n = 0; n < 4; n++) {
    if (((candidates >>> n) & 1) === 0 || (kindOf(cpu.dr[7]!, n) === WRITE && !write)) continue;
    if (!overlaps(cpu, n, at, size)) continue;
    cpu.debugHits |= 1 << n;
    cpu.leaveLoop();
  }
}

/** The instruction about to execute is a breakpoint: its bits of DR6, unless RF holds it off. */
export function instructionHits(cpu: Cpu): number {
  const { instructions } = cpu.breakpoints;
  if (instructions === 0 || (cpu.words[EFLAGS]! & FLAG_RF) !== 0) return 0;
  const a = (cpu.words[EIP]! + cpu.bases[CS]!) | 0;
  let hits = 0;
  for (let n = 0; n < 4; n++) if (((instructions >>> n) & 1) !== 0 && cpu.dr[n] === a) hits |= 1 << n;
  return hits;
}

/** Puts the reasons of a debug exception into DR6; its handler may touch the debug registers. */
export function recordDebug(cpu: Cpu, bits: number): void {
  cpu.dr[6]! |= bits;
  cpu.dr[7]! &= ~GENERAL_DETECT;
}

/** Breakpoints that are enabled for one task end with it. SDM vol. 3A, section 7.3. */
export function dropLocalBreakpoints(cpu: Cpu): void {
  if ((cpu.dr[7]! & LOCAL_ENABLES) === 0) return;
  cpu.dr[7]! &= ~LOCAL_ENABLES;
  breakpointsChanged(cpu);
}

// ---------------------------------------------------------------- MOV from and to debug registers

/** DR4 and DR5 are DR6 and DR7 while CR4.DE is 0; with GD nobody may touch any. */
function debugRegister(cpu: Cpu, reg: number): number {
  const aliased = reg === 4 || reg === 5;
  if (aliased && (cpu.cr4 & CR4_DE) !== 0) cpu.fault(UD);
  if ((cpu.dr[7]! & GENERAL_DETECT) !== 0) {
    recordDebug(cpu, DETECTED);
    cpu.fault(DB);
  }
  return aliased ? reg + 2 : reg;
}

export const readDebugRegister = (cpu: Cpu, reg: number): number => cpu.dr[debugRegister(cpu, reg)]!;

export function writeDebugRegister(cpu: Cpu, reg: number, value: number): void {
  const to = debugRegister(cpu, reg);
  if (to === 6) cpu.dr[6] = (value & 0xe00f) | DR6_ONES;
  else if (to === 7) cpu.dr[7] = (value | DR7_ONE) & ~DR7_ZEROS;
  else cpu.dr[to] = value;
  breakpointsChanged(cpu);
}
