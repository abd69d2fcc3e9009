/** Checks of the guest-state area at VM entry. A breach is exit 33. SDM vol. 3C, section 26.3.1. */
import { knownCr4 } from '../control-registers.ts';
import { FLAG_IF, FLAG_RESERVED, FLAG_TF, FLAG_VM, KNOWN_FLAGS } from '../eflags.ts';
import { CR0_CD, CR0_NE, CR0_NW, CR0_PE, CR0_PG } from '../registers.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_STI, UNUSABLE } from './context.ts';
import { ENTRY, REGION_BYTES, REVISION } from './controls.ts';
import { SEGMENT_FIELDS, type VmcsSegment } from './fields.ts';
import { CR0_FIXED, CR4_FIXED } from './fixed-bits.ts';
import { addressGood, implies, patGood, type Candidate, type Rule } from './rules.ts';
import { EVENT_TYPE, EVENT_VALID } from './unit.ts';
import { Vmcs } from './vmcs.ts';

// ---------------------------------------------------------------- segments

interface Segment {
  readonly selector: number;
  readonly base: number;
  readonly limit: number;
  readonly access: number;
  readonly usable: boolean;
  readonly type: number;
  readonly dpl: number;
}
function segmentOf({ vmcs }: Candidate, name: VmcsSegment): Segment {
  const fields = SEGMENT_FIELDS[name];
  const access = vmcs.get(fields.access);
  return {
    selector: vmcs.get(fields.selector),
    base: vmcs.get(fields.base),
    limit: vmcs.get(fields.limit) >>> 0,
    access,
    usable: (access & UNUSABLE) === 0,
    type: access & 0xf,
    dpl: (access >>> 5) & 3,
  };
}

const CODE = 8;
const GRANULARITY = 0x8000;
const RESERVED_RIGHTS = 0xfffe0f00 | 0;
const V86_RIGHTS = 0xf3;
const DATA_AND_CODE = ['CS', 'SS', 'DS', 'ES', 'FS', 'GS'] as const;
const DATA = ['DS', 'ES', 'FS', 'GS'] as const;

const isVirtual = ({ vmcs }: Candidate): boolean => (vmcs.get('GUEST_RFLAGS') & FLAG_VM) !== 0;
const isReal = ({ vmcs }: Candidate): boolean => (vmcs.get('GUEST_CR0') & CR0_PE) === 0;
/** The limit's low twelve bits are not all 1: counted in bytes; its high twelve are not all 0: in pages. */
const granularityGood = ({ access, limit }: Segment): boolean =>
  implies((limit & 0xfff) !== 0xfff, () => (access & GRANULARITY) === 0) &&
  implies(limit > 0xfffff, () => (access & GRANULARITY) !== 0);

const segmentRule = (
  name: VmcsSegment,
  says: string,
  holds: (segment: Segment, candidate: Candidate) => boolean,
): Rule => ({ says: `${name}: ${says}`, holds: (c) => holds(segmentOf(c, name), c) });

/** In virtual-8086 mode a segment is as a segment of the 8086 is. */
const virtualRules = (name: (typeof DATA_AND_CODE)[number]): readonly Rule[] => [
  segmentRule(name, 'in virtual-8086 mode the base is the selector times 16', ({ base, selector }, c) =>
    implies(isVirtual(c), () => base === selector << 4),
  ),
  segmentRule(name, 'in virtual-8086 mode the limit is FFFF', ({ limit }, c) =>
    implies(isVirtual(c), () => limit === 0xffff),
  ),
  segmentRule(name, 'in virtual-8086 mode the access rights are F3', ({ access }, c) =>
    implies(isVirtual(c), () => access === V86_RIGHTS),
  ),
];

/** Rights outside virtual-8086 mode of a segment that is in use. */
const rightsRules = (name: (typeof DATA_AND_CODE)[number]): readonly Rule[] => {
  const rule = (says: string, holds: (segment: Segment, c: Candidate) => boolean): Rule =>
    segmentRule(name, says, (s, c) =>
      implies(!isVirtual(c) && (s.usable || name === 'CS'), () => holds(s, c)),
    );
  return [
    rule('type', ({ type }, c) => typeGood(name, type, c)),
    rule('is a segment of code or data', ({ access }) => (access & 0x10) !== 0),
    rule('DPL', (s, c) => dplGood(name, s, c)),
    rule('is present', ({ access }) => (access & 0x80) !== 0),
    rule('reserved access rights are 0', ({ access }) => (access & RESERVED_RIGHTS) === 0),
    rule('granularity fits the limit', granularityGood),
  ];
};

function typeGood(name: (typeof DATA_AND_CODE)[number], type: number, c: Candidate): boolean {
  if (name === 'CS') return [9, 11, 13, 15].includes(type) || (c.mode.unrestricted && type === 3);
  if (name === 'SS') return type === 3 || type === 7;
  // Accessed; code must be readable.
  return (type & 1) !== 0 && ((type & CODE) === 0 || (type & 2) !== 0);
}

