/**
 * What of a PC under a monitor can be varied beside the cost classes: what VT-x costs, and how long the monitor's own
 * paths are. The latter are programs of ours, so they are varied in per cent, by what they are for.
 */
import type { Reason } from '../../accounting/vocabulary.ts';
import type { Model, VmxCosts } from '../../machines/pc/models/classes.ts';
import type { PathPercent } from '../../machines/pc/native-system.ts';
import type { LabOffer } from '../../protocol/frame.ts';
import { modelWith, offeredConstants, setCost } from '../constants.ts';

type Constants = Readonly<Record<string, number>>;

const VMX: Readonly<Record<string, keyof VmxCosts>> = {
  'vm-entry': 'entry',
  'vm-exit': 'exit',
  'vmcs-access': 'access',
  'nested-reference': 'reference',
};

/** Paths by what the ledger books them to. */
const PATHS: Readonly<Record<string, Reason>> = {
  'paths-emulation': 'emulation',
  'paths-reflection': 'reflection',
  'paths-shadow': 'shadow',
  'paths-translation': 'translation',
  'paths-scheduling': 'scheduling',
  'paths-input-output': 'input-output',
};
const SOURCE =
  'what the monitors say: estimates, and for call-outs of the translator fitted beside Adams and Agesen 2006';
const MOST_PERCENT = 10_000;

export function pcModelWith(model: Model, constants: Constants): Model {
  const changed = modelWith(model, constants);
  const { vmx } = model;
  if (!vmx) return changed;
  const set = Object.entries(VMX).filter(([name]) => Object.hasOwn(constants, name));
  const costs = set.map(([name, cost]) => [cost, setCost(constants[name] ?? 1)] as const);
  return { ...changed, vmx: { ...vmx, ...Object.fromEntries(costs) } };
}

/** Lengths of paths that the learner has set. */
export const pathsWith = (constants: Constants): PathPercent =>
  Object.fromEntries(
    Object.entries(PATHS)
      .filter(([name]) => Object.hasOwn(constants, name))
      .map(([name, reason]) => [reason, Math.min(MOST_PERCENT, Math.max(0, constants[name] ?? 100))]),
  );

export function offeredPcConstants(model: Model): LabOffer['constants'] {
  const { vmx } = model;
  return [
    ...offeredConstants(model),
    ...(vmx
      ? Object.entries(VMX).map(([name, cost]) => {
          const { cycles: value, source, certainty } = vmx[cost];
          return { name, value, source, certainty };
        })
      : []),
    ...Object.keys(PATHS).map((name) => ({
      ...{ name, value: 100, source: SOURCE, certainty: 'estimate' },
      unit: 'percent' as const,
    })),
  ];
}
