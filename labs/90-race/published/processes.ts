/** What processes do, monitored to bare: one operation of Varve beside the same one of Linux in the papers of the time. */
import type { PublishedFigure } from '../../../src/lab/published.ts';
import { PENTIUM_4 } from '../../../src/machines/pc/models/pentium4.ts';
import { isPcMonitor, type PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { spentIn } from '../../+shared/measure.ts';
import { varveWorld } from '../../+shared/pc/varve-world.ts';

/** More than any of the runs needs. */
const LIMIT = 8e9;

interface Operation {
  /** Program of Varve, and two numbers of rounds: what they differ in is the cost of the rounds alone. */
  readonly program: string;
  readonly rounds: readonly [number, number];
  readonly what: PublishedFigure['what'];
}

const OPERATIONS = {
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
type Name = keyof typeof OPERATIONS;

const XEN = 'P. Barham et al., SOSP 2003, tables 3 to 5: VMware Workstation 3.2 to Linux alone';
const ASPLOS = 'K. Adams, O. Agesen, ASPLOS 2006, section 6.2: 40,000 processes';
/** Microseconds, or seconds, under the monitor and alone. */
// prettier-ignore
const PUBLISHED: readonly { name: Name; under: string; monitored: number; alone: number; source: string }[] = [
  { name: 'forkwait', under: 'translator', monitored: 36.9, alone: 6.0, source: ASPLOS },
  { name: 'forkwait', under: 'vmx-shadow', monitored: 106.4, alone: 6.0, source: ASPLOS },
  { name: 'call',     under: 'translator', monitored: 0.73, alone: 0.45, source: XEN },
  { name: 'pipe',     under: 'translator', monitored: 18.1, alone: 0.77, source: XEN },
  { name: 'fault',    under: 'translator', monitored: 12.4, alone: 1.42, source: XEN },
];

const UNDER: Readonly<Record<string, PublishedFigure['what']>> = {
  translator: { en: 'under translation', ja: 'バイナリ変換の下' },
  'vmx-shadow': { en: 'under the first VT-x', ja: '初代VT-xの下' },
};

const SIMPLIFIED = {
  en: 'Varve is far smaller than Linux, so that more of each operation is privileged; it enters the kernel by INT 80h.',
  ja: 'VarveはLinuxよりずっと小さいため、各操作に占める特権命令の割合が大きくなります。カーネルにはINT 80hで入ります。',
};

function busyFor(name: Name, rounds: number, under?: PcMonitorName): number {
  const { program } = OPERATIONS[name];
  const world = varveWorld(program, { model: PENTIUM_4, under, words: [String(rounds)] });
  const stop = world.run(LIMIT);
  if (stop.kind !== 'exit') throw new Error(`${program} ${rounds} under ${under ?? 'nothing'}: ${stop.kind}`);
  return spentIn(world).busy;
}

const known = new Map<string, number>();
/** Cycles of one round. */
function perRound(name: Name, under?: PcMonitorName): number {
  const key = `${name} ${under ?? ''}`;
  const [few, many] = OPERATIONS[name].rounds;
  const cycles = known.get(key) ?? (busyFor(name, many, under) - busyFor(name, few, under)) / (many - few);
  known.set(key, cycles);
  return cycles;
}

export const processRows: readonly PublishedFigure[] = PUBLISHED.flatMap(
  ({ name, under, monitored, alone, source }) => {
    if (!isPcMonitor(under)) return [];
    const [what, how] = [OPERATIONS[name].what, UNDER[under]!];
    return [
      {
        id: `process-${name}-${under}`,
        series: `process-${name}`,
        what: { en: `${how.en}: ${what.en}`, ja: `${how.ja}：${what.ja}` },
        ...{ published: monitored / alone, unit: 'ratio', source, reading: 'recalled', within: 1.5 },
        simplified: SIMPLIFIED,
        measure: () => perRound(name, under) / perRound(name),
      },
    ];
  },
);
