/** What of a guest's instructions exits: by its opcode, by a bitmap, by masks of CR0 and CR4. SDM vol. 3C, 25.1 to 25.3. */
import type { Cpu } from '../cpu.ts';
import type { Decoded } from '../instructions/row.ts';
import { offsetOf } from '../instructions/operands.ts';
import { loadPhysical } from '../physical.ts';
import { ECX, NONE } from '../registers.ts';
import { PRIMARY, SECONDARY } from './controls.ts';
import { exitNow } from './exits.ts';
import { REASON, type ExitName } from './reasons.ts';
import type { GuestMode } from './unit.ts';

/** Asked before an instruction of the guest's executes; exits by leaving. */
export type Intercept = (cpu: Cpu, i: Decoded, guest: GuestMode) => void;

const linearOf = (cpu: Cpu, i: Decoded): number => (offsetOf(cpu, i) + cpu.bases[i.segment]!) | 0;

export const always =
  (name: ExitName): Intercept =>
  (cpu, i) =>
    exitNow(cpu, REASON[name], { length: i.length });

export const ifPrimary =
  (bit: number, name: ExitName, qualification: (cpu: Cpu, i: Decoded) => number = () => 0): Intercept =>
  (cpu, i, { primary }) => {
    if ((primary & bit) !== 0)
      exitNow(cpu, REASON[name], { length: i.length, qualification: qualification(cpu, i) });
  };

export const cpuidExits = always('CPUID');
export const haltExits = ifPrimary(PRIMARY.HLT_EXITING, 'HLT');
export const timeStampExits = ifPrimary(PRIMARY.RDTSC_EXITING, 'RDTSC');
export const performanceExits = ifPrimary(PRIMARY.RDPMC_EXITING, 'RDPMC');
export const invalidatePageExits = ifPrimary(PRIMARY.INVLPG_EXITING, 'INVLPG', linearOf);
export const writeBackExits: Intercept = (cpu, i, { secondary }) => {
  if ((secondary & SECONDARY.WBINVD_EXITING) !== 0) exitNow(cpu, REASON.WBINVD, { length: i.length });
};

// ---------------------------------------------------------------- instruction information

const NO_INDEX = 1 << 22;
const NO_BASE = 1 << 27;
const REGISTER = 1 << 10;

/** Where the operand in memory is, as the instruction-information field says it. SDM vol. 3C, tables 27-8 to 27-13. */
export function memoryInformation(i: Decoded): number {
  const address = (i.addressMask === -1 ? 1 : 0) << 7;
  if (i.register) return REGISTER | address | (i.rm << 3);
  const index = i.index === NONE ? NO_INDEX : (i.index << 18) | i.scale;
  const base = i.base === NONE ? NO_BASE : i.base << 23;
  return address | (i.segment << 15) | index | base;
}

/** An instruction of VT-x, or one with its operand in memory: qualification is the displacement. */
export const withOperand =
  (name: ExitName, more: (i: Decoded) => number = () => 0): Intercept =>
  (cpu, i) =>
    exitNow(cpu, REASON[name], {
      length: i.length,
      qualification: i.register ? 0 : i.displacement,
      instructionInformation: memoryInformation(i) | more(i),
    });

/** LGDT … STR: which one stands in bits 29 and 28. */
export const tableExits = (name: 'GDTR_IDTR' | 'LDTR_TR', which: number): Intercept => {
  const exits = withOperand(name, (i) => (which << 28) | (name === 'GDTR_IDTR' && i.wide ? 1 << 11 : 0));
  return (cpu, i, guest) => {
    if ((guest.secondary & SECONDARY.DESCRIPTOR_TABLE_EXITING) !== 0) exits(cpu, i, guest);
  };
};

// ---------------------------------------------------------------- ports and model-specific registers

const bitOf = (cpu: Cpu, bitmap: number, bit: number): boolean =>
  ((loadPhysical(cpu, bitmap + (bit >>> 3), 1) >>> (bit & 7)) & 1) !== 0;

/** Whether a guest's access to a port exits. */
export const portWatched = (cpu: Cpu, guest: GuestMode, port: number, size: number): boolean =>
  (guest.primary & PRIMARY.USE_IO_BITMAPS) !== 0
    ? portListed(cpu, guest, port, size)
    : (guest.primary & PRIMARY.UNCONDITIONAL_IO_EXITING) !== 0;

function portListed(cpu: Cpu, { ioBitmaps: [a, b] }: GuestMode, port: number, size: number): boolean {
  // An access that wraps around the top of the ports exits.
  if (port + size > 0x10000) return true;
  for (let p = port; p < port + size; p++) if (bitOf(cpu, p < 0x8000 ? a : b, p & 0x7fff)) return true;
  return false;
}

export interface PortAccess {
  readonly port: number;
  readonly size: 1 | 2 | 4;
  readonly input: boolean;
  /** The port stands in the instruction. */
  readonly immediate?: boolean;
  /** Segment and offset of the string's element. */
  readonly string?: { readonly segment: number; readonly offset: number };
}

