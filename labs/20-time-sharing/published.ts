/** Figures of CTSS that were published, and what comes out here. */
import { fill } from '../../src/base/fill.ts';
import type { PublishedFigure } from '../../src/lab/published.ts';
import type { TimesharingChoice } from '../../src/worlds/s370/configuration.ts';
import { MAIN_FILE, S370World } from '../../src/worlds/s370/world.ts';
import hog from './exercises/01-which-level/start.s?raw';
import answer from './guests/answer.s?raw';
import { reportOf } from './results.ts';
import { OFFICE, SECOND } from './workloads.ts';

/** Runs one program for each of `users`, all of which start at once, and gives what the supervisor tells. */
function run(source: string, users: number, settings: Partial<TimesharingChoice['settings']>) {
  const { world } = S370World.create({
    program: { kind: 'source', text: source, file: MAIN_FILE },
    user: 'ANSWER',
    timesharing: {
      settings: { ...OFFICE, ...settings, users },
      jobs: [],
      weight: 0,
      script: Array.from({ length: users }, () => ({ program: 'ANSWER', argument: 0 })),
    },
  });
  if (!world) throw new Error('the program does not assemble');
  world.run(1e9);
  const report = reportOf(world)!;
  if (report.responses.count !== users) throw new Error(`${report.responses.count} of ${users} ended`);
  return report;
}

/** Processor time of a run of nothing but turns of the loop, and no more than that. */
const QUANTUM = 100_000;
const TURN_CYCLES = 12;
const turnsFor = (quanta: number): number => Math.round(((quanta - 0.5) * QUANTUM) / TURN_CYCLES);

/** How many programs of 1,024 words, all started at once, have answered within a second of the users. */
function answeredInASecond(): number {
  let users = 1;
  while (run(answer, users + 1, {}).responses.worst <= SECOND) users++;
  return users;
}

export const rows: readonly PublishedFigure[] = [
  {
    id: 'ctss-thirty-quanta',
    series: 'ctss-swaps',
    what: {
      en: 'How often a program that needs thirty quanta is swapped in under CTSS’s queues',
      ja: '30クォンタム必要なプログラムが、CTSSの待ち行列の下で主記憶に入る回数',
    },
    published: 5,
    unit: 'count',
    source: 'A. S. Tanenbaum, Modern Operating Systems, exercise on CTSS: 1, 2, 4, 8 and 15 quanta',
    reading: 'secondary',
    within: 1,
    simplified: {
      en: 'One program, small enough to enter at the top level; counted are the times that it gets the processor.',
      ja: '最上位のレベルに入る小さなプログラム一つで、プロセッサを与えられた回数を数えています。',
    },
    measure: () => {
      const source = fill(hog, { pages: 1, turns: turnsFor(30) });
      return run(source, 1, { quantum: QUANTUM }).processes[0]!.dispatches;
    },
  },
  {
    id: 'ctss-small-programs',
    series: 'ctss-response',
    what: {
      en: 'Users with programs of a thousand words who all get an answer within a second',
      ja: '1,000語のプログラムを持ち、全員が1秒以内に応答を得られる利用者の数',
    },
    published: 8,
    unit: 'count',
    source: 'MIT, The Compatible Time-Sharing System: A Programmer’s Guide, 1963, p. 12',
    reading: 'seen',
    within: 1.5,
    simplified: {
      en: 'Another machine and drum; a second of the users is 50 ms of the machine here, chosen for their think times. Words have 32 bits, not 36.',
      ja: '計算機もドラムも別のものです。利用者の1秒は、思考時間に合わせて計算機の50ミリ秒としています。語長は36ビットではなく32ビットです。',
    },
    measure: answeredInASecond,
  },
];
