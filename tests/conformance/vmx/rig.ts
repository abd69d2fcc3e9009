/** A machine in VMX operation with a VMCS whose guest can be entered, for tests that break or run it. */
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import { Pc } from '../../../src/machines/pc/machine.ts';
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import { SKYLAKE } from '../../../src/machines/pc/models/skylake.ts';
import { startFlat } from '../../../src/worlds/pc/start.ts';
import {
  allowedControls,
  ENTRY,
  EXIT,
  PIN,
  PRIMARY,
  REVISION,
  SECONDARY,
} from '../../../src/machines/pc/vmx/controls.ts';
import type { FieldName } from '../../../src/machines/pc/vmx/fields.ts';
import { Vmcs } from '../../../src/machines/pc/vmx/vmcs.ts';

export const VMXON_AT = 0x200000;
export const VMCS_AT = 0x201000;
const DIRECTORY = 0x202000;
export const EPT_AT = 0x203000;
export const BITMAPS = 0x208000;
const GDT = 0x20c000;
const TSS = 0x20d000;
export const GUEST_AT = 0x110000;
const HOST_AT = 0x100000;
export const HOST_STACK = 0x300000;
export const GUEST_STACK = 0x310000;

export interface Rig {
  readonly pc: Pc;
  readonly vmcs: Vmcs;
}

/** What a guest begins with besides the rest of the state. */
export interface Guest {
  readonly model?: Model;
  /** Assembled at `GUEST_AT`. */
  readonly code?: string;
  readonly pin?: number;
  readonly primary?: number;
  readonly secondary?: number;
  readonly exit?: number;
  readonly fields?: Partial<Record<FieldName, number>>;
}

const bytesOf = (source: string, origin: number): Uint8Array => {
  const { bytes, diagnostics } = assembleIa32(source, { origin });
  if (diagnostics.length > 0) throw new Error(diagnostics[0]!.message);
  return bytes;
};

/** Host: flat, paging with 4 M pages mapped to themselves. Guest: the same, under extended tables of 2 M pages. */
export function rig({ code = 'hlt', model = SKYLAKE, ...guest }: Guest = {}): Rig {
  const pc = new Pc({ model, memory: 16 << 20, bootOrder: [] });
  const { cpu } = pc;
  startFlat(pc, HOST_AT, 0x8000);
  const source = `
    lgdt [gdtr]
    mov ax, 0x20
    ltr ax
    mov eax, ${DIRECTORY}
    mov cr3, eax
    mov eax, 0x2010
    mov cr4, eax
    mov eax, cr0
    or eax, 0x80000020
    mov cr0, eax
    vmxon [pointers]
    vmclear [pointers + 8]
    vmptrld [pointers + 8]
    hlt
    vmlaunch
    hlt
    align 8
gdtr: dw 0x2f
    dd ${GDT}
    align 8
pointers: dq ${VMXON_AT}, ${VMCS_AT}
    times 0x100 - ($ - $$) db 0
    hlt`;
  pc.load(HOST_AT, bytesOf(`bits 32\n${source}`, HOST_AT));
  pc.load(GUEST_AT, bytesOf(`bits 32\n${code}`, GUEST_AT));
  for (let k = 0; k < 4; k++) pc.loadWord(DIRECTORY + 4 * k, (k << 22) | 0x87);
  [
    0,
    0,
    0,
    0,
    0xffff,
    0x00cf9b00,
    0xffff,
    0x00cf9300,
    (TSS << 16) | 0x67,
    0x8900 | (TSS >>> 16),
    0,
    0,
  ].forEach((word, k) => {
    pc.loadWord(GDT + 4 * k, word);
  });
  pc.loadWord(VMXON_AT, REVISION);
  pc.loadWord(VMCS_AT, REVISION);
  nestedTables(pc);
  while (!cpu.halted) pc.step();
  const vmcs = new Vmcs(cpu, VMCS_AT);
  fill(vmcs, pc, guest);
  return { pc, vmcs };
}

