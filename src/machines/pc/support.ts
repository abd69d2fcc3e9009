/** The support matrix of the PC: what of processor, chipset and devices is done, in part or not, and why. */
import { IA32_INSTRUCTIONS } from './instructions/table.ts';

export interface Support {
  readonly feature: string;
  readonly support: 'supported' | 'partial' | 'absent';
  readonly note?: string;
}

const yes = (feature: string): Support => ({ feature, support: 'supported' });
const part = (feature: string, note: string): Support => ({ feature, support: 'partial', note });
const no = (feature: string, note: string): Support => ({ feature, support: 'absent', note });

export const PROCESSOR_SUPPORT: readonly Support[] = [
  yes('integer instructions of the i686'),
  yes('real-address, protected and virtual-8086 mode'),
  yes('segmentation: types, limits, gates, rings, local tables, task switching'),
  yes('paging with 4 K and 4 M pages, global pages, write protection'),
  part('physical address extension', 'page tables of three levels; addresses beyond 4 G reach nobody'),
  yes('x87 floating-point unit in double extended precision, its exceptions by #MF or IRQ 13'),
  part(
    'x87 transcendental functions',
    'the nearest result, where real units may be off by one in the last place',
  ),
  yes('breakpoints on instructions, data and ports; general detect, single step, task-switch trap'),
  yes('alignment check'),
  yes('exceptions with error codes, double and triple fault, single-step trap'),
  part(
    'performance counters',
    'two as of the P6: cycles, instructions, instruction TLB misses; no interrupt',
  ),
  part('memory types: MTRR, PAT, cache control', 'registers hold what is written; caches are not modelled'),
  part('microcode update', 'is taken and changes nothing'),
  part('translation lookaside buffers', 'entries are replaced in order of arrival'),
  part('time', 'one price for each class of instruction'),
  no('MMX, SSE', 'not announced by CPUID'),
  no('36-bit page size extension', 'not announced by CPUID; its bits are reserved'),
  no('virtual-8086 mode extensions, protected-mode virtual interrupts', 'not announced by CPUID'),
  no('system management mode, machine check, last branch records', 'not announced by CPUID'),
];

export const DEVICE_SUPPORT: readonly Support[] = [
  part('8259A interrupt controllers', 'edge-triggered only; special fully nested mode is not told apart'),
  part('8254 interval timer', 'modes 1 and 5 start at once instead of at the gate'),
  part('16550 UART, COM1', 'what is sent appears at once; the status register tells when the line is free'),
  part(
    'MC146818 clock and CMOS memory',
    'no alarm and no periodic interrupt; the date begins on 1 January 2000',
  ),
  part('8042 keyboard controller', 'no mouse; codes are not translated between sets'),
  yes('A20 by ports 60 and 92'),
  part('reset by ports 64 and 92', 'ends the run'),
  yes('exit port F4'),
  part('video memory', 'plain memory at A0000 to BFFFF; nobody shows it'),
  no('COM2, PCI, ATA, floppy, network, APIC, ACPI, BIOS', 'not built yet: ports read as ones and are noted'),
];

/** Rows of the instruction table of which something is missing. */
export const instructionSupport = (): Support[] =>
  IA32_INSTRUCTIONS.filter((row) => row.partial !== undefined).map((row) =>
    part(`${row.mnemonic} (${row.opcode})`, row.partial!),
  );
