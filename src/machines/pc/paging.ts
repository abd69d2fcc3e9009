/**
 * Paging: from linear to physical addresses through the translation lookaside buffers and the page tables, with 4 K
 * and 4 M pages, and the slow ways of reading and storing that need it. SDM vol. 3A, chapter 4.
 */
import { account } from '../../accounting/vocabulary.ts';
import type { Cpu } from './cpu.ts';
import { CR0_WP, CR4_PGE, CR4_PSE } from './registers.ts';
import { PF, PF_PRESENT, PF_RESERVED, PF_USER, PF_WRITE } from './exceptions.ts';
import { PAGE, PAGE_SHIFT } from './memory.ts';
import { TLB_DIRTY, TLB_GLOBAL, TLB_USER, TLB_WRITE, type Tlb, type TlbEntry } from './tlb.ts';

export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;
export type Access = typeof READ | typeof WRITE | typeof FETCH;
type Size = 1 | 2 | 4;

/** Bits of page-directory and page-table entries. SDM vol. 3A, tables 4-4 to 4-6. */
export const PTE_P = 0x1; // present
export const PTE_RW = 0x2; // may be written
export const PTE_US = 0x4; // may be used at CPL 3
export const PTE_A = 0x20; // accessed
export const PTE_D = 0x40; // dirty
export const PDE_PS = 0x80; // maps a 4 M page
export const PTE_G = 0x100; // global
/** Bits 13 to 21 of an entry that maps a 4 M page; PSE-36 would use some of them. */
const PDE_RESERVED = 0x3fe000;

const WALK = account('hardware', 'address-translation');
const LARGE_OFFSET = 0x3fffff;

/** Physical address for linear address `a`, or a page fault. Enters the page into the map of this kind of access. */
export function translate(cpu: Cpu, a: number, access: Access, user: boolean): number {
  if (!cpu.paging) {
    const at = a & cpu.a20Mask;
    enter(cpu, a, at & ~(PAGE - 1), access, user);
    return at;
  }
  const tlb = access === FETCH ? cpu.instructionTlb : cpu.dataTlb;
  const known = tlb.find(a);
  // Rights may have grown in memory since: a refusal by the buffer is decided by the tables. Section 4.10.4.3.
  const entry =
    known && permitted(cpu, known.attributes, access, user) ? known : walk(cpu, a, access, user, tlb);
  const frame = entry.frame & cpu.a20Mask;
  enter(cpu, a, frame, access, user);
  return frame | (a & (PAGE - 1));
}

function permitted(cpu: Cpu, attributes: number, access: Access, user: boolean): boolean {
  if (user && (attributes & TLB_USER) === 0) return false;
  if (access !== WRITE) return true;
  return writeAllowed(cpu, attributes, user) && (attributes & TLB_DIRTY) !== 0;
}

/** Read-only pages bind the supervisor only with CR0.WP. Section 4.6.1. */
const writeAllowed = (cpu: Cpu, attributes: number, user: boolean): boolean =>
  (attributes & TLB_WRITE) !== 0 || (!user && (cpu.cr0 & CR0_WP) === 0);

/** Puts the page into the map that the next access of this kind will look at. */
function enter(cpu: Cpu, a: number, frame: number, access: Access, user: boolean): void {
  if (frame >>> 0 >= cpu.memory.size) return;
  const page = a >>> PAGE_SHIFT;
  if (access === FETCH) {
    (user ? cpu.fetchUser : cpu.fetchSupervisor)[page] = ~frame;
    if (!cpu.paging) cpu.instructionTlb.noteUnpaged(page);
    return;
  }
  if (!cpu.paging) cpu.dataTlb.noteUnpaged(page);
  (user ? cpu.readUser : cpu.readSupervisor)[page] = ~frame;
  if (access === READ || !cpu.memory.writable(frame)) return;
  cpu.memory.dirty[frame >>> PAGE_SHIFT] = 1;
  if (!cpu.blocks.holdsCode(frame)) (user ? cpu.writeUser : cpu.writeSupervisor)[page] = ~frame;
}

// ---------------------------------------------------------------- page tables

function pageFault(cpu: Cpu, a: number, reason: number, access: Access, user: boolean): never {
  cpu.cr2 = a;
  return cpu.fault(PF, reason | (access === WRITE ? PF_WRITE : 0) | (user ? PF_USER : 0));
}

