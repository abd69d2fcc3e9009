/**
 * Segment descriptors that a guest may have: of level 1 to 3, ending below Xen; call gates to its own segments. Those
 * of level 0 become level 1 and limits that reach too far are cut, as guests expect. SDM vol. 3A, section 3.4.5.
 */
import { HIGHEST_PAGE } from './layout.ts';

const NOT_SYSTEM = 0x1000;
const PRESENT = 0x8000;
const LEVEL = 0x6000;
const LEVEL_1 = 0x2000;
const GRANULAR = 0x800000;
const LIMIT_HIGH = 0xf0000;
const CODE = 0x800;
const CONFORMING_OR_DOWN = 0x400;
const CALL_GATE_TYPE = 0xc00;
const FLAT_END = (HIGHEST_PAGE << 12) | 0xfff;

/** The descriptor as it may stand in a table, or null if it may not. */
export function soundDescriptor(low: number, high: number): readonly [number, number] | null {
  if ((high & PRESENT) === 0) return [low, high];
  if ((high & NOT_SYSTEM) === 0) return callGate(low, high);
  const lifted = (high & LEVEL) === 0 ? high | LEVEL_1 : high;
  // A segment that grows downwards has everything above its limit.
  if ((high & CODE) === 0 && (high & CONFORMING_OR_DOWN) !== 0) return null;
  const base = (low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000);
  const limit = (low & 0xffff) | (high & LIMIT_HIGH);
  const bytes = (high & GRANULAR) === 0 ? limit : limit * 4096 + 4095;
  const room = (FLAT_END >>> 0) - (base >>> 0);
  if (bytes <= room) return [low, lifted];
  if (room < 4095) return null;
  const pages = ((room - 4095) / 4096) >>> 0;
  return [(low & ~0xffff) | (pages & 0xffff), (lifted & ~LIMIT_HIGH) | (pages & LIMIT_HIGH) | GRANULAR];
}

/** A gate of 32 bits to a segment that is not Xen's. */
function callGate(low: number, high: number): readonly [number, number] | null {
  if ((high & 0xf00) !== CALL_GATE_TYPE || ((low >>> 16) & 3) === 0 || (high & LEVEL) === 0) return null;
  return [low, high];
}

/** Xen's flat segments of level `level`. */
export const flatSegment = (code: boolean, level: number): readonly [number, number] => [
  HIGHEST_PAGE & 0xffff,
  0x00c09200 | (code ? CODE : 0) | (level << 13) | PRESENT | (HIGHEST_PAGE & LIMIT_HIGH) | 0x100,
];
