/** Operands of 8 and 10 bytes in memory; nothing is stored unless all can be. */
import type { Cpu } from '../cpu.ts';
import { AC } from '../exceptions.ts';

const LOW_32 = 0xffffffffn;

/** Alignment check asks for multiples of 8 of all these. SDM vol. 3A, table 6-7. */
function demandAligned(cpu: Cpu, segment: number, offset: number): void {
  if (cpu.alignmentCheck && ((offset + cpu.bases[segment]!) & 7) !== 0) cpu.fault(AC, 0);
}

/** Eight bytes as two words into `to`. Offsets count within `mask`. */
export function loadPair(cpu: Cpu, segment: number, offset: number, mask: number, to: Int32Array): void {
  demandAligned(cpu, segment, offset);
  to[0] = cpu.load32(segment, offset);
  to[1] = cpu.load32(segment, (offset + 4) & mask);
}

export function storePair(cpu: Cpu, segment: number, offset: number, mask: number, from: Int32Array): void {
  demandAligned(cpu, segment, offset);
  const next = (offset + 4) & mask;
  cpu.update(segment, next, 4);
  cpu.store32(segment, offset, from[0]!);
  cpu.store32(segment, next, from[1]!);
}

const pair = new Int32Array(2);

/** Eight bytes, unsigned. */
export function load64(cpu: Cpu, segment: number, offset: number, mask: number): bigint {
  loadPair(cpu, segment, offset, mask, pair);
  return (BigInt(pair[1]! >>> 0) << 32n) | BigInt(pair[0]! >>> 0);
}

export function store64(cpu: Cpu, segment: number, offset: number, value: bigint, mask: number): void {
  pair[0] = Number(value & LOW_32) | 0;
  pair[1] = Number((value >> 32n) & LOW_32) | 0;
  storePair(cpu, segment, offset, mask, pair);
}

/** Ten bytes, unsigned. */
export function load80(cpu: Cpu, segment: number, offset: number, mask: number): bigint {
  const low = load64(cpu, segment, offset, mask);
  return (BigInt(cpu.load16(segment, (offset + 8) & mask)) << 64n) | low;
}

export function store80(cpu: Cpu, segment: number, offset: number, value: bigint, mask: number): void {
  const last = (offset + 8) & mask;
  cpu.update(segment, last, 2);
  store64(cpu, segment, offset, value, mask);
  cpu.store16(segment, last, Number(value >> 64n));
}
