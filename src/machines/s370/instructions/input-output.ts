/** The I/O instructions. The channels do the work. GA22-7000, "Input/Output Operations", "Input/Output Instructions". */
import type { Row } from './row.ts';

export const INPUT_OUTPUT: readonly Row[] = [];
