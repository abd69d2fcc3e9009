/** Hexadecimal floating-point instructions. GA22-7000, "Floating-Point Instructions". */
import type { Row } from './row.ts';

export const FLOATING: readonly Row[] = [];
