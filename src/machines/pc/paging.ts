/**
 * Paging: from linear to physical addresses through the translation lookaside buffers and the page tables, and the slow
 * ways of reading and storing that need it. SDM vol. 3A, chapter 4.
 */
import { account } from '../../accounting/vocabulary.ts';
import type { Cpu } from './cpu.ts';
import { watchData } from './debug.ts';
import { AC } from './exceptions.ts';
import { PAGE, PAGE_SHIFT } from './memory.ts';
import { loadPointers, walk, writeAllowed } from './page-walk.ts';
import { FETCH, loadPhysical, READ, storePhysical, WRITE, type Access, type Size } from './physical.ts';
import { CR4_PAE } from './registers.ts';
import { TLB_DIRTY, TLB_USER, TLB_WRITE, type Tlb, type TlbEntry } from './tlb.ts';
import { nestedPage } from './vmx/ept.ts';

const WALK = account('hardware', 'address-translation');
const LARGE_OFFSET = 0x3fffff;
const LARGE_OFFSET_PAE = 0x1fffff;

/** Physical address for linear address `a`, or a page fault. Enters the page into the map of this kind of access. */
export function translate(cpu: Cpu, a: number, access: Access, user: boolean): number {
  if (!cpu.paging && !nests(cpu)) {
    const at = a & cpu.a20Mask;
    enter(cpu, a, at & ~(PAGE - 1), access, user);
    return at;
  }
  const tlb = access === FETCH ? cpu.instructionTlb : cpu.dataTlb;
  const known = tlb.find(a);
  // Rights may have grown in memory since: a refusal by the buffer is decided by the tables. Section 4.10.4.3.
  const entry =
    known && permitted(cpu, known.attributes, access, user) ? known : fill(cpu, a, access, user, tlb);
  const frame = nests(cpu) ? entry.frame : entry.frame & cpu.a20Mask;
  enter(cpu, a, frame, access, user);
  return frame | (a & (PAGE - 1));
}

/** A guest's physical addresses are translated once more, by its host's tables. */
const nests = ({ guest }: Cpu): boolean => guest !== null && guest.ept >= 0;

function permitted(cpu: Cpu, attributes: number, access: Access, user: boolean): boolean {
  if (user && (attributes & TLB_USER) === 0) return false;
  if (access !== WRITE) return true;
  return writeAllowed(cpu, attributes, user) && (attributes & TLB_DIRTY) !== 0;
}

/** Puts the page into the map that the next access of this kind will look at. */
function enter(cpu: Cpu, a: number, frame: number, access: Access, user: boolean): void {
  if (frame >>> 0 >= cpu.memory.size) return;
  const page = a >>> PAGE_SHIFT;
  if (access === FETCH) {
    cpu.instructionTlb.noteEntered(page);
    (user ? cpu.fetchUser : cpu.fetchSupervisor)[page] = ~frame;
    if (!cpu.paging && !nests(cpu)) cpu.instructionTlb.noteUnpaged(page);
    return;
  }
  cpu.dataTlb.noteEntered(page);
  if (!cpu.paging && !nests(cpu)) cpu.dataTlb.noteUnpaged(page);
  (user ? cpu.readUser : cpu.readSupervisor)[page] = ~frame;
  if (access === READ || !cpu.memory.writable(frame)) return;
  cpu.memory.dirty[frame >>> PAGE_SHIFT] = 1;
  if (!cpu.blocks.holdsCode(frame)) (user ? cpu.writeUser : cpu.writeSupervisor)[page] = ~frame;
}

