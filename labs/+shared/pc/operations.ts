/** One operation of Varve as papers time them: what a round of a workload costs, bare and under a monitor. */
import type { PublishedFigure } from '../../../src/lab/published.ts';
import { PENTIUM_4 } from '../../../src/machines/pc/models/pentium4.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { spentIn } from '../measure.ts';
import { varveWorld } from './varve-world.ts';

/** More than any of the runs needs. */
const LIMIT = 8e9;

interface Operation {
  /** Program of Varve, and two numbers of rounds: what they differ in is the cost of the rounds alone. */
  readonly program: string;
  readonly rounds: readonly [number, number];
  readonly what: PublishedFigure['what'];
}

export const OPERATIONS = {
  forkwait: {
    program: 'forkwait',
    rounds: [40, 80],
    what: { en: 'making a process and waiting for its end', ja: 'プロセスの生成と終了待ち' },
  },
  call: {
    program: 'syscall',
    rounds: [1000, 3000],
    what: { en: 'the cheapest system call', ja: '最も軽いシステムコール' },
  },
  pipe: {
    program: 'ctxswitch',
    rounds: [100, 300],
    what: { en: 'switching between two processes by a pipe', ja: 'パイプによる2プロセス間の切り替え' },
  },
  fault: {
    program: 'pgfault',
    rounds: [2, 6],
    what: { en: 'touching a fresh page', ja: '新しいページへの最初のアクセス' },
  },
} satisfies Readonly<Record<string, Operation>>;
export type OperationName = keyof typeof OPERATIONS;

function busyFor(name: OperationName, rounds: number, under?: PcMonitorName): number {
  const { program } = OPERATIONS[name];
  const world = varveWorld(program, { model: PENTIUM_4, under, words: [String(rounds)] });
  const stop = world.run(LIMIT);
  if (stop.kind !== 'exit') throw new Error(`${program} ${rounds} under ${under ?? 'nothing'}: ${stop.kind}`);
  return spentIn(world).busy;
}

const known = new Map<string, number>();
/** Cycles of one round. Each is measured once. */
export function perRound(name: OperationName, under?: PcMonitorName): number {
  const key = `${name} ${under ?? ''}`;
  const [few, many] = OPERATIONS[name].rounds;
  const cycles = known.get(key) ?? (busyFor(name, many, under) - busyFor(name, few, under)) / (many - few);
  known.set(key, cycles);
  return cycles;
}
