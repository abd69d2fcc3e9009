/** What happened on a PC, counted by kind: exceptions by their mnemonic, interrupts by how they came and vector. */
import { hex } from '../../base/bits.ts';
import type { InterruptKind } from '../../machines/pc/cpu.ts';
import { EXCEPTIONS } from '../../machines/pc/exceptions.ts';
import type { Pc } from '../../machines/pc/machine.ts';

export function eventName(vector: number, kind: InterruptKind): string {
  if (kind === 'exception') return `exception ${EXCEPTIONS[vector]?.[0] ?? hex(vector, 2)}`;
  return kind === 'external' ? `interrupt ${hex(vector, 2)}` : `INT ${hex(vector, 2)}`;
}

/** Counts from now on. */
export function countEvents(pc: Pc): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  pc.cpu.onInterrupt = (vector, kind) => {
    const name = eventName(vector, kind);
    counts[name] = (counts[name] ?? 0) + 1;
  };
  return counts;
}
