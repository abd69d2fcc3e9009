/** The models of the IA-32 line that the machine can be. */
import type { Model } from './models/classes.ts';
import { CORE_2 } from './models/core2.ts';
import { I486 } from './models/i486.ts';
import { NEHALEM } from './models/nehalem.ts';
import { PENTIUM } from './models/pentium.ts';
import { PENTIUM_3 } from './models/pentium3.ts';
import { PENTIUM_4 } from './models/pentium4.ts';
import { SKYLAKE } from './models/skylake.ts';
import { WESTMERE } from './models/westmere.ts';

export const DEFAULT_MODEL = PENTIUM_3;
export const MODELS: readonly Model[] = [
  I486,
  PENTIUM,
  PENTIUM_3,
  PENTIUM_4,
  CORE_2,
  NEHALEM,
  WESTMERE,
  SKYLAKE,
];
