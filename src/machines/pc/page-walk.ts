/**
 * Walking the page tables: two levels of 32-bit entries, or three of 64-bit ones (PAE). Sets accessed and dirty bits
 * and says what was found, or faults. SDM vol. 3A, sections 4.3, 4.4, 4.6 and 4.7.
 */
import type { Cpu } from './cpu.ts';
import { PF, PF_PRESENT, PF_RESERVED, PF_USER, PF_WRITE } from './exceptions.ts';
import { PAGE } from './memory.ts';
import { loadPhysical, READ, storePhysical, WRITE, type Access } from './physical.ts';
import { CR0_WP, CR4_PAE, CR4_PGE, CR4_PSE } from './registers.ts';
import { TLB_DIRTY, TLB_GLOBAL, TLB_USER, TLB_WRITE } from './tlb.ts';
import { nestedPage } from './vmx/ept.ts';

/** Bits of page-directory and page-table entries. SDM vol. 3A, tables 4-4 to 4-6. */
export const PTE_P = 0x1; // present
export const PTE_RW = 0x2; // may be written
export const PTE_US = 0x4; // may be used at CPL 3
export const PTE_A = 0x20; // accessed
export const PTE_D = 0x40; // dirty
export const PDE_PS = 0x80; // maps a large page
export const PTE_G = 0x100; // global
/** Bits 13 to 21 of an entry that maps a 4 M page; PSE-36 would use some of them. */
const RESERVED_4M = 0x3fe000;
/** Bits 13 to 20 of an entry that maps a 2 M page. */
const RESERVED_2M = 0x1fe000;
const FRAME = ~(PAGE - 1);

export interface Translation {
  /** Physical address of the page, small or large. */
  readonly frame: number;
  /** Attributes of a buffer entry (tlb.ts). */
  readonly attributes: number;
  readonly large: boolean;
}

interface Request {
  readonly a: number;
  readonly access: Access;
  readonly user: boolean;
}

/** Read-only pages bind the supervisor only with CR0.WP. Section 4.6.1. */
export const writeAllowed = (cpu: Cpu, attributes: number, user: boolean): boolean =>
  (attributes & TLB_WRITE) !== 0 || (!user && (cpu.cr0 & CR0_WP) === 0);

function pageFault(cpu: Cpu, { a, access, user }: Request, reason: number): never {
  if (cpu.guest) cpu.faultAddress = a;
  else cpu.cr2 = a;
  return cpu.fault(PF, reason | (access === WRITE ? PF_WRITE : 0) | (user ? PF_USER : 0));
}

export function walk(cpu: Cpu, a: number, access: Access, user: boolean): Translation {
  const request = { a, access, user };
  return (cpu.cr4 & CR4_PAE) !== 0 ? walkLong(cpu, request) : walkShort(cpu, request);
}

/** What the entry that maps the page says, with the rights of all levels; sets its accessed and dirty bits. */
function found(
  cpu: Cpu,
  request: Request,
  entry: { readonly at: number; readonly low: number },
  rights: number,
): number {
  const { access, user } = request;
  const attributes =
    ((rights & PTE_RW) !== 0 ? TLB_WRITE : 0) |
    ((rights & PTE_US) !== 0 ? TLB_USER : 0) |
    ((entry.low & PTE_G) !== 0 && (cpu.cr4 & CR4_PGE) !== 0 ? TLB_GLOBAL : 0);
  const refused =
    (user && (attributes & TLB_USER) === 0) || (access === WRITE && !writeAllowed(cpu, attributes, user));
  if (refused) pageFault(cpu, request, PF_PRESENT);
  const updated = entry.low | PTE_A | (access === WRITE ? PTE_D : 0);
  if (updated !== entry.low) setEntry(cpu, entry.at, updated, request.a);
  return attributes | ((updated & PTE_D) !== 0 ? TLB_DIRTY : 0);
}

/** A word of the tables; a guest's lie at guest-physical addresses, which its host's tables lead on from. */
const entryAt = (cpu: Cpu, at: number, linear: number): number =>
  loadPhysical(cpu, tableAddress(cpu, at, READ, linear), 4);
/** An entry of 64 bits, never across a page. */
function longEntryAt(cpu: Cpu, at: number, linear: number | null): readonly [low: number, high: number] {
  const where = tableAddress(cpu, at, READ, linear);
  return [loadPhysical(cpu, where, 4), loadPhysical(cpu, where + 4, 4)];
}
function setEntry(cpu: Cpu, at: number, value: number, linear: number): void {
  // The way to the entry has been counted when it was read.
  const { guest, host } = cpu.vmx.references;
  storePhysical(cpu, tableAddress(cpu, at, WRITE, linear), 4, value);
  cpu.vmx.references = { guest, host };
}