/** Extended tables that map 16 M to themselves. */
function nestedTables(pc: Pc): void {
  const [directory, pages] = [EPT_AT + 0x1000, EPT_AT + 0x2000];
  pc.loadWord(EPT_AT, directory | 7);
  pc.loadWord(directory, pages | 7);
  for (let k = 0; k < 8; k++) pc.loadWord(pages + 8 * k, (k << 21) | 0xb7);
}

function fill(vmcs: Vmcs, { cpu }: Pc, guest: Omit<Guest, 'code' | 'model'>): void {
  const { pin, primary, exit, entry } = allowedControls(cpu.features);
  const set = (values: Partial<Record<FieldName, number>>): void => {
    for (const [name, value] of Object.entries(values)) vmcs.set(name as FieldName, value);
  };
  const nested = cpu.features.has('vmx-ept');
  const secondary = guest.secondary ?? (nested ? SECONDARY.EPT | SECONDARY.VPID : 0);
  set({
    PIN_CONTROLS: pin.ones | (guest.pin ?? 0),
    PRIMARY_CONTROLS:
      primary.ones | PRIMARY.HLT_EXITING | (guest.primary ?? 0) | (nested ? PRIMARY.SECONDARY : 0),
    SECONDARY_CONTROLS: secondary,
    EXIT_CONTROLS: exit.ones | (guest.exit ?? 0),
    ENTRY_CONTROLS: entry.ones,
    VPID: 1,
    EPT_POINTER: EPT_AT | 0x1e,
    VMCS_LINK_POINTER: -1,
    IO_BITMAP_A: BITMAPS,
    IO_BITMAP_B: BITMAPS + 0x1000,
    MSR_BITMAP: BITMAPS + 0x2000,
    HOST_CR0: cpu.cr0,
    HOST_CR3: cpu.cr3,
    HOST_CR4: cpu.cr4,
    HOST_CS_SELECTOR: 0x10,
    HOST_SS_SELECTOR: 0x18,
    HOST_DS_SELECTOR: 0x18,
    HOST_ES_SELECTOR: 0x18,
    HOST_TR_SELECTOR: 0x20,
    HOST_TR_BASE: TSS,
    HOST_GDTR_BASE: GDT,
    HOST_RSP: HOST_STACK,
    HOST_RIP: HOST_AT + 0x100,
    GUEST_CR0: cpu.cr0,
    GUEST_CR3: cpu.cr3,
    GUEST_CR4: cpu.cr4,
    GUEST_DR7: 0x400,
    GUEST_RFLAGS: 2,
    GUEST_RSP: GUEST_STACK,
    GUEST_RIP: GUEST_AT,
    GUEST_GDTR_BASE: GDT,
    GUEST_GDTR_LIMIT: 0x2f,
    GUEST_LDTR_ACCESS: 0x10000,
    GUEST_TR_SELECTOR: 0x20,
    GUEST_TR_ACCESS: 0x8b,
    GUEST_TR_BASE: TSS,
    GUEST_TR_LIMIT: 0x67,
  });
  vmcs.setHigh('VMCS_LINK_POINTER', -1);
  for (const name of ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'] as const)
    set({
      [`GUEST_${name}_SELECTOR`]: name === 'CS' ? 0x10 : 0x18,
      [`GUEST_${name}_LIMIT`]: -1,
      [`GUEST_${name}_ACCESS`]: name === 'CS' ? 0xc09b : 0xc093,
    });
  set(guest.fields ?? {});
}

/** Executes VMLAUNCH and what follows until the host halts: by the exit, or behind the instruction that failed. */
export function launch({ pc }: Rig): 'exit' | 'failed' {
  const { cpu } = pc;
  cpu.halted = false;
  for (let k = 0; k < 10_000; k++) {
    pc.step();
    if (cpu.guest === null && cpu.halted) return cpu.words[4] === HOST_STACK ? 'exit' : 'failed';
  }
  throw new Error('the guest does not come back');
}

export { ENTRY, EXIT, PIN, PRIMARY, SECONDARY };