/** Walks the tables for `a`, sets accessed and dirty bits, and enters the translation into `tlb`. */
function walk(cpu: Cpu, a: number, access: Access, user: boolean, tlb: Tlb): TlbEntry {
  tlb.misses++;
  cpu.spend(cpu.costs['table-walk']);
  cpu.ledger.charge(WALK, cpu.costs['table-walk']);
  // A fault also forgets what the buffer held for this address. Section 4.10.4.1.
  tlb.invalidate(a);
  const directoryAt = (cpu.cr3 & ~(PAGE - 1)) | ((a >>> 20) & 0xffc);
  const directory = physical32(cpu, directoryAt);
  if ((directory & PTE_P) === 0) pageFault(cpu, a, 0, access, user);
  if ((directory & PDE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0)
    return walkLarge(cpu, a, access, user, tlb, directoryAt, directory);
  const tableAt = (directory & ~(PAGE - 1)) | ((a >>> 10) & 0xffc);
  const table = physical32(cpu, tableAt);
  if ((table & PTE_P) === 0) pageFault(cpu, a, 0, access, user);
  const attributes = attributesOf(cpu, directory & (table | ~(PTE_RW | PTE_US)), table);
  demand(cpu, a, attributes, access, user);
  if ((directory & PTE_A) === 0) setPhysical32(cpu, directoryAt, directory | PTE_A);
  const updated = table | PTE_A | (access === WRITE ? PTE_D : 0);
  if (updated !== table) setPhysical32(cpu, tableAt, updated);
  return remember(tlb, a, table & ~(PAGE - 1), attributes | dirty(updated), false);
}

/** A page-directory entry that maps 4 M itself. Section 4.3. */
function walkLarge(
  cpu: Cpu,
  a: number,
  access: Access,
  user: boolean,
  tlb: Tlb,
  directoryAt: number,
  directory: number,
): TlbEntry {
  if ((directory & PDE_RESERVED) !== 0) pageFault(cpu, a, PF_PRESENT | PF_RESERVED, access, user);
  const attributes = attributesOf(cpu, directory, directory);
  demand(cpu, a, attributes, access, user);
  const updated = directory | PTE_A | (access === WRITE ? PTE_D : 0);
  if (updated !== directory) setPhysical32(cpu, directoryAt, updated);
  return remember(tlb, a, directory & ~LARGE_OFFSET, attributes | dirty(updated), true);
}

const attributesOf = (cpu: Cpu, rights: number, last: number): number =>
  ((rights & PTE_RW) !== 0 ? TLB_WRITE : 0) |
  ((rights & PTE_US) !== 0 ? TLB_USER : 0) |
  ((last & PTE_G) !== 0 && (cpu.cr4 & CR4_PGE) !== 0 ? TLB_GLOBAL : 0);

const dirty = (entry: number): number => ((entry & PTE_D) !== 0 ? TLB_DIRTY : 0);

function demand(cpu: Cpu, a: number, attributes: number, access: Access, user: boolean): void {
  const refused =
    (user && (attributes & TLB_USER) === 0) || (access === WRITE && !writeAllowed(cpu, attributes, user));
  if (refused) pageFault(cpu, a, PF_PRESENT, access, user);
}

function remember(tlb: Tlb, a: number, frame: number, attributes: number, large: boolean): TlbEntry {
  tlb.insert(a, frame, attributes, large);
  return { frame: large ? frame | (a & LARGE_OFFSET & ~(PAGE - 1)) : frame, attributes };
}

/** A word at a physical address. */
export const physical32 = (cpu: Cpu, at: number): number => loadPhysical(cpu, at & cpu.a20Mask, 4);

export function setPhysical32(cpu: Cpu, at: number, value: number): void {
  storePhysical(cpu, at & cpu.a20Mask, 4, value);
}

// ---------------------------------------------------------------- slow ways

/** Stores within one page at a physical address: code there is forgotten, read-only memory stays as it is. */
export function storePhysical(cpu: Cpu, at: number, size: Size, value: number): void {
  if (at >>> 0 >= cpu.memory.size) {
    cpu.bus.store(at >>> 0, size, value);
    return;
  }
  if (!cpu.memory.writable(at)) return;
  cpu.memory.dirty[at >>> PAGE_SHIFT] = 1;
  cpu.blocks.stored(at, size);
  if (size === 4) cpu.view.setInt32(at, value, true);
  else if (size === 2) cpu.view.setInt16(at, value, true);
  else cpu.bytes[at] = value;
}

/** Reads within one page at a physical address; beyond memory the bus answers. */
export function loadPhysical(cpu: Cpu, at: number, size: Size): number {
  if (at >>> 0 >= cpu.memory.size) {
    const value = cpu.bus.load(at >>> 0, size);
    return size === 4 ? value | 0 : value & (size === 2 ? 0xffff : 0xff);
  }
  if (size === 4) return cpu.view.getInt32(at, true);
  return size === 2 ? cpu.view.getUint16(at, true) : cpu.bytes[at]!;
}

const crosses = (a: number, size: Size): boolean => (a & (PAGE - 1)) + size > PAGE;

/** Reads `size` bytes at linear address `a`. */
export function loadSlow(cpu: Cpu, a: number, size: Size, user: boolean): number {
  return readSlow(cpu, a, size, user, READ);
}

/** Reads what will be stored into, with the rights that the store needs. */
export function updateSlow(cpu: Cpu, a: number, size: Size, user: boolean): number {
  return readSlow(cpu, a, size, user, WRITE);
}

function readSlow(cpu: Cpu, a: number, size: Size, user: boolean, access: Access): number {
  const first = translate(cpu, a, access, user);
  if (!crosses(a, size)) return loadPhysical(cpu, first, size);
  translate(cpu, (a + size - 1) & ~(PAGE - 1), access, user);
  let value = 0;
  for (let i = size - 1; i >= 0; i--)
    value = (value << 8) | loadPhysical(cpu, translate(cpu, (a + i) | 0, access, user), 1);
  return value;
}

/** Stores `size` bytes at linear address `a`; both pages are looked at before the first byte is stored. */
export function storeSlow(cpu: Cpu, a: number, size: Size, value: number, user: boolean): void {
  const first = translate(cpu, a, WRITE, user);
  if (!crosses(a, size)) {
    storePhysical(cpu, first, size, value);
    return;
  }
  translate(cpu, (a + size - 1) & ~(PAGE - 1), WRITE, user);
  for (let i = 0; i < size; i++)
    storePhysical(cpu, translate(cpu, (a + i) | 0, WRITE, user), 1, value >>> (8 * i));
}
