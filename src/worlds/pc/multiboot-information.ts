/** What a multiboot kernel is told of the machine. Multiboot Specification 0.6.96, section 3.3. */
import type { Pc } from '../../machines/pc/machine.ts';
import { LOW_KILOBYTES, memoryMap } from '../../machines/pc/memory-map.ts';
import type { ElfSections } from './elf.ts';

const INFO_MEMORY = 0x0001;
const INFO_BOOT_DEVICE = 0x0002;
const INFO_COMMAND_LINE = 0x0004;
const INFO_MODULES = 0x0008;
const INFO_SECTIONS = 0x0020;
const INFO_MEMORY_MAP = 0x0040;
const INFO_DRIVES = 0x0080;
const INFO_LOADER_NAME = 0x0200;
const INFO_FRAME_BUFFER = 0x1000;

const LOADER_NAME = 'Strata';
/** First disk, no partition. */
const BOOT_DEVICE = 0x80ffffff | 0;
const INFORMATION_LENGTH = 128;
const TEXT_MEMORY = 0xb8000;
/** Frame buffer of type 2 (text of the EGA), 16 bits a cell. */
const TEXT_BUFFER = 16 | (2 << 8);
const SECTION_HEADER = 40;

export interface LoadedModule {
  readonly start: number;
  readonly end: number;
  /** The file's name and what it is told. */
  readonly name: string;
}

export interface Told {
  readonly commandLine: string;
  readonly modules: readonly LoadedModule[];
  readonly sections: ElfSections | null;
  /** First address behind kernel and modules. */
  readonly free: number;
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
    return this.bytes(new Uint8Array(Int32Array.from(values).buffer));
  }

  text(text: string): number {
    return this.bytes(Uint8Array.from([...Array.from(text, (c) => c.charCodeAt(0) & 0xff), 0]));
  }

  bytes(bytes: Uint8Array): number {
    const { at } = this;
    this.pc.load(at, bytes);
    this.at = Math.ceil((at + bytes.length) / 4) * 4;
    return at;
  }
}

/** Writes the information structure at `at`, what it points to behind it, and returns its address. */
export function writeInformation(pc: Pc, at: number, told: Told): number {
  const { modules, sections } = told;
  const memory = pc.toldMemory;
  const area = new Area(pc, at + INFORMATION_LENGTH);
  const commandLine = area.text(told.commandLine);
  const loaderName = area.text(LOADER_NAME);
  const names = modules.map(({ name }) => area.text(name));
  const list = area.words(...modules.flatMap(({ start, end }, k) => [start, end, names[k]!, 0]));
  const map = memoryMap(memory);
  const mapAt = area.words(...map.flatMap(({ base, length, type }) => [20, base, 0, length, 0, type]));
  const disks = pc.chipset.disks.some((disk) => disk !== null);
  const table = sections ? loadSections(pc, sections, told.free) : [0, 0, 0, 0];
  const flags =
    INFO_MEMORY |
    INFO_COMMAND_LINE |
    INFO_LOADER_NAME |
    INFO_MEMORY_MAP |
    INFO_DRIVES |
    INFO_FRAME_BUFFER |
    (disks ? INFO_BOOT_DEVICE : 0) |
    (modules.length > 0 ? INFO_MODULES : 0) |
    (sections ? INFO_SECTIONS : 0);
  const info = new Area(pc, at);
  info.words(flags, LOW_KILOBYTES, memory / 1024 - 1024, disks ? BOOT_DEVICE : 0);
  info.words(commandLine, modules.length, list, ...table);
  // Drives: the structure is there and empty, for nobody asked a BIOS. No configuration table, no APM, no VBE.
  info.words(map.length * 24, mapAt, 0, 0, 0, loaderName, 0, 0, 0, 0, 0);
  info.words(TEXT_MEMORY, 0, 160, 80, 25, TEXT_BUFFER);
  return at;
}

/** Brings the section headers into memory, and those sections (symbols, strings) that no segment brings. */
function loadSections(pc: Pc, { headers, count, names }: ElfSections, free: number): readonly number[] {
  const table = headers.slice();
  const view = new DataView(table.buffer);
  let end = free;
  for (let k = 0; k < count; k++) {
    const at = k * SECTION_HEADER;
    const content = sectionsContent(view, at, names.file);
    if (!content || end + content.length > pc.cpu.memory.size) continue;
    pc.load(end, content);
    view.setUint32(at + 12, end, true);
    end = Math.ceil((end + content.length) / 16) * 16;
  }
  if (end + table.length > pc.cpu.memory.size) return [0, 0, 0, 0];
  pc.load(end, table);
  return [count, SECTION_HEADER, end, names.index];
}

const TYPE_NULL = 0;
const TYPE_NOBITS = 8;

/** Bytes of a section that has no address of its own, or null. */
function sectionsContent(view: DataView, at: number, file: Uint8Array): Uint8Array | null {
  const [type, address] = [view.getUint32(at + 4, true), view.getUint32(at + 12, true)];
  if (type === TYPE_NULL || type === TYPE_NOBITS || address !== 0) return null;
  const offset = view.getUint32(at + 16, true);
  return file.subarray(offset, offset + view.getUint32(at + 20, true));
}
