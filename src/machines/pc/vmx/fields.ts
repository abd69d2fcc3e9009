/**
 * The fields of the virtual-machine control structure, each once: name and encoding, from which width and kind follow.
 * SDM vol. 3C, appendix B and section 24.11.2. Natural-width fields have 32 bits: this processor knows no 64-bit mode.
 */
import type { Feature } from '../models/classes.ts';

const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS', 'LDTR', 'TR'] as const;
export type VmcsSegment = (typeof SEGMENTS)[number];

/** The same field for a row of segments, each two further on. */
const each = <const Kind extends string>(
  kind: Kind,
  first: number,
): { [Name in VmcsSegment as `GUEST_${Name}_${Kind}`]: number } =>
  Object.fromEntries(SEGMENTS.map((name, k) => [`GUEST_${name}_${kind}`, first + 2 * k])) as {
    [Name in VmcsSegment as `GUEST_${Name}_${Kind}`]: number;
  };

/** Encodings by name. */
export const FIELD = {
  // 16-bit
  VPID: 0x0000,
  ...each('SELECTOR', 0x0800),
  HOST_ES_SELECTOR: 0x0c00,
  HOST_CS_SELECTOR: 0x0c02,
  HOST_SS_SELECTOR: 0x0c04,
  HOST_DS_SELECTOR: 0x0c06,
  HOST_FS_SELECTOR: 0x0c08,
  HOST_GS_SELECTOR: 0x0c0a,
  HOST_TR_SELECTOR: 0x0c0c,
  // 64-bit
  IO_BITMAP_A: 0x2000,
  IO_BITMAP_B: 0x2002,
  MSR_BITMAP: 0x2004,
  EXIT_MSR_STORE_ADDRESS: 0x2006,
  EXIT_MSR_LOAD_ADDRESS: 0x2008,
  ENTRY_MSR_LOAD_ADDRESS: 0x200a,
  EXECUTIVE_VMCS_POINTER: 0x200c,
  TSC_OFFSET: 0x2010,
  EPT_POINTER: 0x201a,
  GUEST_PHYSICAL_ADDRESS: 0x2400,
  VMCS_LINK_POINTER: 0x2800,
  GUEST_DEBUGCTL: 0x2802,
  GUEST_PAT: 0x2804,
  GUEST_PDPTE0: 0x280a,
  GUEST_PDPTE1: 0x280c,
  GUEST_PDPTE2: 0x280e,
  GUEST_PDPTE3: 0x2810,
  HOST_PAT: 0x2c00,
  // 32-bit
  PIN_CONTROLS: 0x4000,
  PRIMARY_CONTROLS: 0x4002,
  EXCEPTION_BITMAP: 0x4004,
  PAGE_FAULT_MASK: 0x4006,
  PAGE_FAULT_MATCH: 0x4008,
  CR3_TARGET_COUNT: 0x400a,
  EXIT_CONTROLS: 0x400c,
  EXIT_MSR_STORE_COUNT: 0x400e,
  EXIT_MSR_LOAD_COUNT: 0x4010,
  ENTRY_CONTROLS: 0x4012,
  ENTRY_MSR_LOAD_COUNT: 0x4014,
  ENTRY_INTERRUPTION: 0x4016,
  ENTRY_ERROR_CODE: 0x4018,
  ENTRY_INSTRUCTION_LENGTH: 0x401a,
  TPR_THRESHOLD: 0x401c,
  SECONDARY_CONTROLS: 0x401e,
  INSTRUCTION_ERROR: 0x4400,
  EXIT_REASON: 0x4402,
  EXIT_INTERRUPTION: 0x4404,
  EXIT_ERROR_CODE: 0x4406,
  IDT_VECTORING: 0x4408,
  IDT_VECTORING_ERROR: 0x440a,
  EXIT_INSTRUCTION_LENGTH: 0x440c,
  EXIT_INSTRUCTION_INFORMATION: 0x440e,
  ...each('LIMIT', 0x4800),
  GUEST_GDTR_LIMIT: 0x4810,
  GUEST_IDTR_LIMIT: 0x4812,
  ...each('ACCESS', 0x4814),
  GUEST_INTERRUPTIBILITY: 0x4824,
  GUEST_ACTIVITY: 0x4826,
  GUEST_SMBASE: 0x4828,
  GUEST_SYSENTER_CS: 0x482a,
  PREEMPTION_TIMER: 0x482e,
  HOST_SYSENTER_CS: 0x4c00,
  // natural width
  CR0_MASK: 0x6000,
  CR4_MASK: 0x6002,
  CR0_SHADOW: 0x6004,
  CR4_SHADOW: 0x6006,
  CR3_TARGET_0: 0x6008,
  CR3_TARGET_1: 0x600a,
  CR3_TARGET_2: 0x600c,
  CR3_TARGET_3: 0x600e,
  EXIT_QUALIFICATION: 0x6400,
  IO_RCX: 0x6402,
  IO_RSI: 0x6404,
  IO_RDI: 0x6406,
  IO_RIP: 0x6408,
  GUEST_LINEAR_ADDRESS: 0x640a,
  GUEST_CR0: 0x6800,
  GUEST_CR3: 0x6802,
  GUEST_CR4: 0x6804,
  ...each('BASE', 0x6806),
  GUEST_GDTR_BASE: 0x6816,
  GUEST_IDTR_BASE: 0x6818,
  GUEST_DR7: 0x681a,
  GUEST_RSP: 0x681c,
  GUEST_RIP: 0x681e,
  GUEST_RFLAGS: 0x6820,
  GUEST_PENDING_DEBUG: 0x6822,
  GUEST_SYSENTER_ESP: 0x6824,
  GUEST_SYSENTER_EIP: 0x6826,
  HOST_CR0: 0x6c00,
  HOST_CR3: 0x6c02,
  HOST_CR4: 0x6c04,
  HOST_FS_BASE: 0x6c06,
  HOST_GS_BASE: 0x6c08,
  HOST_TR_BASE: 0x6c0a,
  HOST_GDTR_BASE: 0x6c0c,
  HOST_IDTR_BASE: 0x6c0e,
  HOST_SYSENTER_ESP: 0x6c10,
  HOST_SYSENTER_EIP: 0x6c12,
  HOST_RSP: 0x6c14,
  HOST_RIP: 0x6c16,
} as const;
export type FieldName = keyof typeof FIELD;