function dplGood(name: (typeof DATA_AND_CODE)[number], segment: Segment, c: Candidate): boolean {
  const { dpl, type, selector } = segment;
  const stack = segmentOf(c, 'SS');
  if (name === 'CS') {
    if (type === 3) return dpl === 0;
    return type === 9 || type === 11 ? dpl === stack.dpl : dpl <= stack.dpl;
  }
  if (name === 'SS') {
    if (!c.mode.unrestricted) return dpl === (selector & 3);
    return implies(isReal(c) || segmentOf(c, 'CS').type === 3, () => dpl === 0);
  }
  return c.mode.unrestricted || type > 11 || dpl >= (selector & 3);
}

export const SEGMENT_RULES: readonly Rule[] = [
  segmentRule('TR', 'TI of the selector is 0', ({ selector }) => (selector & 4) === 0),
  segmentRule('LDTR', 'TI of the selector is 0', ({ selector, usable }) => !usable || (selector & 4) === 0),
  segmentRule('SS', 'RPL is that of CS', ({ selector }, c) =>
    implies(
      !isVirtual(c) && !c.mode.unrestricted,
      () => (selector & 3) === (segmentOf(c, 'CS').selector & 3),
    ),
  ),
  ...DATA_AND_CODE.flatMap(virtualRules),
  ...(['CS', 'SS', ...DATA] as const).flatMap(rightsRules),
  segmentRule('TR', 'is usable', ({ usable }) => usable),
  segmentRule('TR', 'is a busy TSS of 32 bits, or of 16', ({ type }) => type === 11 || type === 3),
  segmentRule('TR', 'is a system segment', ({ access }) => (access & 0x10) === 0),
  segmentRule('TR', 'is present', ({ access }) => (access & 0x80) !== 0),
  segmentRule('TR', 'reserved access rights are 0', ({ access }) => (access & RESERVED_RIGHTS) === 0),
  segmentRule('TR', 'granularity fits the limit', granularityGood),
  segmentRule('LDTR', 'is a local descriptor table', ({ type, usable }) => !usable || type === 2),
  segmentRule('LDTR', 'is a system segment', ({ access, usable }) => !usable || (access & 0x10) === 0),
  segmentRule('LDTR', 'is present', ({ access, usable }) => !usable || (access & 0x80) !== 0),
  segmentRule(
    'LDTR',
    'reserved access rights are 0',
    ({ access, usable }) => !usable || (access & RESERVED_RIGHTS) === 0,
  ),
  segmentRule('LDTR', 'granularity fits the limit', (s) => !s.usable || granularityGood(s)),
];

// ---------------------------------------------------------------- control registers, tables, activity

const CONTROL_REGISTERS: readonly Rule[] = [
  {
    says: 'CR0 holds the fixed bits, but for PE and PG of an unrestricted guest',
    holds: ({ vmcs, mode }) => (~vmcs.get('GUEST_CR0') & (mode.unrestricted ? CR0_NE : CR0_FIXED)) === 0,
  },
  {
    says: 'CR0: PG only with PE, NW only with CD',
    holds: ({ vmcs }) => {
      const cr0 = vmcs.get('GUEST_CR0');
      return (
        implies((cr0 & CR0_PG) !== 0, () => (cr0 & CR0_PE) !== 0) &&
        implies((cr0 & CR0_NW) !== 0, () => (cr0 & CR0_CD) !== 0)
      );
    },
  },
  {
    says: 'CR4 holds the fixed bits and none that the processor lacks',
    holds: ({ cpu, vmcs }) => {
      const cr4 = vmcs.get('GUEST_CR4');
      return (~cr4 & CR4_FIXED) === 0 && (cr4 & ~knownCr4(cpu.features)) === 0;
    },
  },
  {
    says: 'IA32_DEBUGCTL has no reserved bit',
    holds: ({ vmcs, mode }) =>
      implies((mode.entry & ENTRY.LOAD_DEBUG) !== 0, () => (vmcs.get('GUEST_DEBUGCTL') & ~0xffc3) === 0),
  },
  {
    says: 'PAT of the guest holds memory types',
    holds: ({ vmcs, mode }) =>
      implies((mode.entry & ENTRY.LOAD_PAT) !== 0, () =>
        patGood(vmcs.get('GUEST_PAT'), vmcs.high('GUEST_PAT')),
      ),
  },
];

const TABLES: readonly Rule[] = (['GDTR', 'IDTR'] as const).map((name) => ({
  says: `${name}: bits 31 to 16 of the limit are 0`,
  holds: ({ vmcs }) => (vmcs.get(`GUEST_${name}_LIMIT`) & 0xffff0000) === 0,
}));

