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
  part('non-maskable interrupts', 'by the APICs only: nothing here pulls the pin that port 70 gates'),
  yes('alignment check'),
  part(
    'VT-x: VMCS, entry checks, exits, EPT of four levels, VPID, unrestricted guest, preemption timer',
    '32-bit hosts and guests; no virtual NMIs, monitor trap flag, APIC virtualization, VMCS shadowing, SMM; lookaside buffers keep nested pages as 4 K',
  ),
  yes('exceptions with error codes, double and triple fault, single-step trap'),
  part(
    'performance counters',
    'two as of the P6: cycles, instructions, instruction TLB misses; no interrupt',
  ),
  part('memory types: MTRR, PAT, cache control', 'registers hold what is written; caches are not modelled'),
  part('microcode update', 'is taken and changes nothing'),
  part('translation lookaside buffers', 'entries are replaced in order of arrival'),
  part('time', 'one price for each class of instruction'),
  yes('MMX of the Pentium II'),
  no('SSE, with it the MMX instructions of the Pentium III', 'not announced by CPUID'),
  no('36-bit page size extension', 'not announced by CPUID; its bits are reserved'),
  no('virtual-8086 mode extensions, protected-mode virtual interrupts', 'not announced by CPUID'),
  no('system management mode, machine check, last branch records', 'not announced by CPUID'),
];

export const DEVICE_SUPPORT: readonly Support[] = [
  yes('8259A interrupt controllers with edge/level registers, polling, special modes'),
  yes('8254 interval timer, modes 0 to 5; port 61'),
  part('local APIC', 'SMI, INIT and start-up messages go nowhere; the timer counts 100 MHz on every model'),
  part('I/O APIC', 'polarity is not told apart: a device that asks is heard'),
  yes('MP tables, ACPI tables with a small DSDT: one processor'),
  part('ACPI fixed hardware', 'timer and soft off; no other sleeping state, no button'),
  part(
    '16550 UART, COM1 and COM2',
    'what is sent appears at once; the status register tells when the line is free',
  ),
  part('MC146818 clock and CMOS memory', 'the date begins on 1 January 2000; daylight saving is absent'),
  part('8042 keyboard controller and keyboard', 'no mouse: bytes to it time out; scan code set 3 is absent'),
  part('VGA', 'text modes; planes, graphics modes and fonts are absent, video memory is plain memory'),
  part(
    'PCI: host bridge, ISA bridge, IDE, power management, VGA, network',
    'one bus, configuration mechanism 1',
  ),
  part(
    'ATA disks by PIO and bus-master DMA',
    'positioning takes no time; no ATAPI, no security or SMART commands',
  ),
  part(
    'virtio block device on PCI, by the registers of 0.9.5',
    'one queue of 128, no MSI-X, no indirect descriptors; only where it is asked for, as the first disk',
  ),
  part('diskette controller, drive A', 'a step and a sector take 1 ms each; data moves by DMA only'),
  part('8237A DMA controllers', 'transfers take no time; memory to memory is absent'),
  part('NE2000 network card (RTL8029)', 'the network is one host with ARP, ICMP echo and UDP echo'),
  part('firmware configuration port', 'no DMA interface, nothing can be written'),
  yes('A20 by ports 60 and 92'),
  part('reset by ports 64, 92 and CF9', 'under a monitor it ends the run'),
  yes('exit ports F4 and 501, debug console E9, POST code 80'),
  part(
    'BIOS: INT 10h to 1Ah for boot loaders',
    'text modes, no fonts, no VESA, no PCI BIOS, no APM; printers time out',
  ),
  no('CD-ROM, USB, sound, parallel port, game port', 'ports read as ones and are noted'),
];

/** Ways in which a program comes into the machine. */
export const LOADER_SUPPORT: readonly Support[] = [
  part(
    'multiboot 1: ELF and a.out kludge, modules, memory map, sections',
    'no VBE information, no graphics mode',
  ),
  yes('Linux kernels: boot protocol 2.00 to 2.09 by the 16-bit entry point, 2.10 to 2.15 by the 32-bit one'),
  yes('boot sectors of diskettes and disks, BIOS images, bytes at addresses'),
];

/** Rows of the instruction table of which something is missing. */
export const instructionSupport = (): Support[] =>
  IA32_INSTRUCTIONS.filter((row) => row.partial !== undefined).map((row) =>
    part(`${row.mnemonic} (${row.opcode})`, row.partial!),
  );
