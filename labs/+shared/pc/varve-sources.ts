/** The C and assembly of Varve and its programs, for whoever looks at a machine that runs them. */
import { readElf } from '../../../src/worlds/pc/elf.ts';
import type { Peek, SourcePlace, Sources } from '../../../src/worlds/pc/sources.ts';
import type { LineTable } from './lines.ts';
import { PROGRAM_NAMES, varveProgram } from './varve.ts';

/** Programs are compiled to run below; the kernel's first instructions lie below, too, where no program does. */
const PROGRAMS_AT = 0x08000000;
const KERNEL_AT = 0xc0000000;
/** Bytes by which a program is recognized. */
const TELLING = 16;

/** A program's own bytes at an address, where it has any. */
interface Program {
  readonly name: string;
  readonly base: number;
  readonly bytes: Uint8Array;
}

function programs(): readonly Program[] {
  return PROGRAM_NAMES.flatMap((name) => {
    const image = readElf(varveProgram(name));
    const code = typeof image === 'string' ? undefined : image.segments[0];
    return code ? [{ name, base: code.virtual, bytes: code.bytes }] : [];
  });
}

function runs({ base, bytes }: Program, address: number, found: Uint8Array): boolean {
  const from = address - base;
  if (from < 0 || from >= bytes.length || found.length === 0) return false;
  return found.every((byte, k) => from + k >= bytes.length || byte === bytes[from + k]);
}

export class VarveSources implements Sources {
  private readonly kernel: string;
  private lines: typeof import('./lines.ts') | null = null;
  private readonly tables = new Map<string, LineTable>();
  private readonly texts = new Map<string, readonly string[]>();
  /** The one recognized last stands first. */
  private candidates: readonly Program[] = [];

  constructor(kernel: 'varve' | 'varve-xen') {
    this.kernel = kernel;
  }

  async fetch(): Promise<void> {
    this.candidates = programs();
    this.lines = await import('./lines.ts');
  }

  placeOf(address: number, peek: Peek): SourcePlace | null {
    const name = this.imageAt(address, peek);
    if (!this.lines || name === null) return null;
    const table = this.tables.get(name) ?? this.lines.lineTableOf(name);
    this.tables.set(name, table);
    const place = table.at(address);
    if (!place) return null;
    const { file, line } = place;
    const text = this.texts.get(file) ?? this.lines.sourceText(file).split('\n');
    this.texts.set(file, text);
    return { file, line, text: text[line - 1] ?? '' };
  }

  private imageAt(address: number, peek: Peek): string | null {
    if (address >= KERNEL_AT || address < PROGRAMS_AT) return this.kernel;
    const found = peek(address, TELLING);
    const program = this.candidates.find((each) => runs(each, address, found));
    if (!program) return null;
    if (program !== this.candidates[0])
      this.candidates = [program, ...this.candidates.filter((each) => each !== program)];
    return program.name;
  }
}
