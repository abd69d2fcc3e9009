// Everything that the reference pages print, gathered once per build from the tables of the engines.
import { REASONS } from '../../accounting/vocabulary.ts';
import type { Reference } from '../../site/reference/data.ts';
import { collectCp } from './cp.ts';
import { collectPc } from './pc.ts';
import { collectS370 } from './s370.ts';
import { collectTranslation } from './translation.ts';
import { collectVmx } from './vmx.ts';

export const collectReference = (): Reference => ({
  reasons: REASONS,
  s370: collectS370(),
  cp: collectCp(),
  pc: collectPc(),
  translation: collectTranslation(),
  vmx: collectVmx(),
});
