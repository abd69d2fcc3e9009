/** Four commands, typed one after the other as soon as the machine is on. */
import { findSymbol } from '../../../../src/assembler/core/assembly.ts';
import { hex } from '../../../../src/base/bits.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/s370/grading.ts';

export default defineSolution(async ({ values, setup }, bench) => {
  const ran = mustRun(await bench.run(setup, { cycles: 1 }));
  const { world } = ran;
  const address = (label: string): string => hex(findSymbol(world.assembly!, label)!.value, 6);
  const typed = [
    `STORE S${address('KEY')} ${values['word']}`,
    `STORE G4 ${hex(Number(values['times']))}`,
    `ADSTOP ${address('LAST')}`,
    'EXTERNAL',
  ];
  const recording = {
    ...ran.at(20_000_000),
    inputs: typed.map((line) => ({
      at: world.clock,
      input: { kind: 'type', terminal: '009', text: `#CP ${line}` } as const,
    })),
  };
  return { ...NO_ATTEMPT, recording };
});
