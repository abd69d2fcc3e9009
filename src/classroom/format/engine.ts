/** Which engines this build has. */
import type { Engine } from './hand-in.ts';

/** Put in by the bundler (src/build/engine-version.mjs). */
declare const STRATA_ENGINE: Engine;

export const ENGINE: Engine = STRATA_ENGINE;
