/** Disassembly around the instruction pointer. */
import { disassembleIa32 } from '../../assembler/ia32/disassemble.ts';
import { hexBytes } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CS } from '../../machines/pc/registers.ts';
import type { CodeLine, CodeView } from '../../protocol/frame.ts';
import type { SourcePlace } from './sources.ts';
import { peekLinear } from './subject.ts';

const BYTES_BEFORE = 40;
const LINES_AFTER = 28;
const LONGEST = 15;

const bitsOf = (cpu: Cpu): 16 | 32 => (cpu.code32 ? 32 : 16);

/** Linear address of the next instruction. */
export const linearPointer = (cpu: Cpu): number => (cpu.bases[CS]! + cpu.eip) >>> 0;

/**
 * The furthest address before `to` from which instructions lead exactly to it. What stands before the source's first
 * line is no code: a header, or another program's data.
 */
function startBefore(cpu: Cpu, to: number, hasSource: (address: number) => boolean): number {
  const bits = bitsOf(cpu);
  const known = hasSource(to);
  for (let start = Math.max(0, to - BYTES_BEFORE); start < to; start++) {
    if (known && !hasSource(start)) continue;
    const bytes = peekLinear(cpu, start, to - start + LONGEST);
    let at = 0;
    while (at < to - start && at < bytes.length) {
      const { length, row } = disassembleIa32(bytes, at, { bits });
      if (!row) break;
      at += length;
    }
    if (at === to - start) return start;
  }
  return to;
}

/**
 * @param cpu whose tables say what stands at an address
 * @param lineAt the source line of a linear address, where there is one
 * @param placeOf where the instruction at a linear address comes from in the guest's own sources, where it has any
 * @param pointer linear address of the next instruction, where it is not the processor's
 */
export function codeOf(
  cpu: Cpu,
  lineAt: (address: number) => number | null,
  placeOf: (address: number) => SourcePlace | null = () => null,
  pointer = linearPointer(cpu),
): CodeView {
  const base = cpu.bases[CS]!;
  const lines: CodeLine[] = [];
  let address = startBefore(cpu, pointer, (at) => lineAt(at) !== null || placeOf(at) !== null);
  let before: SourcePlace | null = null;
  for (let after = 0; after < LINES_AFTER;) {
    const bytes = peekLinear(cpu, address, LONGEST);
    if (bytes.length === 0) break;
    const { text, length, row } = disassembleIa32(bytes, 0, {
      bits: bitsOf(cpu),
      address: (address - base) >>> 0,
    });
    const place = placeOf(address);
    const begins = place !== null && !(before?.line === place.line && before.file === place.file);
    before = place;
    lines.push({
      address,
      bytes: hexBytes(bytes.subarray(0, length)),
      text,
      line: lineAt(address),
      privileged: row?.privilege === 'cpl0',
      ...(begins && { source: place }),
    });
    address = (address + length) >>> 0;
    if (address > pointer) after++;
  }
  return { instructionAddress: pointer, line: lineAt(pointer), lines };
}