function tableAddress(cpu: Cpu, at: number, access: Access, linear: number | null): number {
  const { guest } = cpu;
  if (!guest || guest.ept < 0) return at & cpu.a20Mask;
  cpu.vmx.references.guest++;
  return nestedPage(cpu, guest, at, { access, linear, final: false }).frame | (at & (PAGE - 1));
}

// ---------------------------------------------------------------- 32-bit entries

function walkShort(cpu: Cpu, request: Request): Translation {
  const { a } = request;
  const directoryAt = (cpu.cr3 & FRAME) | ((a >>> 20) & 0xffc);
  const directory = entryAt(cpu, directoryAt, a);
  if ((directory & PTE_P) === 0) pageFault(cpu, request, 0);
  if ((directory & PDE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0) {
    if ((directory & RESERVED_4M) !== 0) pageFault(cpu, request, PF_PRESENT | PF_RESERVED);
    const attributes = found(cpu, request, { at: directoryAt, low: directory }, directory);
    return { frame: directory & 0xffc00000, attributes, large: true };
  }
  const at = (directory & FRAME) | ((a >>> 10) & 0xffc);
  const low = entryAt(cpu, at, a);
  if ((low & PTE_P) === 0) pageFault(cpu, request, 0);
  const attributes = found(cpu, request, { at, low }, directory & low);
  if ((directory & PTE_A) === 0) setEntry(cpu, directoryAt, directory | PTE_A, a);
  return { frame: low & FRAME, attributes, large: false };
}

// ---------------------------------------------------------------- 64-bit entries (PAE)

/**
 * Where frames beyond 4 G are taken to lie: no memory and no device reaches them.
 * SIMPLIFIED: an address between the most memory that there can be and the windows of devices, where nobody answers.
 */
export const NOWHERE = 0x7ff00000;

/** High words of entries: bits beyond the physical address (and execute-disable, which is not there) are reserved. */
const reservedHigh = (cpu: Cpu, high: number): boolean =>
  (high & ~((1 << (cpu.model.identity.physicalBits - 32)) - 1)) !== 0;
const frameOf = (low: number, high: number, mask: number): number =>
  high === 0 ? low & mask : NOWHERE & mask;

/** Bits 1, 2 and 5 to 8 of a page-directory-pointer-table entry. Table 4-8. */
const RESERVED_POINTER = 0x1e6;

/** Loads the four entries of the page-directory-pointer table, as MOV to CR3 does with PAE. Section 4.4.1. */
export function loadPointers(cpu: Cpu, cr3: number): void {
  const at = cr3 & ~31;
  const entries = [0, 1, 2, 3].map((k) => {
    const [low, high] = longEntryAt(cpu, at + 8 * k, null);
    if ((low & PTE_P) === 0) return 0;
    if ((low & RESERVED_POINTER) !== 0 || reservedHigh(cpu, high)) cpu.protection();
    return pointerOf(low, high);
  });
  cpu.pagePointers = entries;
}

/** A pointer as `Cpu.pagePointers` holds it. */
export const pointerOf = (low: number, high: number): number =>
  (low & PTE_P) === 0 ? 0 : frameOf(low, high, FRAME) | PTE_P;

function walkLong(cpu: Cpu, request: Request): Translation {
  const { a } = request;
  const pointer = cpu.pagePointers[a >>> 30]!;
  if ((pointer & PTE_P) === 0) pageFault(cpu, request, 0);
  const directoryAt = (pointer & FRAME) | (((a >>> 21) & 0x1ff) << 3);
  const directory = presentEntry(cpu, request, directoryAt);
  if ((directory.low & PDE_PS) !== 0) {
    if ((directory.low & RESERVED_2M) !== 0) pageFault(cpu, request, PF_PRESENT | PF_RESERVED);
    const attributes = found(cpu, request, directory, directory.low);
    return { frame: frameOf(directory.low, directory.high, 0xffe00000), attributes, large: true };
  }
  const tableAt = frameOf(directory.low, directory.high, FRAME) | (((a >>> 12) & 0x1ff) << 3);
  const table = presentEntry(cpu, request, tableAt);
  const attributes = found(cpu, request, table, directory.low & table.low);
  if ((directory.low & PTE_A) === 0) setEntry(cpu, directoryAt, directory.low | PTE_A, a);
  return { frame: frameOf(table.low, table.high, FRAME), attributes, large: false };
}

function presentEntry(
  cpu: Cpu,
  request: Request,
  at: number,
): { readonly at: number; readonly low: number; readonly high: number } {
  const [low, high] = longEntryAt(cpu, at, request.a);
  if ((low & PTE_P) === 0) pageFault(cpu, request, 0);
  if (reservedHigh(cpu, high)) pageFault(cpu, request, PF_PRESENT | PF_RESERVED);
  return { at, low, high };
}
