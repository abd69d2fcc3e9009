/** Records the vectors anew: `node src/build/launch.mjs tests/conformance/s370/recorder/record.ts [group …]`. */
import { writeFileSync } from 'node:fs';
import { BRANCHING } from '../cases/branching.ts';
import { CONTROL } from '../cases/control.ts';
import { DECIMAL } from '../cases/decimal.ts';
import { Draft, type Case, type Family } from '../cases/draft.ts';
import { FAULTS } from '../cases/faults.ts';
import { FIXED } from '../cases/fixed.ts';
import { FLOATING } from '../cases/floating.ts';
import { Chance } from '../cases/random.ts';
import { STORAGE } from '../cases/storage.ts';
import { writeVectors, type After } from '../vector.ts';
import { judge } from './judge.ts';
import { BATCH, recordBatch } from './record-batch.ts';

/** From the project's top, where the command is given. */
const FOLDER = 'tests/conformance/s370/vectors';

const GROUPS: Readonly<Record<string, readonly Family[]>> = {
  fixed: FIXED,
  branching: BRANCHING,
  storage: STORAGE,
  decimal: DECIMAL,
  floating: FLOATING,
  faults: FAULTS,
  control: CONTROL,
};

/** Each family has its own seed: a change of one leaves the others' cases alone. */
function generate(families: readonly Family[]): Case[] {
  return families.flatMap(({ mnemonic, count, make }, i) => {
    const chance = new Chance(
      `${mnemonic} ${families.slice(0, i).filter((f) => f.mnemonic === mnemonic).length}`,
    );
    return Array.from({ length: count }, () => make(new Draft(mnemonic, chance)));
  });
}

export async function main(argv: string[]): Promise<number> {
  for (const [name, families] of Object.entries(GROUPS)) {
    if (argv.length > 0 && !argv.includes(name)) continue;
    const cases = generate(families);
    const after: After[] = [];
    for (let i = 0; i < cases.length; i += BATCH)
      after.push(...recordBatch(cases.slice(i, i + BATCH).map((c) => c.before)));
    const file = writeVectors(cases.map((c, i) => judge(c, after[i]!)));
    writeFileSync(`${FOLDER}/${name}.jsonl.gz`, file);
    console.log(`${name}: ${cases.length} cases of ${families.length} families, ${file.length} bytes`);
  }
  return 0;
}
