/** Checks of the host-state area at VM entry. A breach is VM-instruction error 8. SDM vol. 3C, sections 26.2.2 to 26.2.4. */
import { knownCr4 } from '../control-registers.ts';
import { ENTRY, EXIT } from './controls.ts';
import type { FieldName } from './fields.ts';
import { CR0_FIXED, CR4_FIXED } from './fixed-bits.ts';
import { implies, patGood, type Candidate, type Rule } from './rules.ts';

const SELECTORS = ['CS', 'SS', 'DS', 'ES', 'FS', 'GS', 'TR'] as const;

type HostRule = Rule<Omit<Candidate, 'allowed'>>;

export const HOST_RULES: readonly HostRule[] = [
  { says: 'CR0 holds the fixed bits', holds: ({ vmcs }) => (~vmcs.get('HOST_CR0') & CR0_FIXED) === 0 },
  {
    says: 'CR4 holds the fixed bits and none that the processor lacks',
    holds: ({ cpu, vmcs }) => {
      const cr4 = vmcs.get('HOST_CR4');
      return (~cr4 & CR4_FIXED) === 0 && (cr4 & ~knownCr4(cpu.features)) === 0;
    },
  },
  {
    says: 'PAT of the host holds memory types',
    holds: ({ vmcs, mode }) =>
      implies((mode.exit & EXIT.LOAD_PAT) !== 0, () => patGood(vmcs.get('HOST_PAT'), vmcs.high('HOST_PAT'))),
  },
  ...SELECTORS.map((name): HostRule => {
    const field: FieldName = `HOST_${name}_SELECTOR`;
    return { says: `RPL and TI of ${name} are 0`, holds: ({ vmcs }) => (vmcs.get(field) & 7) === 0 };
  }),
  { says: 'CS is not null', holds: ({ vmcs }) => vmcs.get('HOST_CS_SELECTOR') !== 0 },
  { says: 'TR is not null', holds: ({ vmcs }) => vmcs.get('HOST_TR_SELECTOR') !== 0 },
  {
    says: 'SS is not null in a host of 32 bits',
    holds: ({ vmcs }) => vmcs.get('HOST_SS_SELECTOR') !== 0,
  },
  {
    says: 'neither host nor guest of 64 bits outside that mode',
    holds: ({ mode }) => (mode.exit & EXIT.HOST_64) === 0 && (mode.entry & ENTRY.GUEST_64) === 0,
  },
];
