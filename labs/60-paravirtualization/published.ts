/** What Xen’s authors measured of Linux on Xen, and what the port of Varve costs here: each to the same kernel alone. */
import type { PublishedFigure } from '../../src/lab/published.ts';
import { OPERATIONS, perRound, type OperationName } from '../+shared/pc/operations.ts';

/** Microseconds under Xen and alone (the uniprocessor kernel), by lmbench. */
const PUBLISHED: readonly { name: OperationName; xen: number; alone: number; table: number }[] = [
  { name: 'call', xen: 0.46, alone: 0.45, table: 3 },
  { name: 'forkwait', xen: 198, alone: 110, table: 3 },
  { name: 'pipe', xen: 1.97, alone: 0.77, table: 4 },
  { name: 'fault', xen: 2.73, alone: 1.42, table: 5 },
];

const SIMPLIFIED = {
  en: 'Varve is far smaller than Linux, so that more of each operation is paging; it enters the kernel by INT 80h. The paths of Xen are estimates.',
  ja: 'VarveはLinuxよりずっと小さいため、各操作に占めるページ管理の割合が大きくなります。カーネルにはINT 80hで入ります。Xenの経路長は推定値です。',
};

export const rows: readonly PublishedFigure[] = PUBLISHED.map(({ name, xen, alone, table }) => ({
  id: `xen-${name}`,
  series: `xen-${name}`,
  what: { en: `Under Xen: ${OPERATIONS[name].what.en}`, ja: `Xenの下：${OPERATIONS[name].what.ja}` },
  published: xen / alone,
  unit: 'ratio',
  source: `P. Barham et al., SOSP 2003, table ${table}: XenoLinux to Linux alone`,
  reading: 'recalled',
  within: 1.5,
  simplified: SIMPLIFIED,
  measure: () => perRound(name, 'xen') / perRound(name),
}));
