/** What processes do, monitored to bare: one operation of Varve beside the same one of Linux in the papers of the time. */
import type { PublishedFigure } from '../../../src/lab/published.ts';
import { isPcMonitor } from '../../../src/worlds/pc/monitors/table.ts';
import { OPERATIONS, perRound, type OperationName } from '../../+shared/pc/operations.ts';

const XEN = 'P. Barham et al., SOSP 2003, tables 3 to 5: VMware Workstation 3.2 to Linux alone';
const ASPLOS = 'K. Adams, O. Agesen, ASPLOS 2006, section 6.2: 40,000 processes';
/** Microseconds, or seconds, under the monitor and alone. */
// prettier-ignore
const PUBLISHED: readonly { name: OperationName; under: string; monitored: number; alone: number; source: string }[] = [
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

/** Both monitors that the paper compares come out at a third of its figures, and in its proportion to each other. */
const SMALL = {
  en: 'A process of Varve has far fewer pages than one of Linux, so less of each fork is page tables. Both monitors come out too cheap by the same factor.',
  ja: 'Varveのプロセスは、Linuxのものよりページ数がずっと少なく、forkに占めるページテーブルの割合が小さくなります。どちらのモニタも、同じ倍率で安く出ます。',
};

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
        simplified: name === 'forkwait' ? SMALL : SIMPLIFIED,
        measure: () => perRound(name, under) / perRound(name),
      },
    ];
  },
);