/** Walks the tables for `a` and enters the translation into `tlb`. */
function fill(cpu: Cpu, a: number, access: Access, user: boolean, tlb: Tlb): TlbEntry {
  tlb.misses++;
  cpu.spend(cpu.costs['table-walk']);
  cpu.ledger.charge(WALK, cpu.costs['table-walk']);
  // A fault also forgets what the buffer held for this address. Section 4.10.4.1.
  tlb.invalidate(a);
  const pae = (cpu.cr4 & CR4_PAE) !== 0;
  if (nests(cpu)) return fillNested(cpu, a, access, user, tlb);
  const { frame, attributes, large } = walk(cpu, a, access, user);
  tlb.insert(a, frame, attributes, large ? (pae ? 'large-pae' : 'large') : 'small');
  const within = large ? (pae ? LARGE_OFFSET_PAE : LARGE_OFFSET) : 0;
  return { frame: frame | (a & within & ~(PAGE - 1)), attributes };
}

/** A program without paging may do everything with a page. */
const UNPAGED = TLB_WRITE | TLB_USER | TLB_DIRTY;

/**
 * The walk of a guest's tables through those of its host, which also have the last word on what may be written.
 * SIMPLIFIED: the buffers keep pages of 4 K of it, however large the tables' pages are.
 */
function fillNested(cpu: Cpu, a: number, access: Access, user: boolean, tlb: Tlb): TlbEntry {
  const guest = cpu.guest!;
  const before = cpu.vmx.references.host;
  const own = cpu.paging ? walk(cpu, a, access, user) : { frame: a, attributes: UNPAGED, large: false };
  const within = own.large ? ((cpu.cr4 & CR4_PAE) !== 0 ? LARGE_OFFSET_PAE : LARGE_OFFSET) : 0;
  const physical = ((own.frame & ~(PAGE - 1)) | (a & within & ~(PAGE - 1))) + (a & (PAGE - 1));
  const nested = nestedPage(cpu, guest, physical, { access, linear: a, final: true });
  const attributes = nested.dirty ? own.attributes : own.attributes & ~TLB_DIRTY;
  tlb.insert(a, nested.frame, attributes, 'small');
  const cycles = (cpu.vmx.references.host - before) * (cpu.model.vmx?.reference.cycles ?? 0);
  cpu.spend(cycles);
  cpu.ledger.charge(WALK, cycles, 0);
  return { frame: nested.frame, attributes };
}

/** MOV to CR3, and the same by a task switch: another address space, whose global pages stay. Section 4.10.4.1. */
export function loadAddressSpace(cpu: Cpu, cr3: number): void {
  if (cpu.paging && (cpu.cr4 & CR4_PAE) !== 0) loadPointers(cpu, cr3);
  cpu.cr3 = cr3;
  cpu.flushTlbs(true);
}

// ---------------------------------------------------------------- slow ways

const crosses = (a: number, size: Size): boolean => (a & (PAGE - 1)) + size > PAGE;

/** Accesses that want to be looked at: alignment checks of programs, data breakpoints. */
function inspect(cpu: Cpu, a: number, size: Size, user: boolean, write: boolean): void {
  if (cpu.alignmentCheck && user && (a & (size - 1)) !== 0) cpu.fault(AC, 0);
  if (cpu.breakpoints.data !== 0) watchData(cpu, a, size, write);
}

/** Reads `size` bytes at linear address `a`. */
export function loadSlow(cpu: Cpu, a: number, size: Size, user: boolean): number {
  inspect(cpu, a, size, user, false);
  return readSlow(cpu, a, size, user, READ);
}

/** Reads what will be stored into, with the rights that the store needs. */
export function updateSlow(cpu: Cpu, a: number, size: Size, user: boolean): number {
  inspect(cpu, a, size, user, false);
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
  inspect(cpu, a, size, user, true);
  const first = translate(cpu, a, WRITE, user);
  if (!crosses(a, size)) {
    storePhysical(cpu, first, size, value);
    return;
  }
  translate(cpu, (a + size - 1) & ~(PAGE - 1), WRITE, user);
  for (let i = 0; i < size; i++)
    storePhysical(cpu, translate(cpu, (a + i) | 0, WRITE, user), 1, value >>> (8 * i));
}
