/** Control bits of the VMCS, and what of them a processor allows. SDM vol. 3C, section 24.6 and appendix A. */
import type { Feature } from '../models/classes.ts';

export const PIN = {
  EXTERNAL_INTERRUPT_EXITING: 1 << 0,
  NMI_EXITING: 1 << 3,
  VIRTUAL_NMIS: 1 << 5,
  PREEMPTION_TIMER: 1 << 6,
} as const;
export const PRIMARY = {
  INTERRUPT_WINDOW_EXITING: 1 << 2,
  TSC_OFFSETTING: 1 << 3,
  HLT_EXITING: 1 << 7,
  INVLPG_EXITING: 1 << 9,
  RDPMC_EXITING: 1 << 11,
  RDTSC_EXITING: 1 << 12,
  CR3_LOAD_EXITING: 1 << 15,
  CR3_STORE_EXITING: 1 << 16,
  NMI_WINDOW_EXITING: 1 << 22,
  MOV_DR_EXITING: 1 << 23,
  UNCONDITIONAL_IO_EXITING: 1 << 24,
  USE_IO_BITMAPS: 1 << 25,
  USE_MSR_BITMAPS: 1 << 28,
  SECONDARY: 1 << 31,
} as const;
export const SECONDARY = {
  EPT: 1 << 1,
  DESCRIPTOR_TABLE_EXITING: 1 << 2,
  VPID: 1 << 5,
  WBINVD_EXITING: 1 << 6,
  UNRESTRICTED_GUEST: 1 << 7,
} as const;
export const EXIT = {
  SAVE_DEBUG: 1 << 2,
  HOST_64: 1 << 9,
  ACKNOWLEDGE: 1 << 15,
  SAVE_PAT: 1 << 18,
  LOAD_PAT: 1 << 19,
  SAVE_TIMER: 1 << 22,
} as const;
export const ENTRY = {
  LOAD_DEBUG: 1 << 2,
  GUEST_64: 1 << 9,
  ENTRY_TO_SMM: 1 << 10,
  DEACTIVATE_DUAL_MONITOR: 1 << 11,
  LOAD_PAT: 1 << 14,
} as const;

/** Bits that may be 0 only where the TRUE registers say so. SDM vol. 3C, section A.3 to A.5. */
const DEFAULT_1 = { pin: 0x16, primary: 0x0401e172, exit: 0x36dff, entry: 0x11ff };
/** … and those of them that this processor lets be 0 then. */
const FREED = {
  pin: 0,
  primary: PRIMARY.CR3_LOAD_EXITING | PRIMARY.CR3_STORE_EXITING,
  exit: EXIT.SAVE_DEBUG,
  entry: ENTRY.LOAD_DEBUG,
};

export interface Allowed {
  /** Bits that must be 1, and bits that may be. */
  readonly ones: number;
  readonly may: number;
}
export interface AllowedControls {
  readonly pin: Allowed;
  readonly primary: Allowed;
  readonly secondary: Allowed;
  readonly exit: Allowed;
  readonly entry: Allowed;
}

const bits = (from: Readonly<Record<string, number>>, ...names: readonly string[]): number =>
  names.reduce((word, name) => word | from[name]!, 0);

/** What the controls may be; `basic` as the registers without TRUE in their name tell. */
export function allowedControls(features: ReadonlySet<Feature>, basic = false): AllowedControls {
  const has = (feature: Feature, value: number): number => (features.has(feature) ? value : 0);
  const freed = features.has('vmx-true-controls') && !basic;
  const allow = (name: keyof typeof DEFAULT_1, may: number): Allowed => {
    const ones = freed ? DEFAULT_1[name] & ~FREED[name] : DEFAULT_1[name];
    return { ones, may: DEFAULT_1[name] | may };
  };
  const { NMI_WINDOW_EXITING, ...primary } = PRIMARY;
  const optional = primary.USE_MSR_BITMAPS | primary.SECONDARY | NMI_WINDOW_EXITING;
  return {
    pin: allow(
      'pin',
      bits(PIN, 'EXTERNAL_INTERRUPT_EXITING', 'NMI_EXITING') | has('vmx-timer', PIN.PREEMPTION_TIMER),
    ),
    primary: allow(
      'primary',
      (bits(primary, ...Object.keys(primary)) & ~optional) |
        has('vmx-msr-bitmap', PRIMARY.USE_MSR_BITMAPS) |
        has('vmx-ept', PRIMARY.SECONDARY),
    ),
    secondary: {
      ones: 0,
      may:
        has('vmx-ept', SECONDARY.EPT | SECONDARY.DESCRIPTOR_TABLE_EXITING | SECONDARY.WBINVD_EXITING) |
        has('vmx-vpid', SECONDARY.VPID) |
        has('vmx-unrestricted', SECONDARY.UNRESTRICTED_GUEST),
    },
    exit: allow('exit', EXIT.ACKNOWLEDGE | EXIT.SAVE_PAT | EXIT.LOAD_PAT | has('vmx-timer', EXIT.SAVE_TIMER)),
    entry: allow('entry', ENTRY.LOAD_PAT),
  };
}

/** What VMXON and VMPTRLD want in the first word of a region. */
export const REVISION = 0x11;
export const REGION_BYTES = 0x1000;
/** The preemption timer counts once in 2 to this power ticks of the time-stamp counter. */
export const TIMER_SHIFT = 5;