/** What an encoding says. SDM vol. 3C, table 24-17. */
export type FieldWidth = 16 | 64 | 32 | 'natural';
const WIDTHS: readonly FieldWidth[] = [16, 64, 32, 'natural'];
const KINDS = ['control', 'read-only', 'guest', 'host'] as const;
export type FieldKind = (typeof KINDS)[number];
export const widthOf = (encoding: number): FieldWidth => WIDTHS[(encoding >>> 13) & 3]!;
export const kindOf = (encoding: number): FieldKind => KINDS[(encoding >>> 10) & 3]!;

/** Fields that are there only with a feature of the processor. */
const NEEDS: Partial<Readonly<Record<FieldName, Feature>>> = {
  VPID: 'vmx-vpid',
  MSR_BITMAP: 'vmx-msr-bitmap',
  EPT_POINTER: 'vmx-ept',
  GUEST_PHYSICAL_ADDRESS: 'vmx-ept',
  GUEST_PDPTE0: 'vmx-ept',
  GUEST_PDPTE1: 'vmx-ept',
  GUEST_PDPTE2: 'vmx-ept',
  GUEST_PDPTE3: 'vmx-ept',
  SECONDARY_CONTROLS: 'vmx-ept',
  PREEMPTION_TIMER: 'vmx-timer',
};

/** The fields of one segment register. */
export interface SegmentFields {
  readonly selector: FieldName;
  readonly base: FieldName;
  readonly limit: FieldName;
  readonly access: FieldName;
}
export const SEGMENT_FIELDS = Object.fromEntries(
  SEGMENTS.map((name): [VmcsSegment, SegmentFields] => [
    name,
    {
      selector: `GUEST_${name}_SELECTOR`,
      base: `GUEST_${name}_BASE`,
      limit: `GUEST_${name}_LIMIT`,
      access: `GUEST_${name}_ACCESS`,
    },
  ]),
) as Readonly<Record<VmcsSegment, SegmentFields>>;

/** What changes with each event: fields of it among the controls, and a guest's most fickle registers. */
const FICKLE: ReadonlySet<FieldName> = new Set([
  ...(['ENTRY_INTERRUPTION', 'ENTRY_ERROR_CODE', 'ENTRY_INSTRUCTION_LENGTH'] as const),
  ...(['GUEST_RIP', 'GUEST_RSP', 'GUEST_RFLAGS', 'GUEST_CR3', 'GUEST_DR7'] as const),
  ...(['GUEST_ACTIVITY', 'GUEST_INTERRUPTIBILITY', 'GUEST_PENDING_DEBUG', 'PREEMPTION_TIMER'] as const),
  ...(['GUEST_SYSENTER_CS', 'GUEST_SYSENTER_ESP', 'GUEST_SYSENTER_EIP'] as const),
  ...(['GUEST_PDPTE0', 'GUEST_PDPTE1', 'GUEST_PDPTE2', 'GUEST_PDPTE3'] as const),
]);
const isSteady = ([name, encoding]: readonly [FieldName, number]): boolean =>
  kindOf(encoding) !== 'read-only' && !FICKLE.has(name);

export interface Field {
  readonly name: FieldName;
  readonly encoding: number;
  /** Place among the fields: where this processor keeps it. Those that seldom change come first. */
  readonly index: number;
  readonly needs: Feature | undefined;
}

const ALL = Object.entries(FIELD) as [FieldName, number][];
const PLACES: readonly FieldName[] = [...ALL.filter(isSteady), ...ALL.filter((each) => !isSteady(each))].map(
  ([name]) => name,
);
export const STEADY_FIELDS = ALL.filter(isSteady).length;

/** In the order of the manual. */
export const FIELDS: readonly Field[] = ALL.map(([name, encoding]) => ({
  ...{ name, encoding, needs: NEEDS[name] },
  index: PLACES.indexOf(name),
}));
const BY_ENCODING: ReadonlyMap<number, Field> = new Map(FIELDS.map((field) => [field.encoding, field]));

/** The field that an encoding names, with bit 0 (the high half of a 64-bit field) left out. */
export function fieldAt(encoding: number): Field | undefined {
  const high = (encoding & 1) !== 0;
  if (high && widthOf(encoding) !== 64) return undefined;
  return BY_ENCODING.get(high ? encoding & ~1 : encoding);
}

/** IA32_VMX_VMCS_ENUM: the highest index of any encoding, in bits 9 to 1. */
export const HIGHEST_INDEX = Math.max(...FIELDS.map(({ encoding }) => (encoding >>> 1) & 0x1ff));
