/** Disassembly around the instruction address, tied to the lines of the source. */
import type { Assembly, SourceMapEntry } from '../../assembler/core/assembly.ts';
import { disassembleS370 } from '../../assembler/s370/disassemble.ts';
import { hexBytes } from '../../base/bits.ts';
import type { CodeLine, CodeView } from '../../protocol/frame.ts';
import { peekLogicalBytes, type Subject } from './subject.ts';

const LINES_BEFORE = 12;
const LINES_AFTER = 28;
const LONGEST = 6;

/** From addresses to source lines, as long as the bytes there are the assembled ones. */
export class SourceLines {
  private readonly entries: readonly SourceMapEntry[];
  private readonly assembly: Assembly | null;

  constructor(assembly: Assembly | null) {
    this.assembly = assembly;
    this.entries = assembly?.sourceMap ?? [];
  }

  /** The entry whose bytes hold `address`. */
  entryAt(address: number): SourceMapEntry | null {
    let low = 0;
    let high = this.entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const entry = this.entries[middle]!;
      if (address < entry.address) high = middle - 1;
      else if (address >= entry.address + entry.length) low = middle + 1;
      else return entry;
    }
    return null;
  }

  /** The source line whose bytes hold `address`, unless storage there has been changed since. */
  lineAt(subject: Subject, address: number): number | null {
    const entry = this.entryAt(address);
    if (!entry || !this.assembly) return null;
    const { origin, bytes } = this.assembly;
    const now = peekLogicalBytes(subject, entry.address, Math.min(entry.length, LONGEST));
    const then = bytes.subarray(entry.address - origin, entry.address - origin + now.length);
    return entry.kind === 'instruction' && !now.every((byte, i) => byte === then[i]) ? null : entry.line;
  }
}

/** An address before `ia` from which instructions lead exactly to `ia`. */
function startBefore(subject: Subject, ia: number): number {
  const furthest = Math.max(0, ia - LINES_BEFORE * 4);
  for (let start = furthest - (furthest & 1) + (ia & 1); start < ia; start += 2) {
    const bytes = peekLogicalBytes(subject, start, ia - start + LONGEST);
    let at = 0;
    while (at < ia - start && at < bytes.length) {
      const { length, row } = disassembleS370(bytes, at);
      if (!row) break;
      at += length;
    }
    if (at === ia - start) return start;
  }
  return ia;
}

export function codeOf(subject: Subject, source: SourceLines, file: string): CodeView {
  const ia = subject.psw.instructionAddress;
  const lines: CodeLine[] = [];
  let address = startBefore(subject, ia);
  for (let after = 0; after < LINES_AFTER && address < subject.size;) {
    const bytes = peekLogicalBytes(subject, address, LONGEST);
    if (bytes.length === 0) break;
    const { text, length, row } = disassembleS370(bytes);
    const entry = source.entryAt(address);
    lines.push({
      address,
      bytes: hexBytes(bytes.subarray(0, length)),
      text,
      line: entry?.file === file ? source.lineAt(subject, address) : null,
      privileged: row?.privileged === true,
    });
    address += length;
    if (address > ia) after++;
  }
  return { instructionAddress: ia, line: source.lineAt(subject, ia), lines };
}
