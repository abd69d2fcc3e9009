/** What happens on a PC, as counts by kind and as events for a log. */
import { layerOf, levelOf } from '../../accounting/vocabulary.ts';
import { hex } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import type { InterruptKind } from '../../machines/pc/wiring.ts';
import { EXCEPTIONS } from '../../machines/pc/exceptions.ts';
import type { Pc } from '../../machines/pc/machine.ts';
import type { EventView } from '../../protocol/frame.ts';

/** Exceptions by their mnemonic, interrupts by how they came and vector. */
export function eventName(vector: number, kind: InterruptKind): string {
  if (kind === 'exception') return `exception ${EXCEPTIONS[vector]?.[0] ?? hex(vector, 2)}`;
  return kind === 'external' ? `interrupt ${hex(vector, 2)}` : `INT ${hex(vector, 2)}`;
}

/** Resets by the port that they were asked for by. */
export const resetName = (port: number): string => `reset by port ${hex(port, 2)}`;

/** Counts from now on. */
export function countEvents(pc: Pc): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  pc.cpu.onInterrupt = (vector, kind) => {
    const name = eventName(vector, kind);
    counts[name] = (counts[name] ?? 0) + 1;
  };
  pc.onReset = (port) => {
    const name = resetName(port);
    counts[name] = (counts[name] ?? 0) + 1;
  };
  return counts;
}

const KINDS: Readonly<Record<InterruptKind, string>> = {
  exception: 'exception',
  external: 'interrupt',
  software: 'software-interrupt',
};

/** Names of exceptions without their number's sign, e.g. PF. */
const exceptionName = (vector: number): string => EXCEPTIONS[vector]?.[0] ?? hex(vector, 2);

/** `mnemonic`: of the instruction that caused it, '' if none did. */
export function interruptEvent(
  cpu: Cpu,
  vector: number,
  kind: InterruptKind,
  address: number,
  mnemonic: string,
  line: number | null,
): EventView {
  const { open } = cpu.ledger;
  return {
    clock: cpu.clock,
    kind: KINDS[kind],
    layer: layerOf(open),
    level: levelOf(open),
    subject: '',
    address,
    line,
    detail: {
      name: kind === 'exception' ? exceptionName(vector) : '',
      code: hex(vector, 2),
      mnemonic,
      ...(kind === 'exception' && vector === 14 ? { page: cpu.cr2 >>> 0 } : {}),
    },
  };
}
