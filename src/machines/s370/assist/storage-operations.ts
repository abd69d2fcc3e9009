/**
 * VM assist for storage: keys, LRA, STCTL, PTLB, and the validation of shadow-table entries. GA22-7074; PTLB belongs to
 * the expanded assist (SY20-0886, "Extended Control-Program Support").
 */
import { PSW_DAT } from '../psw.ts';
import { BLOCK_SHIFT, KEY_CHANGE, KEY_REFERENCE } from '../storage.ts';
import { translationFormat } from '../translation.ts';
import { MICSHAD, MICSWAP, SWAP_CHANGED, type AssistBlock } from './block.ts';

const KEY_BITS = 0xf8;
const REFERENCE_AND_CHANGE = KEY_REFERENCE | KEY_CHANGE;
const SEGMENTS = 256;
const INVALID_SEGMENT = 1;

export function storeControl(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const at = cpu.based(word & 0xffff);
  const first = (word >>> 20) & 15;
  const count = ((((word >>> 16) & 15) - first) & 15) + 1;
  if ((at & 3) !== 0) return false;
  cpu.checkStore(at, 4 * count);
  for (let i = 0; i < count; i++)
    cpu.store4((at + 4 * i) & 0xffffff, block.virtualControl((first + i) & 15) | 0);
  return true;
}

export function loadRealAddress(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const real = block.guestWalk(cpu.indexed(word));
  if (real === null) return false;
  cpu.gr[(word >>> 20) & 15] = real;
  cpu.cc = 0;
  return true;
}

// ---------------------------------------------------------------- keys

/** The virtual key of a resident 2 K block: its byte of the swap table, and the real key of its frame. */
interface VirtualKey {
  /** Index of the real block. */
  readonly real: number;
  /** Real address of the byte in the swap table. */
  readonly saved: number;
}

function keyOf(block: AssistBlock, address: number): VirtualKey | null {
  const frame = block.guestReal(address & 0xfff800);
  if (frame < 0) return null;
  const { cpu } = block;
  return {
    real: cpu.absolute(frame) >>> BLOCK_SHIFT,
    saved: cpu.absolute(block.word(MICSWAP) + ((address & 0xffffff) >>> BLOCK_SHIFT)),
  };
}
/** Gives the key a new value; what was changed so far stays on record for paging. */
function replaceKey({ cpu }: AssistBlock, { real, saved }: VirtualKey, key: number): void {
  const changed = cpu.bytes[saved]! & SWAP_CHANGED;
  const now = (cpu.storage.keys[real]! & KEY_CHANGE) !== 0 ? SWAP_CHANGED : 0;
  cpu.storage.write(saved, [(key & 0xfe) | changed | now]);
  cpu.setKey(real << BLOCK_SHIFT, key & KEY_BITS);
}
const valueOf = ({ cpu }: AssistBlock, { real, saved }: VirtualKey): number =>
  (cpu.bytes[saved]! & 0xfe) | (cpu.storage.keys[real]! & REFERENCE_AND_CHANGE);

/** ISK and SSK name the block in their second register. */
function namedKey(block: AssistBlock, word: number): VirtualKey | null {
  const address = block.cpu.gr[(word >>> 16) & 15]!;
  return (address & 15) === 0 ? keyOf(block, address) : null;
}

export function insertStorageKey(block: AssistBlock, word: number): boolean {
  const key = namedKey(block, word);
  if (!key) return false;
  const { gr } = block.cpu;
  const r1 = (word >>> 20) & 15;
  const seen = block.storedPsw.extendedControl ? 0xfe : KEY_BITS;
  gr[r1] = (gr[r1]! & ~0xff) | (valueOf(block, key) & seen);
  return true;
}
export function setStorageKey(block: AssistBlock, word: number): boolean {
  const key = namedKey(block, word);
  if (!key) return false;
  replaceKey(block, key, block.cpu.gr[(word >>> 20) & 15]!);
  return true;
}
export function resetReferenceBit(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const key = keyOf(block, cpu.based(word & 0xffff));
  if (!key) return false;
  const value = valueOf(block, key);
  replaceKey(block, key, value & ~KEY_REFERENCE);
  cpu.cc = (value & REFERENCE_AND_CHANGE) >> 1;
  return true;
}

// ---------------------------------------------------------------- shadow tables

/** Entries of a shadow page table: always 64 K segments, of 4 K or 2 K pages as control register 0 of the guest says. */
const entriesOf = (shift: 11 | 12): number => 1 << (16 - shift);
const invalidEntry = (shift: 11 | 12): number => (shift === 12 ? 8 : 4);

/**
 * Fills the shadow entry that a reference to `virtual` has missed; false when that is for the control program or for the
 * guest itself: the guest's tables do not map the page, its frame is away, or the segment has no shadow page table yet.
 */
export function validateShadowEntry(block: AssistBlock, virtual: number): boolean {
  const { cpu } = block;
  const psw = block.storedPsw;
  if (!psw.extendedControl || (psw.systemMask & PSW_DAT) === 0) return false;
  const shadow = block.word(MICSHAD);
  const format = translationFormat(block.virtualControl(0));
  if (shadow === 0 || !format) return false;
  const segment = cpu.fetchReal(shadow + 4 * (virtual >>> 16), 4);
  if ((segment & INVALID_SEGMENT) !== 0) return false;
  const guestReal = block.guestWalk(virtual);
  const real = guestReal === null ? -1 : block.guestReal(guestReal);
  if (real < 0) return false;
  const { pageShift } = format;
  const entry = (segment & 0xfffff8) + 2 * ((virtual & 0xffff) >>> pageShift);
  cpu.storeReal2(entry, (real & ~((1 << pageShift) - 1)) >>> 8);
  return true;
}

/** PTLB: makes every shadow entry invalid; the page tables stay. */
export function purgeTlb(block: AssistBlock): boolean {
  const { cpu } = block;
  const shadow = block.word(MICSHAD);
  const format = translationFormat(block.virtualControl(0));
  if (shadow !== 0 && !format) return false;
  let entries = 0;
  for (let segment = 0; shadow !== 0 && segment < SEGMENTS; segment++) {
    const table = cpu.fetchReal(shadow + 4 * segment, 4);
    if ((table & INVALID_SEGMENT) !== 0) continue;
    const count = entriesOf(format!.pageShift);
    for (let i = 0; i < count; i++)
      cpu.storeReal2((table & 0xfffff8) + 2 * i, invalidEntry(format!.pageShift));
    entries += count;
  }
  block.spend(cpu.costs.word * entries);
  cpu.purgeTranslationBuffer();
  return true;
}
