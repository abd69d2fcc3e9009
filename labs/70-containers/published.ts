/** What was published of the cost of containers, and what this kernel's come to. */
import type { PublishedFigure } from '../../src/lab/published.ts';
import factory from './world.ts';

const LIMIT = 1e9;

/** Cycles of a workload from beginning to end. */
function cyclesOf(workload: string, technique: string): number {
  const setup = { workload, technique, source: null, constants: {}, seed: 1 };
  const { world } = factory.create(setup);
  if (!world) throw new Error(`${workload}: no world`);
  while (world.clock < LIMIT) if (world.run(LIMIT - world.clock).kind !== 'budget') break;
  const wrong = factory.verdict(world, setup);
  if (wrong !== '') throw new Error(`${workload} under ${technique}: ${wrong}`);
  return world.clock;
}

export const rows: readonly PublishedFigure[] = [
  {
    id: 'felter-linpack',
    series: 'containers',
    what: {
      en: 'Computing in Docker, to the same outside (Linpack: 290.8 and 290.9 GFLOPS)',
      ja: 'Docker内での計算、外と比べて（Linpack：290.8と290.9 GFLOPS）',
    },
    published: 290.8 / 290.9,
    unit: 'ratio',
    source: 'W. Felter et al., IBM RC25482, July 2014; raw data of the authors',
    reading: 'seen',
    within: 1.02,
    simplified: {
      en: 'Sorting and summing whole numbers on one processor, in the place of floating-point on 16 cores.',
      ja: '16コアの浮動小数点演算のかわりに、1プロセッサでの整数のソートと集計です。',
    },
    measure: () => cyclesOf('compute', 'docker') / cyclesOf('compute', 'process'),
  },
];
