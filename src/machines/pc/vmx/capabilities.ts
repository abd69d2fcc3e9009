/** The registers that tell what VT-x can do on a processor. SDM vol. 3C, appendix A. */
import { knownCr4 } from '../control-registers.ts';
import type { Feature } from '../models/classes.ts';
import { allowedControls, REGION_BYTES, REVISION, TIMER_SHIFT, type Allowed } from './controls.ts';
import { HIGHEST_INDEX } from './fields.ts';
import { CR0_FIXED, CR4_FIXED } from './fixed-bits.ts';

const CR3_TARGETS = 4;
/** At most this many registers, times 512, in a list of MSRs. */
const MSR_LIST = 0;
const WRITE_BACK = 6;

type Words = readonly [low: number, high: number];
const pair = ({ ones, may }: Allowed): Words => [ones, may];

/** IA32_FEATURE_CONTROL as firmware leaves it: VMXON allowed outside SMX, locked. */
export const FEATURE_CONTROL = 0x3a;
export const FEATURE_CONTROL_VALUE: Words = [0x5, 0];

const EPT_FOUR_LEVELS = 1 << 6;
const EPT_WRITE_BACK = 1 << 14;
const EPT_LARGE = 1 << 16;
const EPT_INVEPT = (1 << 20) | (3 << 25);
const EPT_DIRTY = 1 << 21;
const VPID_INVVPID = 1 | (0xf << 8);

/** The registers that tell what VT-x can do: 480 to 490. */
export const CAPABILITIES: readonly number[] = Array.from({ length: 17 }, (_, k) => 0x480 + k);

/** One of them; undefined where there is none. */
export function capability(features: ReadonlySet<Feature>, register: number): Words | undefined {
  const has = (feature: Feature): boolean => features.has(feature);
  const basic = allowedControls(features, true);
  const real = allowedControls(features);
  const real4 = has('vmx-true-controls');
  switch (register) {
    case 0x480:
      // Physical addresses of up to 32 bits, memory type, information about INS and OUTS, TRUE registers.
      return [REVISION, REGION_BYTES | (1 << 16) | (WRITE_BACK << 18) | (1 << 22) | (real4 ? 1 << 23 : 0)];
    case 0x481:
      return pair(basic.pin);
    case 0x482:
      return pair(basic.primary);
    case 0x483:
      return pair(basic.exit);
    case 0x484:
      return pair(basic.entry);
    case 0x485:
      // Activity state HLT; the number of CR3 targets.
      return [TIMER_SHIFT | (1 << 6) | (CR3_TARGETS << 16) | (MSR_LIST << 25), 0];
    case 0x486:
      return [CR0_FIXED, 0];
    case 0x487:
      return [-1, 0];
    case 0x488:
      return [CR4_FIXED, 0];
    case 0x489:
      return [knownCr4(features), 0];
    case 0x48a:
      return [HIGHEST_INDEX << 1, 0];
    case 0x48b:
      return has('vmx-ept') ? pair(real.secondary) : undefined;
    case 0x48c:
      return has('vmx-ept')
        ? [
            EPT_FOUR_LEVELS |
              EPT_WRITE_BACK |
              EPT_LARGE |
              EPT_INVEPT |
              1 |
              (has('vmx-ept-dirty') ? EPT_DIRTY : 0),
            has('vmx-vpid') ? VPID_INVVPID : 0,
          ]
        : undefined;
    case 0x48d:
      return real4 ? pair(real.pin) : undefined;
    case 0x48e:
      return real4 ? pair(real.primary) : undefined;
    case 0x48f:
      return real4 ? pair(real.exit) : undefined;
    case 0x490:
      return real4 ? pair(real.entry) : undefined;
    default:
      return undefined;
  }
}
