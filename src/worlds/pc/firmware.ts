/** The firmware: read-only memory in its places, and what it asks the configuration port. */
import { rom } from '../../machines/pc/devices/memory-bus.ts';
import { ITEM, little, terminated } from '../../machines/pc/devices/firmware-configuration.ts';
import { romBytes } from '../../machines/pc/firmware/image.ts';
import { DSDT, SYSTEM_ROM, VIDEO_ROM } from '../../machines/pc/firmware/rom.ts';
import type { Pc } from '../../machines/pc/machine.ts';
import { machineTables } from '../../machines/pc/firmware/tables.ts';
import { featureWord } from '../../machines/pc/cpuid.ts';
import { memoryMap } from '../../machines/pc/memory-map.ts';
import type { PcProgram } from './configuration.ts';

const MEGABYTE = 0x100000;
const FOUR_GIGABYTES = 0x1_0000_0000;
const LARGEST = 0x1000000;
const VIDEO_BASE = 0xc0000;
/** What of a larger image also stands below 1 M. */
const BELOW = 0x20000;
/** Length of a command of the table loader. */
const LOADER_COMMAND = 128;
/** Cycles that the firmware has to come to the boot. */
const PATIENCE = 1e9;

/**
 * Plugs the firmware in, `bios` or the machine's own: below 4 G it is read itself. What comes back puts the copies of it
 * below 1 M in their place, before the processor's first instruction. A string says what is wrong with the image.
 */
export function plugFirmware(pc: Pc, bios: Uint8Array | null, program: PcProgram): string | (() => void) {
  if (bios && (bios.length === 0 || bios.length > LARGEST))
    return `a BIOS of ${bios.length} bytes: it has 1 byte to 16 M`;
  const video = romBytes(VIDEO_ROM);
  const system = bios ?? systemRom(pc);
  pc.chipset.mapped.attach(FOUR_GIGABYTES - system.length, system.length, rom(system));
  configure(pc, video, program);
  const end = system.subarray(Math.max(0, system.length - BELOW));
  return () => {
    pc.load(VIDEO_BASE, video);
    pc.load(MEGABYTE - end.length, end);
  };
}

/** The machine's own firmware, with the tables that describe this machine; without an APIC there is nothing to tell. */
function systemRom({ cpu }: Pc): Uint8Array {
  const image = romBytes(SYSTEM_ROM);
  if (!cpu.apic) return image;
  const facts = { signature: cpu.model.signature, features: featureWord(cpu), dsdt: romBytes(DSDT) };
  for (const { at, bytes } of machineTables(facts)) image.set(bytes, at - (MEGABYTE - image.length));
  return image;
}

/** Items for firmware that knows the port: memory, option ROMs, and a kernel that a boot ROM could start. */
function configure(pc: Pc, video: Uint8Array, program: PcProgram): void {
  const { firmware } = pc.chipset;
  const map = memoryMap(pc.toldMemory);
  const table = map.map(({ base, length, type }) => [little(base, 8), little(length, 8), little(type, 4)]);
  firmware.addFile('etc/e820', concatenated(table.flat()));
  firmware.addFile('vgaroms/text.rom', video);
  // SeaBIOS takes the presence of a table loader, here without commands, for power management at port 600.
  firmware.addFile('etc/table-loader', new Uint8Array(LOADER_COMMAND));
  if (program.kind !== 'kernel') return;
  const { file, ramdisk, append } = program;
  firmware.set(ITEM.kernelSize, little(file.length, 4));
  firmware.set(ITEM.kernelData, file);
  firmware.set(ITEM.commandLine, terminated(append));
  firmware.set(ITEM.commandLineSize, little(append.length + 1, 4));
  firmware.set(ITEM.commandLineData, terminated(append));
  firmware.set(ITEM.ramdiskSize, little(ramdisk?.length ?? 0, 4));
  if (ramdisk) firmware.set(ITEM.ramdiskData, ramdisk);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Lets the machine's own firmware set the machine up, for a program that is brought in from outside: it has been told
 * to boot from nothing, and halts.
 */
export function setUp(pc: Pc): void {
  const stop = pc.run(PATIENCE);
  if (stop.kind !== 'wait') throw new Error(`the firmware ended with ${stop.kind} at cycle ${pc.clock}`);
}
