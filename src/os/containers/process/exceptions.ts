/** Which signal an exception of the processor becomes. arch/x86/kernel/traps.c names the same. */
import type { PcEvent } from '../../../machines/pc/system.ts';
import type { Registers } from './process.ts';
import { SIGNALS, type SignalInfo } from './signals.ts';

const BY_VECTOR: Readonly<Record<number, readonly [signal: number, code: number]>> = {
  0: [SIGNALS.FPE, 1],
  1: [SIGNALS.TRAP, 2],
  3: [SIGNALS.TRAP, 128],
  4: [SIGNALS.SEGV, 128],
  5: [SIGNALS.SEGV, 128],
  6: [SIGNALS.ILL, 2],
  16: [SIGNALS.FPE, 3],
  17: [SIGNALS.BUS, 1],
};
/** Software interrupts that level 3 may ask for: breakpoint, overflow. */
const OPEN_GATES: ReadonlySet<number> = new Set([3, 4]);
const INT_LENGTH = 2;

export function exceptionSignal({ vector, kind }: PcEvent, registers: Registers): SignalInfo {
  // INT n through a gate that is not open faults at the instruction itself.
  if (kind === 'software' && !OPEN_GATES.has(vector)) registers.eip = (registers.eip - INT_LENGTH) | 0;
  const closed = kind === 'software' && !OPEN_GATES.has(vector);
  const [signal, code] = (closed ? undefined : BY_VECTOR[vector]) ?? [SIGNALS.SEGV, 128];
  return { signal, code, fields: [registers.eip] };
}
