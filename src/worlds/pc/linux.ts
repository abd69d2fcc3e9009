/**
 * The loader of Linux kernels and of what is made to look like one: image, RAM disk, and the jump to the 32-bit entry
 * point with a zero page, or of older ones into their own real-mode part.
 * Linux, Documentation/arch/x86/boot.rst, protocols 2.00 to 2.15, and zero-page.rst.
 */
import type { Pc } from '../../machines/pc/machine.ts';
import { memoryMap } from '../../machines/pc/memory-map.ts';
import { ESI } from '../../machines/pc/registers.ts';
import { startFlat, startSetup } from './start.ts';

const HEADER = 0x1f1;
const MAGIC_AT = 0x202;
const MAGIC = 0x53726448; // "HdrS"
const SECTOR = 512;
const DEFAULT_SETUP_SECTORS = 4;
const LOADED_HIGH = 0x01;
const CAN_USE_HEAP = 0x80;
const UNKNOWN_LOADER = 0xff;
const COMMAND_LINE_MAGIC = 0xa33f;

/**
 * The first protocol whose loaders enter at 32 bits as a rule. Before it that entry was the kernel's own affair, and
 * programs that only look like a kernel (network boot loaders, RAM disks) begin in their real-mode part.
 */
const FIRST_BY_32_BITS = 0x20a;

/** Zero page or real-mode part; its heap and stack end where the command line begins. */
const ZERO_PAGE = 0x90000;
const HEAP_END = { low: 0x9800, high: 0xe000 } as const;
const GDT_AT = 0x8000;
const LOW_KERNEL = 0x10000;
const HIGH_KERNEL = 0x100000;
const PAGE = 4096;
/** Highest address of a RAM disk for protocols that do not say. */
const RAMDISK_TOP = 0x37ffffff;
const SHORTEST_COMMAND_LINE = 255;

// Fields of the zero page beyond the header.
const SCREEN_COLUMN = 0x00;
const EXTENDED_KILOBYTES = 0x02;
const VIDEO_MODE = 0x06;
const VIDEO_COLUMNS = 0x07;
const VIDEO_LINES = 0x0e;
const VIDEO_IS_VGA = 0x0f;
const CELL_HEIGHT = 0x10;
const OLD_COMMAND_LINE = 0x20;
const ALTERNATIVE_KILOBYTES = 0x1e0;
const E820_ENTRIES = 0x1e8;
const E820_TABLE = 0x2d0;

export interface LinuxKernel {
  readonly file: Uint8Array;
  readonly append: string;
  readonly ramdisk: Uint8Array | null;
}

export function isLinux(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return (
    file.length > 0x268 && view.getUint16(0x1fe, true) === 0xaa55 && view.getUint32(MAGIC_AT, true) === MAGIC
  );
}

