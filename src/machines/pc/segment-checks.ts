/** What segmentation checks at each access: type, limit, null selectors. SDM vol. 3A, sections 5.3 and 5.5. */
import type { Cpu } from './cpu.ts';
import { SS } from './registers.ts';
import { GP, SS as STACK_FAULT } from './exceptions.ts';

/** Bits of `Cpu.access`: the access byte of a descriptor, and its D/B and G flags. SDM vol. 3A, section 3.4.5. */
export const ACCESSED = 0x1;
/** Data: may be written. Code: may be read. */
export const WRITABLE = 0x2;
export const READABLE = 0x2;
/** Data: grows downwards. Code: conforming. */
export const EXPAND_DOWN = 0x4;
export const CONFORMING = 0x4;
export const CODE = 0x8;
/** Code or data rather than a system segment. */
export const NOT_SYSTEM = 0x10;
export const PRESENT = 0x80;
export const BIG = 0x4000;
export const GRANULAR = 0x8000;

export const dplOf = (access: number): number => (access >>> 5) & 3;

const refuse = (cpu: Cpu, segment: number): never => cpu.fault(segment === SS ? STACK_FAULT : GP, 0);

/** Real-address and virtual-8086 mode check the limit alone. */
const limitOnly = (cpu: Cpu): boolean => !cpu.protectedMode || cpu.virtual8086;

export function checkRead(cpu: Cpu, segment: number, offset: number, size: number): void {
  const access = cpu.access[segment]!;
  if (!limitOnly(cpu)) {
    if (access === 0) cpu.protection();
    if ((access & CODE) !== 0 && (access & READABLE) === 0) cpu.protection();
  }
  checkLimit(cpu, segment, offset, size, access);
}

export function checkWrite(cpu: Cpu, segment: number, offset: number, size: number): void {
  const access = cpu.access[segment]!;
  if (!limitOnly(cpu) && (access & (CODE | WRITABLE)) !== WRITABLE) cpu.protection();
  checkLimit(cpu, segment, offset, size, access);
}

function checkLimit(cpu: Cpu, segment: number, offset: number, size: number, access: number): void {
  const first = offset >>> 0;
  const last = first + size - 1;
  const limit = cpu.limits[segment]!;
  if ((access & (CODE | EXPAND_DOWN)) === EXPAND_DOWN) {
    if (first <= limit || last > ((access & BIG) !== 0 ? 0xffffffff : 0xffff)) refuse(cpu, segment);
    // In a segment of all 4 G there is no end: addresses go round.
  } else if (last > limit && limit !== 0xffffffff) refuse(cpu, segment);
}

/** Bytes of the largest access. */
const LARGEST = 4;
/** The sign bit: flipped, unsigned numbers compare as signed ones. */
export const LOWEST = -0x80000000;

/** Notes up to where accesses to the segment pass in every mode, so that the checks may be left out. */
export function noteReach(cpu: Cpu, segment: number): void {
  const access = cpu.access[segment]!;
  const limit = cpu.limits[segment]!;
  const upwards = access !== 0 && (access & (CODE | EXPAND_DOWN)) !== EXPAND_DOWN && limit >= LARGEST;
  const reach = limit === 0xffffffff ? ~LOWEST : (limit - LARGEST + 2) ^ LOWEST;
  cpu.readReach[segment] = upwards && (access & (CODE | READABLE)) !== CODE ? reach : LOWEST;
  cpu.writeReach[segment] = upwards && (access & (CODE | WRITABLE)) === WRITABLE ? reach : LOWEST;
}
