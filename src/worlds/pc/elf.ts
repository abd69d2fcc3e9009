/** ELF executables of 32 bits for IA-32: what a loader needs of them. System V ABI, chapters 4 and 5. */

export interface ElfSegment {
  readonly physical: number;
  readonly virtual: number;
  readonly bytes: Uint8Array;
  /** Bytes in memory; beyond those in the file they are zero. */
  readonly size: number;
}

/** The section headers as they stand in the file. */
export interface ElfSections {
  readonly headers: Uint8Array;
  readonly count: number;
  /** The file, and which of its sections holds the names of the others. */
  readonly names: { readonly file: Uint8Array; readonly index: number };
}

export interface ElfImage {
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
  /** Null where the file has none, or they lie beyond its end. */
  readonly sections: ElfSections | null;
}

const MAGIC = 0x464c457f;
const CLASS_32 = 1;
const LITTLE_ENDIAN = 1;
const MACHINE_386 = 3;
const TYPE_LOAD = 1;

/** Reads an image; a string says what is wrong with it. */
export function readElf(file: Uint8Array): ElfImage | string {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 52 || view.getUint32(0, true) !== MAGIC) return 'not an ELF file';
  if (file[4] !== CLASS_32 || file[5] !== LITTLE_ENDIAN) return 'not an ELF file of 32 bits, little-endian';
  if (view.getUint16(18, true) !== MACHINE_386) return 'not for IA-32';
  const table = view.getUint32(28, true);
  const [size, count] = [view.getUint16(42, true), view.getUint16(44, true)];
  if (table + size * count > file.length) return 'the program header table lies beyond the end of the file';
  const segments: ElfSegment[] = [];
  for (let k = 0; k < count; k++) {
    const at = table + k * size;
    if (view.getUint32(at, true) !== TYPE_LOAD) continue;
    const offset = view.getUint32(at + 4, true);
    const stored = view.getUint32(at + 16, true);
    if (offset + stored > file.length) return `segment ${k} lies beyond the end of the file`;
    segments.push({
      virtual: view.getUint32(at + 8, true),
      physical: view.getUint32(at + 12, true),
      bytes: file.subarray(offset, offset + stored),
      size: Math.max(stored, view.getUint32(at + 20, true)),
    });
  }
  if (segments.length === 0) return 'nothing in the file is to be loaded';
  return {
    entry: view.getUint32(24, true),
    segments,
    sections: sectionsOf(file, view),
  };
}

const SECTION_HEADER = 40;

function sectionsOf(file: Uint8Array, view: DataView): ElfSections | null {
  const at = view.getUint32(32, true);
  const [size, count, index] = [view.getUint16(46, true), view.getUint16(48, true), view.getUint16(50, true)];
  if (count === 0 || size !== SECTION_HEADER || at + size * count > file.length) return null;
  return { headers: file.slice(at, at + size * count), count, names: { file, index } };
}
