/**
 * The multiboot 1 boot loader: puts a kernel and its modules into memory, tells it about the machine, and leaves the
 * processor in the state that the specification promises. Multiboot Specification version 0.6.96.
 */
import type { Pc } from '../../machines/pc/machine.ts';
import { EAX, EBX } from '../../machines/pc/registers.ts';
import type { NamedFile } from './configuration.ts';
import { readElf, type ElfSections, type ElfSegment } from './elf.ts';
import { writeInformation, type LoadedModule } from './multiboot-information.ts';
import { startFlat } from './start.ts';

const HEADER_MAGIC = 0x1badb002;
const LOADER_MAGIC = 0x2badb002;
/** The header stands on a word within the first 8 K. Section 3.1. */
const SEARCHED = 8192;

const FLAG_ADDRESSES = 0x10000; // the header itself says what goes where
const UNSUPPORTED = 0xfff8; // required features of bits 3 to 15: nobody has defined any

const PAGE = 4096;
const MEGABYTE = 0x100000;
/** Where tables and information stand: in low memory, out of the way of kernels, which mostly begin at 1 M. */
const TABLES = [0x8000, 0x80000] as const;
const TABLES_LENGTH = 0x8000;
const GDT_LENGTH = 0x1000;

export interface MultibootKernel {
  readonly file: Uint8Array;
  /** The kernel's name, which begins its command line. */
  readonly name: string;
  readonly append: string;
  readonly modules: readonly NamedFile[];
}

interface Header {
  readonly flags: number;
  /** Offset of the header in the file. */
  readonly at: number;
}

function findHeader(file: Uint8Array): Header | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 12 <= Math.min(file.length, SEARCHED); at += 4) {
    if (view.getUint32(at, true) !== HEADER_MAGIC) continue;
    const flags = view.getUint32(at + 4, true);
    if (((HEADER_MAGIC + flags + view.getUint32(at + 8, true)) | 0) === 0) return { flags, at };
  }
  return null;
}

interface Image {
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: ElfSections | null;
}

/** A kernel that is not ELF says in its header where it goes: the a.out kludge. Section 3.1.3. */
function imageByHeader(file: Uint8Array, header: Header): Image | string {
  if (header.at + 32 > file.length) return 'the multiboot header ends beyond the file';
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const word = (k: number): number => view.getUint32(header.at + 12 + 4 * k, true);
  const [headerAddress, load, loadEnd, bssEnd, entry] = [word(0), word(1), word(2), word(3), word(4)];
  const offset = header.at - (headerAddress - load);
  if (offset < 0 || load > headerAddress)
    return 'the addresses in the multiboot header contradict each other';
  const length = loadEnd === 0 ? file.length - offset : loadEnd - load;
  if (offset + length > file.length || length < 0)
    return 'the multiboot header asks for more than the file holds';
  const bytes = file.subarray(offset, offset + length);
  const size = Math.max(length, bssEnd === 0 ? 0 : bssEnd - load);
  return { entry, segments: [{ physical: load, virtual: load, bytes, size }], sections: null };
}

function imageOf(file: Uint8Array): Image | string {
  const header = findHeader(file);
  if (!header) return 'neither a Linux kernel nor a multiboot 1 one: no header in the first 8 K';
  if ((header.flags & UNSUPPORTED) !== 0)
    return `the kernel requires features that nobody knows: flags ${header.flags.toString(16)}`;
  if ((header.flags & FLAG_ADDRESSES) !== 0) return imageByHeader(file, header);
  const elf = readElf(file);
  if (typeof elf === 'string') return `${elf}, and the multiboot header does not say where it goes (flag 16)`;
  // The entry point may be given as a virtual address.
  const home = elf.segments.find((s) => elf.entry >= s.virtual && elf.entry < s.virtual + s.size);
  const physical = home ? elf.entry - home.virtual + home.physical : elf.entry;
  return { entry: physical, segments: elf.segments, sections: elf.sections };
}

/** Loads the kernel and readies the processor to start it; a string says why not. */
export function loadMultiboot(pc: Pc, kernel: MultibootKernel): string | null {
  const image = imageOf(kernel.file);
  if (typeof image === 'string') return image;
  const memory = pc.toldMemory;
  const tables = TABLES.find((at) => image.segments.every((s) => clearOf(s, at)));
  if (tables === undefined) return 'the kernel leaves no room in low memory for the multiboot information';
  let end = MEGABYTE;
  for (const { physical, bytes, size } of image.segments) {
    if (physical + size > memory)
      return `the kernel needs memory up to ${(physical + size).toString(16)}, there are ${memory.toString(16)}: give more --ram`;
    pc.load(physical, bytes);
    pc.load(physical + bytes.length, new Uint8Array(size - bytes.length));
    end = Math.max(end, physical + size);
  }
  const modules: LoadedModule[] = [];
  for (const { file, name } of kernel.modules) {
    const start = Math.ceil(end / PAGE) * PAGE;
    end = start + file.length;
    if (end > memory) return `no memory for the module ${name}: give more --ram`;
    pc.load(start, file);
    modules.push({ start, end, name });
  }
  const information = writeInformation(pc, tables + GDT_LENGTH, {
    commandLine: kernel.append === '' ? kernel.name : `${kernel.name} ${kernel.append}`,
    modules,
    sections: image.sections,
    free: Math.ceil(end / PAGE) * PAGE,
  });
  // The machine state of section 3.2.
  startFlat(pc, image.entry, tables);
  pc.cpu.words[EAX] = LOADER_MAGIC;
  pc.cpu.words[EBX] = information;
  return null;
}

const clearOf = ({ physical, size }: ElfSegment, at: number): boolean =>
  physical >= at + TABLES_LENGTH || physical + size <= at;
