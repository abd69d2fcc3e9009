/** Extended page tables: from guest-physical to physical addresses, four levels. SDM vol. 3C, section 28.2. */
import type { Cpu } from '../cpu.ts';
import { PAGE } from '../memory.ts';
import { NOWHERE } from '../page-walk.ts';
import { FETCH, loadPhysical, storePhysical, WRITE, type Access } from '../physical.ts';
import { exitNow } from './exits.ts';
import { REASON } from './reasons.ts';
import type { GuestMode } from './unit.ts';

/** Bits of an entry. SDM vol. 3C, tables 28-1 to 28-6. */
export const READ = 1;
export const WRITABLE = 2;
export const EXECUTABLE = 4;
export const RIGHTS = READ | WRITABLE | EXECUTABLE;
const LARGE = 0x80;
const ACCESSED = 0x100;
const DIRTY = 0x200;
const FRAME = ~(PAGE - 1);
const LEVELS = [39, 30, 21, 12] as const;
const LARGE_OFFSET = 0x1fffff;
/** Reserved while it is a table's address: bits 7 to 3; of the levels that could map a page, bits 6 to 3. */
const RESERVED_TOP = 0xf8;
const RESERVED_TABLE = 0x78;
const RESERVED_LARGE = 0x1ff000;
/** Memory types that an entry may give. */
const TYPES: ReadonlySet<number> = new Set([0, 1, 4, 5, 6]);

/** Why an address is translated: for the program's own access, or for a reference to one of its paging entries. */
export interface NestedAccess {
  readonly access: Access;
  /** The linear address that led here, or null: MOV to CR3 reads pointers of its own accord. */
  readonly linear: number | null;
  readonly final: boolean;
}

export interface NestedPage {
  /** Physical address of the 4 K page. */
  readonly frame: number;
  /** What of reading, writing and executing all levels allow. */
  readonly rights: number;
  /** A write needs no further flag in memory. */
  readonly dirty: boolean;
}

const ACCESS_BITS: Readonly<Record<Access, number>> = { 0: READ, 1: WRITABLE, 2: EXECUTABLE };

/** The page of guest-physical address `physical`, or a VM exit. */
export function nestedPage(cpu: Cpu, guest: GuestMode, physical: number, why: NestedAccess): NestedPage {
  let table = guest.ept;
  let rights = RIGHTS;
  for (const shift of LEVELS) {
    const index = shift >= 32 ? 0 : (physical >>> shift) & 0x1ff;
    const at = table | (index << 3);
    cpu.vmx.references.host++;
    const [low, high] = [loadPhysical(cpu, at, 4), loadPhysical(cpu, at + 4, 4)];
    if ((low & RIGHTS) === 0) return violation(cpu, physical, 0, why, guest);
    const leaf = shift === 12 || (shift === 21 && (low & LARGE) !== 0);
    if (misconfigured(cpu, low, high, shift, leaf))
      return exitNow(cpu, REASON.EPT_MISCONFIGURATION, { physical, linear: why.linear });
    rights &= low;
    if (leaf) return reached(cpu, guest, { at, low, high, large: shift === 21, rights }, physical, why);
    if (guest.eptDirty && (low & ACCESSED) === 0) storePhysical(cpu, at, 4, low | ACCESSED);
    table = high === 0 ? low & FRAME : NOWHERE;
  }
  throw new Error('the last level is a leaf');
}

interface Leaf {
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly large: boolean;
  readonly rights: number;
}

function reached(cpu: Cpu, guest: GuestMode, leaf: Leaf, physical: number, why: NestedAccess): NestedPage {
  // With the flags in use a reference to a paging entry counts as a write. Section 28.2.3.2.
  const writes = why.access === WRITE || (guest.eptDirty && !why.final);
  const wanted = why.access === FETCH ? EXECUTABLE : writes ? WRITABLE : READ;
  if ((leaf.rights & wanted) === 0) return violation(cpu, physical, leaf.rights, why, guest);
  let { low } = leaf;
  if (guest.eptDirty) {
    low |= ACCESSED | (writes ? DIRTY : 0);
    if (low !== leaf.low) storePhysical(cpu, leaf.at, 4, low);
  }
  const base = leaf.high === 0 ? low : NOWHERE;
  const frame = leaf.large ? (base & ~LARGE_OFFSET) | (physical & LARGE_OFFSET & FRAME) : base & FRAME;
  const { rights } = leaf;
  const dirty = (rights & WRITABLE) !== 0 && (!guest.eptDirty || (low & DIRTY) !== 0);
  return { frame, rights, dirty };
}

function misconfigured(cpu: Cpu, low: number, high: number, shift: number, leaf: boolean): boolean {
  const rights = low & RIGHTS;
  if ((rights & (READ | WRITABLE)) === WRITABLE) return true;
  const physicalBits = cpu.model.identity.physicalBits - 32;
  // Bits 51 to 63 are ignored.
  if ((high & 0xfffff & ~((1 << physicalBits) - 1)) !== 0) return true;
  if (!leaf)
    return (
      (low & (shift === 39 ? RESERVED_TOP : shift === 30 ? RESERVED_TABLE | LARGE : RESERVED_TABLE)) !== 0
    );
  if (!TYPES.has((low >>> 3) & 7)) return true;
  return shift === 21 && (low & RESERVED_LARGE) !== 0;
}

const LINEAR_VALID = 1 << 7;
const FINAL = 1 << 8;

/** Exit qualification of an EPT violation. SDM vol. 3C, table 27-7. */
function violation(cpu: Cpu, physical: number, rights: number, why: NestedAccess, guest: GuestMode): never {
  const access = guest.eptDirty && !why.final ? READ | WRITABLE : ACCESS_BITS[why.access];
  const linear = why.linear === null ? 0 : LINEAR_VALID | (why.final ? FINAL : 0);
  return exitNow(cpu, REASON.EPT_VIOLATION, {
    qualification: access | (rights << 3) | linear,
    physical,
    linear: why.linear,
  });
}
