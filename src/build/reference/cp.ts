// Collects what the reference prints of CP: its paths, what it simulates, the DIAGNOSE codes it serves.
import { S370_INSTRUCTIONS } from '../../machines/s370/instructions/table.ts';
import { DIAGNOSE_SUPPORT } from '../../monitors/cp/diagnose.ts';
import { PATHS } from '../../monitors/cp/paths.ts';
import { SIMULATED } from '../../monitors/cp/simulate.ts';
import type { CpReference } from '../../site/reference/data.ts';

export function collectCp(): CpReference {
  const paths: Readonly<Partial<Record<string, string>>> = SIMULATED;
  return {
    paths: Object.entries(PATHS).map(([name, path]) => ({ name, ...path })),
    simulated: S370_INSTRUCTIONS.filter((row) => row.privileged).map(({ mnemonic, title }) => ({
      ...{ mnemonic, title, path: paths[mnemonic] ?? null },
    })),
    diagnose: DIAGNOSE_SUPPORT.map(({ note, ...code }) => ({ ...code, note: note ?? null })),
  };
}
