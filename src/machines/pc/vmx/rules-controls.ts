/** Checks of the control fields at VM entry. A breach is VM-instruction error 7. SDM vol. 3C, section 26.2.1. */
import type { Cpu } from '../cpu.ts';
import { ENTRY, EXIT, PIN, PRIMARY, REGION_BYTES, SECONDARY, type Allowed } from './controls.ts';
import { addressGood, implies, type Candidate, type Rule } from './rules.ts';
import type { FieldName } from './fields.ts';
import { EVENT_ERROR, EVENT_TYPE, EVENT_VALID } from './unit.ts';

const within = (value: number, { ones, may }: Allowed): boolean =>
  (value & ones) === ones && (value & ~may) === 0;
const page = ({ cpu, vmcs }: Candidate, name: FieldName): boolean =>
  addressGood(cpu, vmcs.get(name), vmcs.high(name), REGION_BYTES);
const list = (
  { cpu, vmcs }: Candidate,
  name: 'EXIT_MSR_STORE' | 'EXIT_MSR_LOAD' | 'ENTRY_MSR_LOAD',
): boolean =>
  vmcs.get(`${name}_COUNT`) === 0 ||
  addressGood(cpu, vmcs.get(`${name}_ADDRESS`), vmcs.high(`${name}_ADDRESS`), 16);

const EXECUTION: readonly Rule[] = [
  {
    says: 'pin-based controls within IA32_VMX_PINBASED_CTLS',
    holds: (c) => within(c.mode.pin, c.allowed.pin),
  },
  {
    says: 'primary processor-based controls within IA32_VMX_PROCBASED_CTLS',
    holds: (c) => within(c.mode.primary, c.allowed.primary),
  },
  {
    says: 'secondary processor-based controls within IA32_VMX_PROCBASED_CTLS2',
    holds: (c) => within(c.mode.secondary, c.allowed.secondary),
  },
  { says: 'CR3-target count not above 4', holds: (c) => c.vmcs.get('CR3_TARGET_COUNT') >>> 0 <= 4 },
  {
    says: 'I/O bitmaps at multiples of 4 K, within physical addresses',
    holds: (c) =>
      implies(
        (c.mode.primary & PRIMARY.USE_IO_BITMAPS) !== 0,
        () => page(c, 'IO_BITMAP_A') && page(c, 'IO_BITMAP_B'),
      ),
  },
  {
    says: 'MSR bitmap at a multiple of 4 K, within physical addresses',
    holds: (c) => implies((c.mode.primary & PRIMARY.USE_MSR_BITMAPS) !== 0, () => page(c, 'MSR_BITMAP')),
  },
  {
    says: 'VPID not 0000',
    holds: (c) => implies((c.mode.secondary & SECONDARY.VPID) !== 0, () => c.vmcs.get('VPID') !== 0),
  },
  {
    says: 'EPT pointer: memory type, four levels, flags, reserved bits',
    holds: (c) =>
      implies((c.mode.secondary & SECONDARY.EPT) !== 0, () =>
        eptPointerGood(c.cpu, c.vmcs.get('EPT_POINTER'), c.vmcs.high('EPT_POINTER')),
      ),
  },
  {
    says: 'unrestricted guest only with EPT',
    holds: ({ mode }) =>
      implies(
        (mode.secondary & SECONDARY.UNRESTRICTED_GUEST) !== 0,
        () => (mode.secondary & SECONDARY.EPT) !== 0,
      ),
  },
];

/** Section 24.6.11. */
export function eptPointerGood(cpu: Cpu, pointer: number, high: number): boolean {
  const type = pointer & 7;
  const dirty = (pointer & 0x40) !== 0;
  return (
    (type === 0 || type === 6) &&
    ((pointer >>> 3) & 7) === 3 &&
    (!dirty || cpu.features.has('vmx-ept-dirty')) &&
    (pointer & 0xf80) === 0 &&
    addressGood(cpu, pointer & ~0xfff, high, REGION_BYTES)
  );
}

