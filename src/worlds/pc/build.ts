/** Builds a PC from its configuration and brings its program in. */
import { Pc } from '../../machines/pc/machine.ts';
import { diskPath } from '../../monitors/vmx/disk-paths.ts';
import type { PcConfiguration } from './configuration.ts';
import { plugFirmware, setUp } from './firmware.ts';
import { loadKernel } from './load-kernel.ts';
import type { RunningMonitor } from './monitors/contract.ts';
import { monitorOf } from './monitors/table.ts';
import { startFlat, startReal } from './start.ts';

const MEGABYTE = 0x100000;
const DEFAULT_MEMORY = 64 * MEGABYTE;
/** Where a flat program finds its descriptor table. */
const GDT_AT = 0x8000;

/** A machine ready to run, and the monitor between it and its guest if there is one. */
export interface ReadyPc {
  readonly machine: Pc;
  readonly monitor: RunningMonitor | null;
}

/** The monitor is what is started, and starts its guests itself. */
function bringsGuestsIn({ under, program }: PcConfiguration): boolean {
  const loads = under && monitorOf(under).loadsGuests;
  return loads === 'always' || (loads === 'several' && program.kind === 'domains');
}

/** Builds the machine that `configuration` describes with its monitor; a string says what is wrong. */
export function readyPc(configuration: PcConfiguration): ReadyPc | string {
  const machine = buildPc(configuration);
  if (typeof machine === 'string') return machine;
  const monitor = configuration.under ? monitorOf(configuration.under).start(machine, configuration) : null;
  return typeof monitor === 'string' ? monitor : { machine, monitor };
}

/** The machine ready to run, or what is wrong with the program. */
export function buildPc(configuration: PcConfiguration): Pc | string {
  const { program, model, memory, disks, diskBy, diskette, bios, under, resetLimit } = configuration;
  // The guest has what was asked for; a monitor has its own beside it.
  const reserved = under ? monitorOf(under).reserves : 0;
  const pc = new Pc({
    ...(model && { model }),
    memory: (memory ?? DEFAULT_MEMORY) + reserved,
    reserved,
    ...(disks && { disks }),
    ...(diskBy && { firstDisk: diskPath(diskBy).disk }),
    ...(diskette && { diskette }),
    ...(resetLimit !== undefined && { resetLimit }),
    // A program that is brought in from outside is not looked for on disks.
    ...(program.kind !== 'media' && { bootOrder: [] }),
  });
  const placeFirmware = plugFirmware(pc, bios ?? null, program);
  if (typeof placeFirmware === 'string') return placeFirmware;
  placeFirmware();
  // A BIOS of one's own finds its program itself.
  const bringIn = bios ? null : loaderOf(pc, configuration);
  if (bringIn && program.kind !== 'media') setUp(pc);
  const complaint = bringIn?.() ?? null;
  pc.outside = { placeFirmware, bringIn };
  return complaint ?? pc;
}

/** What brings the program in and says what is wrong with it, null = nothing; no loader where firmware has to find it. */
function loaderOf(pc: Pc, configuration: PcConfiguration): (() => string | null) | null {
  const { program } = configuration;
  const own = bringsGuestsIn(configuration);
  if (program.kind === 'media' && !own) return null;
  return () => {
    if (own) {
      startFlat(pc, MEGABYTE, GDT_AT);
      return null;
    }
    switch (program.kind) {
      case 'kernel':
        return loadKernel(pc, program);
      case 'flat':
        return loadFlat(pc, program);
      default:
        return 'several domains need a hypervisor that runs them: --under xen, vmx or vmx-shadow';
    }
  };
}

function loadFlat(
  pc: Pc,
  { images, entry }: Extract<PcConfiguration['program'], { kind: 'flat' }>,
): string | null {
  const { size } = pc.cpu.memory;
  for (const { at, bytes } of images) {
    if (at + bytes.length > size)
      return `the bytes for ${at.toString(16)} end at ${(at + bytes.length).toString(16)}, memory at ${size.toString(16)}: give more --ram or load lower`;
    pc.load(at, bytes);
  }
  if (entry < MEGABYTE) startReal(pc, entry);
  else startFlat(pc, entry, GDT_AT);
  return null;
}
