/** The IA-32 instruction table: every instruction once. SDM vol. 2; privileged and sensitive marked. */
import { ARITHMETIC } from './arithmetic.ts';
import { BITS } from './bits.ts';
import { CONTROL } from './control.ts';
import { DATA } from './data.ts';
import { DESCRIPTOR_QUERIES } from './descriptor-queries.ts';
import { MMX } from './mmx.ts';
import { MULTIPLICATION } from './multiplication.ts';
import { PORTS } from './ports.ts';
import type { Row } from './row.ts';
import { SHIFTS } from './shifts.ts';
import { STACK } from './stack.ts';
import { STRINGS } from './strings.ts';
import { SYSTEM } from './system.ts';
import { VMX } from './vmx.ts';
import { X87_ARITHMETIC } from './x87-arithmetic.ts';
import { X87_CONTROL } from './x87-control.ts';
import { X87_DATA } from './x87-data.ts';

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
  ...DESCRIPTOR_QUERIES,
  ...PORTS,
  ...MMX,
  ...X87_DATA,
  ...X87_ARITHMETIC,
  ...X87_CONTROL,
  ...VMX,
];
