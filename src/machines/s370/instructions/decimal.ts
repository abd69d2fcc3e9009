/** Decimal instructions. GA22-7000, "Decimal Instructions". */
import type { Row } from './row.ts';

export const DECIMAL: readonly Row[] = [];
