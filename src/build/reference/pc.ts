// What the reference prints of the PC: its support matrix and its models.
import { IA32_INSTRUCTIONS } from '../../machines/pc/instructions/table.ts';
import { MODELS } from '../../machines/pc/models.ts';
import {
  DEVICE_SUPPORT,
  instructionSupport,
  LOADER_SUPPORT,
  PROCESSOR_SUPPORT,
  type Support,
} from '../../machines/pc/support.ts';
import type { Feature, PcReference } from '../../site/reference/data.ts';

const featureOf = ({ feature, support, note }: Support): Feature => ({
  name: feature,
  support,
  note: note ?? null,
});

export const collectPc = (): PcReference => ({
  processor: [...PROCESSOR_SUPPORT, ...instructionSupport()].map(featureOf),
  devices: DEVICE_SUPPORT.map(featureOf),
  loaders: LOADER_SUPPORT.map(featureOf),
  counts: {
    rows: IA32_INSTRUCTIONS.length,
    mnemonics: new Set(IA32_INSTRUCTIONS.map(({ mnemonic }) => mnemonic)).size,
  },
  models: MODELS.map(({ name, features }) => ({ name, features })),
});
