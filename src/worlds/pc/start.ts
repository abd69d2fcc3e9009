/** The states in which loaders hand the processor over: at a real-mode address, or in flat protected mode. */
import type { Pc } from '../../machines/pc/machine.ts';
import { CR0_ET, CR0_PE, CS, DS, EAX, EFLAGS, ES, ESP, FS, GS, SS } from '../../machines/pc/registers.ts';
import { FLAG_RESERVED } from '../../machines/pc/eflags.ts';
import { modeChanged, setSegment } from '../../machines/pc/segments.ts';

const DATA_SEGMENTS = [DS, ES, FS, GS, SS] as const;
const REAL_CODE = 0x009b;
const REAL_DATA = 0x0093;
const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;

/** Real-address mode at a linear address below 1 M, the stack below 7C00. */
export function startReal({ cpu }: Pc, entry: number): void {
  const code = entry < 0x10000 ? 0 : (entry >>> 4) & 0xf000;
  setSegment(cpu, CS, code, code << 4, 0xffff, REAL_CODE);
  for (const segment of DATA_SEGMENTS) setSegment(cpu, segment, 0, 0, 0xffff, REAL_DATA);
  modeChanged(cpu);
  cpu.words[ESP] = 0x7c00;
  cpu.eip = entry - (code << 4);
  cpu.halted = false;
}

/** The real-mode part of a Linux kernel at `base`: every segment begins there, its stack ends at `top`. */
export function startSetup({ cpu }: Pc, base: number, top: number): void {
  const segment = base >>> 4;
  setSegment(cpu, CS, segment + 0x20, base + 0x200, 0xffff, REAL_CODE);
  for (const each of DATA_SEGMENTS) setSegment(cpu, each, segment, base, 0xffff, REAL_DATA);
  modeChanged(cpu);
  cpu.words[EFLAGS] = FLAG_RESERVED;
  cpu.words[ESP] = top;
  cpu.eip = 0;
  cpu.halted = false;
}

/** Protected mode, interrupts off, every segment from 0 to 4 G; the table at `gdt` says so too. */
export function startFlat(pc: Pc, entry: number, gdt: number): void {
  const { cpu } = pc;
  // Kernels must bring a table of their own, but some read this one first.
  const table = Int32Array.of(0, 0, 0, 0, 0xffff, 0x00cf9b00, 0xffff, 0x00cf9300);
  pc.load(gdt, new Uint8Array(table.buffer));
  [cpu.gdtBase, cpu.gdtLimit, cpu.idtBase, cpu.idtLimit] = [gdt, 31, 0, 0];
  // Firmware has switched the caches on.
  cpu.cr0 = CR0_ET | CR0_PE;
  cpu.protectedMode = true;
  cpu.words[EFLAGS] = FLAG_RESERVED;
  setSegment(cpu, CS, 0x10, 0, 0xffffffff, FLAT_CODE);
  for (const segment of DATA_SEGMENTS) setSegment(cpu, segment, 0x18, 0, 0xffffffff, FLAT_DATA);
  modeChanged(cpu);
  cpu.words.fill(0, EAX, 8);
  cpu.words[ESP] = 0x7c00;
  cpu.eip = entry;
  cpu.halted = false;
}
