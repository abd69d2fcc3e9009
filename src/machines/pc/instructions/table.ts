/** The IA-32 instruction table: every instruction once. SDM vol. 2; privileged and sensitive marked. */
import { ARITHMETIC } from './arithmetic.ts';
import { BITS } from './bits.ts';
import { CONTROL } from './control.ts';
import { DATA } from './data.ts';
import { ESCAPE } from './escape.ts';
import { MULTIPLICATION } from './multiplication.ts';
import { PORTS } from './ports.ts';
import type { Row } from './row.ts';
import { SHIFTS } from './shifts.ts';
import { STACK } from './stack.ts';
import { STRINGS } from './strings.ts';
import { SYSTEM } from './system.ts';

export const IA32_INSTRUCTIONS: readonly Row[] = [
  ...ARITHMETIC,
  ...MULTIPLICATION,
  ...SHIFTS,
  ...BITS,
  ...DATA,
  ...STACK,
  ...STRINGS,
  ...CONTROL,
  ...SYSTEM,
  ...PORTS,
  ...ESCAPE,
];
