/** Selectors that a guest wants in its segment registers: looked at before the processor gets them. */
import type { SystemPc } from '../../machines/pc/system.ts';
import { GDT_AT, LDT_AT } from './layout.ts';
import type { Domain } from './domain.ts';

const NOT_SYSTEM = 0x1000;
const PRESENT = 0x8000;
const CODE = 0x800;
const READABLE_OR_WRITABLE = 0x200;
const CONFORMING = 0x400;
const LOCAL = 4;
const GDT_LIMIT = 0xffff;

/** Upper word of the descriptor, 0 if there is none. */
function upperWord(system: SystemPc, domain: Domain, selector: number): number {
  const local = (selector & LOCAL) !== 0;
  if ((selector | 7) > (local ? 8 * domain.ldtEntries - 1 : GDT_LIMIT)) return 0;
  let high = 0;
  system.attempt(() => {
    high = system.load(((local ? LDT_AT : GDT_AT) + (selector & 0xfff8) + 4) | 0, 4);
  });
  return (high & (PRESENT | NOT_SYSTEM)) === (PRESENT | NOT_SYSTEM) ? high : 0;
}

const levelOf = (high: number): number => (high >>> 13) & 3;

export function isCodeFor(system: SystemPc, domain: Domain, selector: number, level: number): boolean {
  const high = upperWord(system, domain, selector);
  if ((high & CODE) === 0) return false;
  return (high & CONFORMING) !== 0 ? levelOf(high) <= level && levelOf(high) > 0 : levelOf(high) === level;
}

export function isStackFor(system: SystemPc, domain: Domain, selector: number, level: number): boolean {
  const high = upperWord(system, domain, selector);
  return (high & (CODE | READABLE_OR_WRITABLE)) === READABLE_OR_WRITABLE && levelOf(high) === level;
}

/** A null selector is fine for DS, ES, FS and GS. */
export function isDataFor(system: SystemPc, domain: Domain, selector: number, level: number): boolean {
  if ((selector & ~3) === 0) return true;
  const high = upperWord(system, domain, selector);
  if (high === 0 || (high & (CODE | READABLE_OR_WRITABLE)) === CODE) return false;
  if ((high & (CODE | CONFORMING)) === (CODE | CONFORMING)) return true;
  return levelOf(high) >= Math.max(level, selector & 3);
}
