/** Every monitor that can stand under a guest of the PC, by the name that `--under` and configurations give it. */
import type { PcMonitor } from './contract.ts';
import { naive } from './naive.ts';
import { vmx, vmxNested, vmxNestedShadow, vmxShadow } from './vmx.ts';
import {
  hostedTranslator,
  rigidTranslator,
  singleTranslator,
  translator,
  unchainedTranslator,
  untracedTranslator,
} from './translator.ts';
import { xen } from './xen.ts';

export const PC_MONITORS = {
  naive,
  translator,
  vmx,
  'vmx-shadow': vmxShadow,
  'vmx-nested': vmxNested,
  'vmx-nested-shadow': vmxNestedShadow,
  'translator-hosted': hostedTranslator,
  'translator-single': singleTranslator,
  'translator-untraced': untracedTranslator,
  'translator-unchained': unchainedTranslator,
  'translator-rigid': rigidTranslator,
  xen,
} as const satisfies Readonly<Record<string, PcMonitor>>;

export type PcMonitorName = keyof typeof PC_MONITORS;

export const monitorOf = (name: PcMonitorName): PcMonitor => PC_MONITORS[name];

export const isPcMonitor = (name: string): name is PcMonitorName => Object.hasOwn(PC_MONITORS, name);
