/** CPUID. SDM vol. 2A, "CPUID". What the processor does not have here, it does not announce. */
import type { Cpu } from './cpu.ts';
import { FEATURE_BITS, type CacheShape, type Identity } from './models/classes.ts';
import { APIC_ENABLED } from './model-specific.ts';
import { EAX, EBX, ECX, EDX } from './registers.ts';

type Registers = readonly [eax: number, ebx: number, ecx: number, edx: number];

const EXTENDED = 0x80000000;
const BRAND = 0x80000002;
const ADDRESS_SIZES = 0x80000008;
const LINEAR_BITS = 32;
/** Leaf 1, ECX. */
const VMX_BIT = 1 << 5;
const NOTHING: Registers = [0, 0, 0, 0];

/** Four characters of a text as a register holds them. */
const characters = (text: string, at: number): number =>
  [3, 2, 1, 0].reduce((word, k) => (word << 8) | (text.charCodeAt(at + k) || 0), 0);

/** The feature word: the APIC bit tells whether it is enabled. SDM vol. 3A, section 10.4.3. */
export function featureWord(cpu: Cpu): number {
  let word = 0;
  for (const [name, bit] of Object.entries(FEATURE_BITS))
    if (cpu.features.has(name as keyof typeof FEATURE_BITS)) word |= 1 << bit;
  const apic = cpu.apic !== null && (cpu.apic.apicBase & APIC_ENABLED) !== 0;
  return apic ? word : word & ~(1 << FEATURE_BITS.apic);
}

const KINDS: Readonly<Record<CacheShape['kind'], number>> = { data: 1, instruction: 2, unified: 3 };
const SELF_INITIALIZING = 0x100;

/** Leaf 4: one cache for each index in ECX. */
function cache(shape: CacheShape | undefined): Registers {
  if (!shape) return NOTHING;
  const { level, kind, kilobytes, ways, line } = shape;
  const sets = (kilobytes * 1024) / ways / line;
  return [KINDS[kind] | (level << 5) | SELF_INITIALIZING, ((ways - 1) << 22) | (line - 1), sets - 1, 0];
}

const highestBasic = ({ descriptors, caches }: Identity): number =>
  caches.length > 0 ? 4 : descriptors ? 2 : 1;

function basic(cpu: Cpu, leaf: number, index: number): Registers {
  const { identity, signature } = cpu.model;
  switch (leaf) {
    case 0:
      return [highestBasic(identity), characters('Genu', 0), characters('ntel', 0), characters('ineI', 0)];
    case 1:
      return [signature, identity.brandIndex, cpu.features.has('vmx') ? VMX_BIT : 0, featureWord(cpu)];
    case 2:
      return identity.descriptors ?? NOTHING;
    case 4:
      return cache(identity.caches[index]);
    default:
      return NOTHING;
  }
}

function extended(identity: Identity, leaf: number): Registers {
  if (leaf === EXTENDED) return [ADDRESS_SIZES, 0, 0, 0];
  if (leaf === ADDRESS_SIZES) return [identity.physicalBits | (LINEAR_BITS << 8), 0, 0, 0];
  if (leaf < BRAND || leaf > BRAND + 2) return NOTHING;
  const at = (leaf - BRAND) * 16;
  const part = (k: number): number => characters(identity.brand ?? '', at + 4 * k);
  return [part(0), part(1), part(2), part(3)];
}

/** Leaves beyond the highest answer as the highest basic one does. */
export function identify(cpu: Cpu): void {
  const leaf = cpu.words[EAX]! >>> 0;
  const { identity } = cpu.model;
  const index = cpu.words[ECX]! >>> 0;
  const isExtended = identity.brand !== null && leaf >= EXTENDED && leaf <= ADDRESS_SIZES;
  const found = isExtended
    ? extended(identity, leaf)
    : basic(cpu, Math.min(leaf, highestBasic(identity)), index);
  [cpu.words[EAX], cpu.words[EBX], cpu.words[ECX], cpu.words[EDX]] = found as [
    number,
    number,
    number,
    number,
  ];
}