/** Loads the kernel and readies the processor to start it; a string says why not. */
export function loadLinux(pc: Pc, { file, append, ramdisk }: LinuxKernel): string | null {
  const memory = pc.toldMemory;
  const source = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const protocol = source.getUint16(0x206, true);
  if (protocol < 0x200) return `boot protocol ${protocol.toString(16)}: 2.00 or later is needed`;
  const sectors = file[HEADER] === 0 ? DEFAULT_SETUP_SECTORS : file[HEADER]!;
  const image = file.subarray((sectors + 1) * SECTOR);
  const base = (file[0x211]! & LOADED_HIGH) !== 0 ? HIGH_KERNEL : LOW_KERNEL;
  const needed = protocol >= 0x20a ? Math.max(image.length, source.getUint32(0x260, true)) : image.length;
  if (base + needed > memory)
    return `the kernel needs memory up to ${(base + needed).toString(16)}, there are ${memory.toString(16)}: give more --ram`;
  if (base === LOW_KERNEL && base + image.length > ZERO_PAGE)
    return 'the kernel is too long to be loaded low';
  const most = protocol >= 0x206 ? source.getUint32(0x238, true) : SHORTEST_COMMAND_LINE;
  if (append.length > most)
    return `the command line has ${append.length} characters, the kernel takes ${most}`;
  const by32Bits = protocol >= FIRST_BY_32_BITS;
  const page = by32Bits ? zeroPage(file, memory) : realModePart(file, sectors);
  const heapEnd = base === HIGH_KERNEL ? HEAP_END.high : HEAP_END.low;
  announce(page, protocol, heapEnd, append !== '');
  if (ramdisk) {
    const top = protocol >= 0x203 ? source.getUint32(0x22c, true) : RAMDISK_TOP;
    const at = Math.floor((Math.min(top + 1, memory) - ramdisk.length) / PAGE) * PAGE;
    if (at < base + needed) return 'no memory for the RAM disk: give more --ram';
    pc.load(at, ramdisk);
    page.setUint32(0x218, at, true);
    page.setUint32(0x21c, ramdisk.length, true);
  }
  pc.load(base, image);
  pc.load(ZERO_PAGE, new Uint8Array(page.buffer));
  pc.load(ZERO_PAGE + heapEnd, [...Array.from(append, (c) => c.charCodeAt(0) & 0xff), 0]);
  if (!by32Bits) {
    startSetup(pc, ZERO_PAGE, heapEnd);
    return null;
  }
  startFlat(pc, base, GDT_AT);
  pc.cpu.words[ESI] = ZERO_PAGE;
  return null;
}

/**
 * A copy of boot sector and setup as they stand in the file: they find out themselves what machine it is. By the
 * constructor, since a file read by Node is a Buffer, whose slices are no copies.
 */
const realModePart = (file: Uint8Array, sectors: number): DataView =>
  new DataView(new Uint8Array(file.subarray(0, (sectors + 1) * SECTOR)).buffer);

/** Tells in the header who loads, and where heap and command line are. */
function announce(page: DataView, protocol: number, heapEnd: number, hasCommandLine: boolean): void {
  page.setUint8(0x210, UNKNOWN_LOADER);
  if (protocol >= 0x201) {
    page.setUint8(0x211, page.getUint8(0x211) | CAN_USE_HEAP);
    page.setUint16(0x224, heapEnd - SECTOR, true);
  }
  if (protocol >= 0x202) page.setUint32(0x228, ZERO_PAGE + heapEnd, true);
  else if (hasCommandLine) {
    page.setUint16(OLD_COMMAND_LINE, COMMAND_LINE_MAGIC, true);
    page.setUint16(OLD_COMMAND_LINE + 2, heapEnd, true);
  }
}

function zeroPage(file: Uint8Array, memory: number): DataView {
  const page = new DataView(new ArrayBuffer(PAGE));
  // The header ends where the byte at 201, a jump over it, says.
  const end = Math.min(0x202 + file[0x201]!, 0x290);
  new Uint8Array(page.buffer).set(file.subarray(HEADER, end), HEADER);
  const kilobytes = memory / 1024 - 1024;
  page.setUint8(SCREEN_COLUMN, 0);
  page.setUint8(SCREEN_COLUMN + 1, 0);
  page.setUint16(EXTENDED_KILOBYTES, Math.min(kilobytes, 0xffff), true);
  page.setUint8(VIDEO_MODE, 3);
  page.setUint8(VIDEO_COLUMNS, 80);
  page.setUint8(VIDEO_LINES, 25);
  page.setUint8(VIDEO_IS_VGA, 1);
  page.setUint16(CELL_HEIGHT, 16, true);
  page.setUint32(ALTERNATIVE_KILOBYTES, kilobytes, true);
  const map = memoryMap(memory);
  page.setUint8(E820_ENTRIES, map.length);
  map.forEach(({ base, length, type }, k) => {
    const at = E820_TABLE + 20 * k;
    page.setUint32(at, base, true);
    page.setUint32(at + 8, length, true);
    page.setUint32(at + 16, type, true);
  });
  return page;
}
