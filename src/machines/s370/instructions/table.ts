/** The System/370 instruction table: every instruction once. GA22-7000; privileged and sensitive marked. */
import { BRANCHING } from './branching.ts';
import { CONTROL } from './control.ts';
import { DECIMAL } from './decimal.ts';
import { FLOATING } from './floating.ts';
import { GENERAL } from './general.ts';
import { INPUT_OUTPUT } from './input-output.ts';
import { LOGICAL } from './logical.ts';
import type { Row } from './row.ts';
import { STORAGE_TO_STORAGE } from './storage-to-storage.ts';

export const S370_INSTRUCTIONS: readonly Row[] = [
  ...GENERAL,
  ...LOGICAL,
  ...BRANCHING,
  ...STORAGE_TO_STORAGE,
  ...DECIMAL,
  ...FLOATING,
  ...CONTROL,
  ...INPUT_OUTPUT,
];
