// Classifies both instruction sets by experiment and prints what their page shows, as JSON. Started by ../figures.ts.
import { classifyIa32, classifyS370, reasonOf, type Classified } from '../../classifier/classify.ts';
import { listed } from '../../classifier/published.ts';
import { PENTIUM } from '../../machines/pc/models/pentium.ts';
import type { Classification, ClassifiedEntry, ClassifiedMachine } from '../../site/classification.ts';

const entry = (each: Classified): ClassifiedEntry => ({
  opcode: each.opcode,
  mnemonic: each.mnemonic,
  title: each.title,
  operands: each.operands,
  privileged: each.privileged,
  kind: each.kind,
  violates: each.violates,
  conviction: reasonOf(each),
});

const machine = (id: ClassifiedMachine['id'], found: readonly Classified[]): ClassifiedMachine => ({
  id,
  instructions: found.map(entry),
  listed: listed(found.filter(({ violates }) => violates)),
  trials: Math.max(...found.map(({ trials }) => trials)),
});

export async function main(): Promise<number> {
  const found: Classification = [machine('s370', classifyS370()), machine('ia32', classifyIa32(PENTIUM))];
  process.stdout.write(JSON.stringify(found));
  return 0;
}
