/**
 * The multiboot 1 boot loader: puts a kernel and its modules into memory, tells it about the machine, and leaves the
 * processor in the state that the specification promises. Multiboot Specification version 0.6.96.
 */
import type { Pc } from '../../machines/pc/machine.ts';
import { CR0_ET, CR0_PE, CS, DS, EAX, EBX, ES, ESP, FS, GS, SS } from '../../machines/pc/registers.ts';
import { modeChanged, setSegment } from '../../machines/pc/segments.ts';
import { readElf, type ElfSegment } from './elf.ts';

const HEADER_MAGIC = 0x1badb002;
const LOADER_MAGIC = 0x2badb002;
/** The header stands on a word within the first 8 K. Section 3.1. */
const SEARCHED = 8192;

const FLAG_ADDRESSES = 0x10000; // the header itself says what goes where
const UNSUPPORTED = 0xfff8; // required features of bits 3 to 15: nobody has defined any

// Flags of the information structure. Section 3.3.
const INFO_MEMORY = 0x001;
const INFO_COMMAND_LINE = 0x004;
const INFO_MODULES = 0x008;
const INFO_MEMORY_MAP = 0x040;
const INFO_LOADER_NAME = 0x200;

const LOADER_NAME = 'Strata';
/** Low memory, below what a BIOS keeps for itself at its end. */
const LOW_KILOBYTES = 639;
const PAGE = 4096;
const MEGABYTE = 0x100000;
/** Where the information stands: in low memory, out of the way of kernels, which begin at 1 M or above. */
const INFO_AT = 0x9000;
const GDT_AT = 0x8000;

export interface MultibootKernel {
  readonly file: Uint8Array;
  /** The kernel's name, which begins its command line. */
  readonly name: string;
  readonly append: string;
  readonly modules: readonly { readonly file: Uint8Array; readonly name: string }[];
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
  return { entry, segments: [{ physical: load, virtual: load, bytes, size }] };
}

function imageOf(file: Uint8Array): Image | string {
  const header = findHeader(file);
  if (!header) return 'no multiboot header in the first 8 K';
  if ((header.flags & UNSUPPORTED) !== 0)
    return `the kernel requires features that nobody knows: flags ${header.flags.toString(16)}`;
  if ((header.flags & FLAG_ADDRESSES) !== 0) return imageByHeader(file, header);
  const elf = readElf(file);
  if (typeof elf === 'string') return elf;
  // The entry point may be given as a virtual address.
  const home = elf.segments.find((s) => elf.entry >= s.virtual && elf.entry < s.virtual + s.size);
  const physical = home ? elf.entry - home.virtual + home.physical : elf.entry;
  return { entry: physical, segments: elf.segments };
}

/** Loads the kernel and readies the processor to start it; a string says why not. */
export function loadMultiboot(pc: Pc, kernel: MultibootKernel): string | null {
  const image = imageOf(kernel.file);
  if (typeof image === 'string') return image;
  const memory = pc.cpu.memory.size;
  let end = MEGABYTE;
  for (const { physical, bytes, size } of image.segments) {
    if (physical + size > memory)
      return `the kernel needs memory up to ${(physical + size).toString(16)}, there are ${memory.toString(16)}`;
    pc.load(physical, bytes);
    pc.load(physical + bytes.length, new Uint8Array(size - bytes.length));
    end = Math.max(end, physical + size);
  }
  const modules: LoadedModule[] = [];
  for (const { file, name } of kernel.modules) {
    const start = Math.ceil(end / PAGE) * PAGE;
    end = start + file.length;
    if (end > memory) return `no memory for the module ${name}`;
    pc.load(start, file);
    modules.push({ start, end, name });
  }
  writeInformation(pc, kernel, modules);
  startKernel(pc, image.entry);
  return null;
}

// ---------------------------------------------------------------- the information structure

interface LoadedModule {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Places text and tables one after the other and remembers where each went. */
class Area {
  private at: number;
  private readonly pc: Pc;

  constructor(pc: Pc, at: number) {
    this.pc = pc;
    this.at = at;
  }

  words(...values: readonly number[]): number {
    const at = this.at;
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, k) => view.setUint32(4 * k, value, true));
    this.pc.load(at, new Uint8Array(view.buffer));
    this.at += 4 * values.length;
    return at;
  }

  text(text: string): number {
    const at = this.at;
    const bytes = Array.from(text, (c) => c.charCodeAt(0) & 0xff);
    this.pc.load(at, [...bytes, 0]);
    this.at = Math.ceil((at + bytes.length + 1) / 4) * 4;
    return at;
  }
}

const AVAILABLE = 1;
const RESERVED = 2;

function writeInformation(pc: Pc, kernel: MultibootKernel, modules: readonly LoadedModule[]): void {
  const memory = pc.cpu.memory.size;
  const area = new Area(pc, INFO_AT + 128);
  const commandLine = area.text(kernel.append === '' ? kernel.name : `${kernel.name} ${kernel.append}`);
  const loaderName = area.text(LOADER_NAME);
  const names = modules.map(({ name }) => area.text(name));
  const list = area.words(...modules.flatMap(({ start, end }, k) => [start, end, names[k]!, 0]));
  const map = [
    [0, LOW_KILOBYTES * 1024, AVAILABLE],
    [LOW_KILOBYTES * 1024, 0xa0000 - LOW_KILOBYTES * 1024, RESERVED],
    [0xf0000, 0x10000, RESERVED],
    [MEGABYTE, memory - MEGABYTE, AVAILABLE],
  ] as const;
  const mapAt = area.words(...map.flatMap(([base, length, type]) => [20, base, 0, length, 0, type]));
  const flags =
    INFO_MEMORY |
    INFO_COMMAND_LINE |
    INFO_LOADER_NAME |
    INFO_MEMORY_MAP |
    (modules.length > 0 ? INFO_MODULES : 0);
  const info = new Area(pc, INFO_AT);
  info.words(flags, LOW_KILOBYTES, memory / 1024 - 1024, 0, commandLine, modules.length, list);
  info.words(0, 0, 0, 0, map.length * 24, mapAt, 0, 0, 0, loaderName);
}

// ---------------------------------------------------------------- the machine state. Section 3.2

const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;

function startKernel(pc: Pc, entry: number): void {
  const { cpu } = pc;
  // A table that matches the loaded segments: kernels must bring their own, but some read this one first.
  new Area(pc, GDT_AT).words(0, 0, 0, 0, 0xffff, 0x00cf9b00, 0xffff, 0x00cf9300);
  cpu.gdtBase = GDT_AT;
  cpu.gdtLimit = 31;
  cpu.idtBase = 0;
  cpu.idtLimit = 0;
  // Firmware has switched the caches on.
  cpu.cr0 = CR0_ET | CR0_PE;
  cpu.protectedMode = true;
  setSegment(cpu, CS, 0x10, 0, 0xffffffff, FLAT_CODE);
  for (const segment of [DS, ES, FS, GS, SS]) setSegment(cpu, segment, 0x18, 0, 0xffffffff, FLAT_DATA);
  modeChanged(cpu);
  cpu.words.fill(0, EAX, 8);
  cpu.words[EAX] = LOADER_MAGIC;
  cpu.words[EBX] = INFO_AT;
  cpu.words[ESP] = 0x7c00;
  cpu.eip = entry;
}