const FLAGS: readonly Rule[] = [
  {
    says: 'RFLAGS: bit 1 is 1, reserved bits are 0',
    holds: ({ vmcs }) => {
      const flags = vmcs.get('GUEST_RFLAGS');
      return (flags & FLAG_RESERVED) !== 0 && (flags & ~(KNOWN_FLAGS | FLAG_RESERVED | 0x180000)) === 0;
    },
  },
  { says: 'RFLAGS: VM only in protected mode', holds: (c) => implies(isReal(c), () => !isVirtual(c)) },
  {
    says: 'RFLAGS: IF is 1 when an external interrupt is injected',
    holds: ({ vmcs }) => {
      const information = vmcs.get('ENTRY_INTERRUPTION');
      const external = (information & EVENT_VALID) !== 0 && ((information >>> 8) & 7) === EVENT_TYPE.EXTERNAL;
      return implies(external, () => (vmcs.get('GUEST_RFLAGS') & FLAG_IF) !== 0);
    },
  },
];

const HLT = 1;
const interruptibility = ({ vmcs }: Candidate): number => vmcs.get('GUEST_INTERRUPTIBILITY');
const injects = ({ vmcs }: Candidate, type: number): boolean => {
  const information = vmcs.get('ENTRY_INTERRUPTION');
  return (information & EVENT_VALID) !== 0 && ((information >>> 8) & 7) === type;
};

const NON_REGISTER: readonly Rule[] = [
  {
    says: 'activity state is active or HLT',
    holds: ({ vmcs }) => vmcs.get('GUEST_ACTIVITY') >>> 0 <= HLT,
  },
  {
    says: 'activity state HLT only with SS at DPL 0',
    holds: (c) => implies(c.vmcs.get('GUEST_ACTIVITY') === HLT, () => segmentOf(c, 'SS').dpl === 0),
  },
  {
    says: 'activity state is active while STI or MOV SS blocks',
    holds: (c) => implies((interruptibility(c) & 3) !== 0, () => c.vmcs.get('GUEST_ACTIVITY') === 0),
  },
  {
    says: 'in HLT only interrupts, NMI, debug and machine-check exceptions are injected',
    holds: (c) =>
      implies(
        c.vmcs.get('GUEST_ACTIVITY') === HLT && (c.vmcs.get('ENTRY_INTERRUPTION') & EVENT_VALID) !== 0,
        () =>
          injects(c, EVENT_TYPE.EXTERNAL) ||
          injects(c, EVENT_TYPE.NMI) ||
          (injects(c, EVENT_TYPE.HARDWARE) && [1, 18].includes(c.vmcs.get('ENTRY_INTERRUPTION') & 0xff)),
      ),
  },
  {
    says: 'interruptibility: reserved bits, SMI and enclave bits are 0',
    holds: (c) => (interruptibility(c) & ~0xb) === 0,
  },
  {
    says: 'interruptibility: not both STI and MOV SS',
    holds: (c) => (interruptibility(c) & 3) !== (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS),
  },
  {
    says: 'interruptibility: STI blocks only while IF is 1',
    holds: (c) =>
      implies(
        (interruptibility(c) & BLOCKED_BY_STI) !== 0,
        () => (c.vmcs.get('GUEST_RFLAGS') & FLAG_IF) !== 0,
      ),
  },
  {
    says: 'interruptibility: nothing blocks when an external interrupt is injected',
    holds: (c) => implies(injects(c, EVENT_TYPE.EXTERNAL), () => (interruptibility(c) & 3) === 0),
  },
  {
    says: 'interruptibility: MOV SS does not block when an NMI is injected',
    holds: (c) => implies(injects(c, EVENT_TYPE.NMI), () => (interruptibility(c) & BLOCKED_BY_MOV_SS) === 0),
  },
  {
    says: 'pending debug exceptions: reserved bits are 0',
    holds: ({ vmcs }) => (vmcs.get('GUEST_PENDING_DEBUG') & ~0x500f) === 0,
  },
  {
    says: 'pending debug exceptions: BS goes with TF where STI, MOV SS or HLT holds it off',
    holds: (c) =>
      implies((interruptibility(c) & 3) !== 0 || c.vmcs.get('GUEST_ACTIVITY') === HLT, () => {
        const stepping = (c.vmcs.get('GUEST_RFLAGS') & FLAG_TF) !== 0;
        return stepping === ((c.vmcs.get('GUEST_PENDING_DEBUG') & 0x4000) !== 0);
      }),
  },
];

/** Checks that look at other fields than those that seldom change and RFLAGS.VM. */
export const FICKLE_GUEST_RULES: readonly Rule[] = [...FLAGS, ...NON_REGISTER];
/** All checks but the two whose qualification is their own. */
export const GUEST_RULES: readonly Rule[] = [
  ...CONTROL_REGISTERS,
  ...SEGMENT_RULES,
  ...TABLES,
  ...FICKLE_GUEST_RULES,
];

/** Qualification 4 has its own rule. */
export const LINK_RULE: Rule = {
  says: 'VMCS link pointer is all ones, or names a VMCS of the right revision',
  holds: ({ cpu, vmcs }) => {
    const [low, high] = [vmcs.get('VMCS_LINK_POINTER'), vmcs.high('VMCS_LINK_POINTER')];
    if (low === -1 && high === -1) return true;
    return addressGood(cpu, low, high, REGION_BYTES) && new Vmcs(cpu, low).revision === REVISION;
  },
};
