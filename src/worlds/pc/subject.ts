/** What panels look at on a PC: the processor's registers and its memory. Looking changes nothing: no TLB, no bits. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CR4_PAE, CR4_PSE } from '../../machines/pc/registers.ts';
import { PDE_PS, PTE_P } from '../../machines/pc/page-walk.ts';

export const PAGE_BYTES = 0x1000;
const FRAME = ~(PAGE_BYTES - 1);
const LARGE_OFFSET = 0x3fffff;
const LARGE_OFFSET_PAE = 0x1fffff;

/** A word of physical memory, or null where there is none. */
export function peekPhysical32(cpu: Cpu, at: number): number | null {
  return at >>> 0 <= cpu.memory.size - 4 ? cpu.view.getInt32(at >>> 0, true) : null;
}

/** One entry on the way of an address through the tables. */
export interface WalkEntry {
  readonly level: 'directory-pointer' | 'directory' | 'table';
  readonly at: number;
  readonly value: number;
}

export interface Walk {
  readonly entries: readonly WalkEntry[];
  /** Null: the last entry is not present, or lies outside of memory. */
  readonly physical: number | null;
}

/** The way of a linear address through the tables that CR3 names. SDM vol. 3A, sections 4.3 and 4.4. */
export function walk(cpu: Cpu, linear: number): Walk {
  return (cpu.cr4 & CR4_PAE) !== 0 ? walkPae(cpu, linear) : walk32(cpu, linear);
}

function walk32(cpu: Cpu, linear: number): Walk {
  const at = (cpu.cr3 & FRAME) | ((linear >>> 20) & 0xffc);
  const directory = peekPhysical32(cpu, at);
  if (directory === null) return { entries: [], physical: null };
  const entries: WalkEntry[] = [{ level: 'directory', at, value: directory }];
  if ((directory & PTE_P) === 0) return { entries, physical: null };
  if ((directory & PDE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0)
    return { entries, physical: (directory & ~LARGE_OFFSET) | (linear & LARGE_OFFSET) };
  return inTable(cpu, entries, (directory & FRAME) | ((linear >>> 10) & 0xffc), linear);
}

/** Entries of 8 bytes, whose upper words no machine of up to 1 G needs. */
function walkPae(cpu: Cpu, linear: number): Walk {
  const first = (cpu.cr3 & ~31) | ((linear >>> 27) & 0x18);
  const pointer = peekPhysical32(cpu, first);
  if (pointer === null) return { entries: [], physical: null };
  const entries: WalkEntry[] = [{ level: 'directory-pointer', at: first, value: pointer }];
  if ((pointer & PTE_P) === 0) return { entries, physical: null };
  const at = (pointer & FRAME) | ((linear >>> 18) & 0xff8);
  const directory = peekPhysical32(cpu, at);
  if (directory === null) return { entries, physical: null };
  entries.push({ level: 'directory', at, value: directory });
  if ((directory & PTE_P) === 0) return { entries, physical: null };
  if ((directory & PDE_PS) !== 0)
    return { entries, physical: (directory & ~LARGE_OFFSET_PAE) | (linear & LARGE_OFFSET_PAE) };
  return inTable(cpu, entries, (directory & FRAME) | ((linear >>> 9) & 0xff8), linear);
}

function inTable(cpu: Cpu, before: readonly WalkEntry[], at: number, linear: number): Walk {
  const value = peekPhysical32(cpu, at);
  if (value === null) return { entries: before, physical: null };
  const entries = [...before, { level: 'table', at, value } as const];
  if ((value & PTE_P) === 0) return { entries, physical: null };
  return { entries, physical: (value & FRAME) | (linear & (PAGE_BYTES - 1)) };
}

/** Where a linear address lies in physical memory, or −1. */
export function physicalOf(cpu: Cpu, linear: number): number {
  const at = cpu.paging ? walk(cpu, linear).physical : linear;
  const physical = at === null ? -1 : (at & cpu.a20Mask) >>> 0;
  return physical < cpu.memory.size ? physical : -1;
}

/** Up to `length` bytes at a linear address; ends early where there is nothing. */
export function peekLinear(cpu: Cpu, linear: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const at = (linear + done) >>> 0;
    const physical = physicalOf(cpu, at);
    if (physical < 0) return bytes.subarray(0, done);
    const part = Math.min(length - done, PAGE_BYTES - (at & (PAGE_BYTES - 1)));
    bytes.set(cpu.bytes.subarray(physical, physical + part), done);
    done += part;
  }
  return bytes;
}
