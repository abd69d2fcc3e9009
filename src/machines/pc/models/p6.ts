/** What processors of the P6 line and after have of what this machine implements. */
import type { Feature } from './classes.ts';

// prettier-ignore
export const P6_FEATURES: readonly Feature[] = [
  'cpuid', 'fpu', 'de', 'pse', 'tsc', 'msr', 'pae', 'cx8', 'apic', 'sep', 'mtrr', 'pge', 'cmov', 'pat', 'mmx', 'fxsr', 'pmc',
];