const EXITS: readonly Rule[] = [
  { says: 'VM-exit controls within IA32_VMX_EXIT_CTLS', holds: (c) => within(c.mode.exit, c.allowed.exit) },
  {
    says: 'save preemption timer only if it is activated',
    holds: ({ mode }) =>
      implies((mode.exit & EXIT.SAVE_TIMER) !== 0, () => (mode.pin & PIN.PREEMPTION_TIMER) !== 0),
  },
  { says: 'VM-exit MSR-store address', holds: (c) => list(c, 'EXIT_MSR_STORE') },
  { says: 'VM-exit MSR-load address', holds: (c) => list(c, 'EXIT_MSR_LOAD') },
];

const ENTRIES: readonly Rule[] = [
  {
    says: 'VM-entry controls within IA32_VMX_ENTRY_CTLS',
    holds: (c) => within(c.mode.entry, c.allowed.entry),
  },
  {
    says: 'neither entry to SMM nor deactivation of dual-monitor treatment outside SMM',
    holds: ({ mode }) => (mode.entry & (ENTRY.ENTRY_TO_SMM | ENTRY.DEACTIVATE_DUAL_MONITOR)) === 0,
  },
  { says: 'VM-entry MSR-load address', holds: (c) => list(c, 'ENTRY_MSR_LOAD') },
];

/** Of the event to inject: the fields that each entry has of its own. */
export const EVENT_RULES: readonly Rule[] = [
  { says: 'event: type not reserved', holds: (c) => event(c, ({ type }) => type !== 1 && type !== 7) },
  {
    says: 'event: vector 2 of an NMI, at most 31 of a hardware exception',
    holds: (c) =>
      event(
        c,
        ({ type, vector }) =>
          (type !== EVENT_TYPE.NMI || vector === 2) && (type !== EVENT_TYPE.HARDWARE || vector <= 31),
      ),
  },
  {
    says: 'event: error code exactly for hardware exceptions that have one, in protected mode',
    holds: (c) => event(c, ({ type, vector, error }) => error === hasError(c, type, vector)),
  },
  {
    says: 'event: reserved bits 0',
    holds: (c) => event(c, ({ information }) => (information & 0x7ffff000) === 0),
  },
  {
    says: 'event: bits 31 to 15 of the error code 0',
    holds: (c) => event(c, ({ error }) => !error || (c.vmcs.get('ENTRY_ERROR_CODE') & 0xffff8000) === 0),
  },
  {
    says: 'event: instruction length of 1 to 15 for software events',
    holds: (c) =>
      event(c, ({ type }) => {
        const length = c.vmcs.get('ENTRY_INSTRUCTION_LENGTH') >>> 0;
        return type < EVENT_TYPE.SOFTWARE || (length >= 1 && length <= 15);
      }),
  },
];

export const CONTROL_RULES: readonly Rule[] = [...EXECUTION, ...EXITS, ...ENTRIES, ...EVENT_RULES];

interface Injected {
  readonly information: number;
  readonly vector: number;
  readonly type: number;
  readonly error: boolean;
}
const WITH_ERROR: ReadonlySet<number> = new Set([8, 10, 11, 12, 13, 14, 17]);
/** In real-address mode exceptions push no error code. */
const hasError = ({ vmcs, mode }: Candidate, type: number, vector: number): boolean =>
  type === EVENT_TYPE.HARDWARE &&
  WITH_ERROR.has(vector) &&
  !(mode.unrestricted && (vmcs.get('GUEST_CR0') & 1) === 0);

function event({ vmcs }: Candidate, holds: (event: Injected) => boolean): boolean {
  const information = vmcs.get('ENTRY_INTERRUPTION');
  if ((information & EVENT_VALID) === 0) return true;
  return holds({
    information,
    vector: information & 0xff,
    type: (information >>> 8) & 7,
    error: (information & EVENT_ERROR) !== 0,
  });
}
