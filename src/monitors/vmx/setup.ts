/** What the hypervisor writes before its guest is entered: extended tables, bitmaps, VMCS. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { storePhysical } from '../../machines/pc/physical.ts';
import { CR0_ET, CR0_NE, CR0_PE, CR0_PG, CR4_PSE, CR4_VMXE } from '../../machines/pc/registers.ts';
import {
  allowedControls,
  ENTRY,
  EXIT,
  PIN,
  PRIMARY,
  REVISION,
  SECONDARY,
} from '../../machines/pc/vmx/controls.ts';
import { MF, PF } from '../../machines/pc/exceptions.ts';
import type { FieldName } from '../../machines/pc/vmx/fields.ts';
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import {
  DIRECTORY,
  EPT_DIRECTORY,
  EPT_POINTERS,
  EPT_TABLE,
  EPT_TOP,
  MERGED_VMCS,
  MSR_BITMAP,
  VMCS_REGION,
  VMXON_REGION,
} from './layout.ts';
import { CR0_HELD, CR4_HELD } from './shadow.ts';

/** Who translates guest-physical addresses: the processor, or page tables of the hypervisor's in the guest's place. */
export type Paging = 'nested' | 'shadow';

/** In VMX operation CR0.NE is 1. A guest that has it 0 wants IRQ 13 instead of the exception. */
const COPROCESSOR = 1 << MF;
const LARGE = 0x200000;
const ALL_RIGHTS = 7;
const WRITE_BACK = 6 << 3;
const LARGE_PAGE = 0x80;

/** Where a guest is in the machine. */
export interface Place {
  /** Its memory begins here … */
  readonly origin: number;
  /** … and ends here, where the hypervisor's own for it begins. */
  readonly base: number;
  readonly vpid: number;
  /** The machine's model-specific registers are its own; else all accesses exit. */
  readonly ownsRegisters: boolean;
}
/** Four levels, write-back. */
export const EPT_FOUR_LEVELS = (3 << 3) | 6;
/** Registers of VT-x itself, which a guest under shadow paging does not have: reads of them exit. */
export const HIDDEN: readonly number[] = [0x3a, ...Array.from({ length: 17 }, (_, k) => 0x480 + k)];

/**
 * Maps the guest's physical addresses to its part of memory, by pages of 2 M as far as they go. SIMPLIFIED: where that
 * part begins elsewhere than memory, the copy of the firmware in it can be stored into, as under KVM before Linux 3.7.
 */
function mapMemory(cpu: Cpu, { origin, base }: Place): void {
  const size = base - origin;
  const put = (at: number, value: number): void => {
    storePhysical(cpu, base + at, 4, value);
  };
  put(EPT_TOP, (base + EPT_POINTERS) | ALL_RIGHTS);
  put(EPT_POINTERS, (base + EPT_DIRECTORY) | ALL_RIGHTS);
  const whole = Math.floor(size / LARGE);
  for (let k = 0; k < whole; k++)
    put(EPT_DIRECTORY + 8 * k, (origin + k * LARGE) | ALL_RIGHTS | WRITE_BACK | LARGE_PAGE);
  if (size % LARGE === 0) return;
  put(EPT_DIRECTORY + 8 * whole, (base + EPT_TABLE) | ALL_RIGHTS);
  for (let at = whole * LARGE, k = 0; at < size; at += 4096, k++)
    put(EPT_TABLE + 8 * k, (origin + at) | ALL_RIGHTS | WRITE_BACK);
}

function hideRegisters(cpu: Cpu, base: number): void {
  for (const register of HIDDEN)
    for (const half of [0, 0x800]) {
      const at = base + MSR_BITMAP + half + ((register >>> 5) << 2);
      const word = cpu.view.getInt32(at, true);
      storePhysical(cpu, at, 4, word | (1 << (register & 31)));
    }
}

/** What the two generations of the processor's help differ in. */
function memoryControls(paging: Paging, { base, vpid }: Place): Partial<Record<FieldName, number>> {
  if (paging === 'shadow')
    return { EXCEPTION_BITMAP: (1 << PF) | COPROCESSOR, CR0_MASK: CR0_HELD, CR4_MASK: CR4_HELD };
  return {
    SECONDARY_CONTROLS: SECONDARY.EPT | SECONDARY.VPID | SECONDARY.UNRESTRICTED_GUEST,
    VPID: vpid,
    EXCEPTION_BITMAP: COPROCESSOR,
    EPT_POINTER: (base + EPT_TOP) | EPT_FOUR_LEVELS,
    CR0_MASK: CR0_NE,
    CR4_MASK: CR4_VMXE,
  };
}

/** INVLPG does to the processor's buffers what it should: the shadow follows the guest's stores, and has nothing to forget. */
const SHADOWING = PRIMARY.CR3_LOAD_EXITING | PRIMARY.CR3_STORE_EXITING;

/** Writes what all structures share: tables, bitmaps, and the revision into each region. */
export function prepare(cpu: Cpu, place: Place, paging: Paging): void {
  const { base } = place;
  if (paging === 'nested') mapMemory(cpu, place);
  else if (cpu.features.has('vmx-msr-bitmap')) hideRegisters(cpu, base);
  for (const region of [VMXON_REGION, VMCS_REGION, MERGED_VMCS])
    storePhysical(cpu, base + region, 4, REVISION);
  for (let k = 0; k < 1024; k++) storePhysical(cpu, base + DIRECTORY + 4 * k, 4, (k << 22) | 0x83);
}

/** CR0, CR3 and CR4 as the hypervisor has them itself. */
export const hostRegisters = (base: number) => ({
  cr0: CR0_PE | CR0_ET | CR0_NE | CR0_PG,
  cr3: base + DIRECTORY,
  cr4: CR4_PSE | CR4_VMXE,
});

/** Writes the controls and the host's state of a structure for a guest under `paging`. */
export function fillIn(cpu: Cpu, vmcs: Vmcs, place: Place, paging: Paging): void {
  const { base } = place;
  const bitmap = place.ownsRegisters && cpu.features.has('vmx-msr-bitmap');
  const { pin, primary, exit, entry } = allowedControls(cpu.features);
  const host = hostRegisters(base);
  const fields: Partial<Record<FieldName, number>> = {
    PIN_CONTROLS: pin.ones | PIN.EXTERNAL_INTERRUPT_EXITING,
    PRIMARY_CONTROLS:
      primary.ones |
      PRIMARY.HLT_EXITING |
      PRIMARY.UNCONDITIONAL_IO_EXITING |
      (bitmap ? PRIMARY.USE_MSR_BITMAPS : 0) |
      (paging === 'shadow' ? SHADOWING : PRIMARY.SECONDARY),
    EXIT_CONTROLS: exit.ones | EXIT.SAVE_DEBUG,
    ENTRY_CONTROLS: entry.ones | ENTRY.LOAD_DEBUG,
    MSR_BITMAP: base + MSR_BITMAP,
    VMCS_LINK_POINTER: -1,
    HOST_CR0: host.cr0,
    HOST_CR3: host.cr3,
    HOST_CR4: host.cr4,
    HOST_CS_SELECTOR: 0x08,
    HOST_SS_SELECTOR: 0x10,
    HOST_DS_SELECTOR: 0x10,
    HOST_ES_SELECTOR: 0x10,
    HOST_TR_SELECTOR: 0x18,
    ...memoryControls(paging, place),
  };
  for (const [name, value] of Object.entries(fields)) vmcs.set(name as FieldName, value);
  vmcs.setHigh('VMCS_LINK_POINTER', -1);
}