/** Port accesses of a guest, once its own rights allow them. Qualification: SDM vol. 3C, table 27-5. */
export function portExits(cpu: Cpu, i: Decoded, access: PortAccess): void {
  const { guest } = cpu;
  if (!guest) return;
  const { port, size, input, immediate, string } = access;
  if (!portWatched(cpu, guest, port, size)) return;
  const flags =
    (input ? 1 << 3 : 0) |
    (string ? 1 << 4 : 0) |
    (string && i.repeat !== 0 ? 1 << 5 : 0) |
    (immediate ? 1 << 6 : 0);
  const linear = string ? (string.offset + cpu.bases[string.segment]!) | 0 : null;
  const information = string ? ((i.addressMask === -1 ? 1 : 0) << 7) | (string.segment << 15) : 0;
  exitNow(cpu, REASON.IO, {
    length: i.length,
    qualification: (size - 1) | flags | (port << 16),
    instructionInformation: information,
    linear,
  });
}

const LOW_MSRS = 0x2000;
const HIGH_MSRS = 0xc0000000;

/** RDMSR and WRMSR: 1 K of the bitmap each for reads of low and high registers, and for writes of them. */
export const msrExits =
  (name: 'RDMSR' | 'WRMSR'): Intercept =>
  (cpu, i, { primary, msrBitmap }) => {
    if ((primary & PRIMARY.USE_MSR_BITMAPS) !== 0) {
      const register = cpu.words[ECX]! >>> 0;
      const half = name === 'RDMSR' ? 0 : 0x800;
      if (register < LOW_MSRS && !bitOf(cpu, msrBitmap + half, register)) return;
      const high = register - HIGH_MSRS;
      if (high >= 0 && high < LOW_MSRS && !bitOf(cpu, msrBitmap + half + 0x400, high)) return;
    }
    exitNow(cpu, REASON[name], { length: i.length });
  };

// ---------------------------------------------------------------- control and debug registers

/** Kind of access in bits 5 and 4 of the qualification. SDM vol. 3C, table 27-3. */
const MOV_FROM = 1 << 4;
const CLTS = 2 << 4;
const LMSW = 3 << 4;
const LMSW_MEMORY = 1 << 6;

const controlExit = (cpu: Cpu, i: Decoded, qualification: number, linear: number | null = null): never =>
  exitNow(cpu, REASON.CONTROL_REGISTER, { length: i.length, qualification, linear });

/** MOV to CR0, CR3, CR4 of a guest: exits, or the value that is really loaded. */
export function guestWrites(cpu: Cpu, i: Decoded, guest: GuestMode, value: number): number {
  const where = i.reg | (i.rm << 8);
  if (i.reg === 0) {
    if (((value ^ guest.cr0Shadow) & guest.cr0Mask) !== 0) controlExit(cpu, i, where);
    return (cpu.cr0 & guest.cr0Mask) | (value & ~guest.cr0Mask);
  }
  if (i.reg === 4) {
    if (((value ^ guest.cr4Shadow) & guest.cr4Mask) !== 0) controlExit(cpu, i, where);
    return (cpu.cr4 & guest.cr4Mask) | (value & ~guest.cr4Mask);
  }
  const exits = (guest.primary & PRIMARY.CR3_LOAD_EXITING) !== 0;
  if (i.reg === 3 && exits && !guest.cr3Targets.includes(value)) controlExit(cpu, i, where);
  return value;
}

/** MOV from CR3 of a guest may exit. */
export function guestReads(cpu: Cpu, i: Decoded, guest: GuestMode): void {
  if (i.reg === 3 && (guest.primary & PRIMARY.CR3_STORE_EXITING) !== 0)
    controlExit(cpu, i, 3 | MOV_FROM | (i.rm << 8));
}

/** CR0 and CR4 as the program reads them: bits of the mask come from the shadow. */
export const visibleCr0 = ({ cr0, guest }: Cpu): number =>
  guest ? (cr0 & ~guest.cr0Mask) | (guest.cr0Shadow & guest.cr0Mask) : cr0;
export const visibleCr4 = ({ cr4, guest }: Cpu): number =>
  guest ? (cr4 & ~guest.cr4Mask) | (guest.cr4Shadow & guest.cr4Mask) : cr4;

const TS = 8;

/** CLTS of a guest: true if it clears the flag. */
export function guestClearsTs(cpu: Cpu, i: Decoded, { cr0Mask, cr0Shadow }: GuestMode): boolean {
  if ((cr0Mask & TS) === 0) return true;
  if ((cr0Shadow & TS) !== 0) controlExit(cpu, i, CLTS);
  return false;
}

/** LMSW of a guest: exits, or the bits that it may load. PE can be set but not cleared. */
export function guestLoadsStatus(cpu: Cpu, i: Decoded, guest: GuestMode, source: number): number {
  const { cr0Mask, cr0Shadow } = guest;
  const sets = (cr0Mask & source & ~cr0Shadow & 1) !== 0;
  const changes = ((source ^ cr0Shadow) & cr0Mask & 0xe) !== 0;
  if (sets || changes) {
    const memory = i.register ? 0 : LMSW_MEMORY;
    controlExit(cpu, i, LMSW | memory | (source << 16), i.register ? null : linearOf(cpu, i));
  }
  return (source & ~cr0Mask) | (cpu.cr0 & cr0Mask & 0xf);
}

/** MOV to and from debug registers. SDM vol. 3C, table 27-4. */
export const debugRegisterExits = (from: boolean): Intercept =>
  ifPrimary(PRIMARY.MOV_DR_EXITING, 'DEBUG_REGISTER', (_cpu, i) => i.reg | (from ? 1 << 4 : 0) | (i.rm << 8));
