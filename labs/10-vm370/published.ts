/** Figures of CP-67 and VM/370 that were published, and what comes out here. */
import type { PublishedFigure } from '../../src/lab/published.ts';
import { spent, type Spent } from '../+shared/measure.ts';
import factory from './world.ts';

const under = (technique: string): Spent => spent('10-vm370', factory, 'multi', technique);
/** What CP costs this guest: machine time that it would not have taken by itself. */
const overhead = (technique: string): number => under(technique).busy - under('bare').busy;

const MULTI = {
  en: 'The guest here is a supervisor with three tasks and demand paging, smaller than OS/360; path lengths of CP are estimates.',
  ja: 'ここのゲストは3つのタスクとデマンドページングを持つ小さな監視プログラムで、OS/360よりずっと小さく、CPの経路長は推定値です。',
};

export const rows: readonly PublishedFigure[] = [
  {
    id: 'cp67-job-stream',
    series: 'cp',
    what: {
      en: 'A multiprogramming system under CP, once CP’s paths had been shortened, to itself on the bare machine',
      ja: 'CPの経路を短くした後、CPの下で動く多重プログラミングシステムの、実機に対する時間の比',
    },
    published: 435 / 322,
    unit: 'ratio',
    source: 'L. Wheeler, SHARE Houston 1968: 322 s alone, 322 + 113 s under CP-67',
    reading: 'derived',
    within: 1.5,
    simplified: MULTI,
    measure: () => under('cp').busy / under('bare').busy,
  },
  {
    id: 'vm370-assists',
    series: 'assists',
    what: {
      en: 'How much faster the assists made guests that use virtual storage',
      ja: 'アシストによって、仮想記憶を使うゲストが何倍速くなったか',
    },
    published: 2,
    unit: 'ratio',
    source: 'P. H. Gum, IBM J. Res. Develop. 27(6), 1983: assists roughly doubled the performance of guests',
    reading: 'secondary',
    within: 1.5,
    simplified: {
      en: 'One guest with its own segment and page tables that is busy with them all the time.',
      ja: '自分のセグメントテーブルとページテーブルを持ち、それらを絶えず操作するゲスト1つでの値です。',
    },
    measure: () => {
      const paging = (technique: string): number => spent('10-vm370', factory, 'paging', technique).busy;
      return paging('cp') / paging('cp-assist');
    },
  },
  {
    id: 'vm370-ecps',
    series: 'ecps',
    what: {
      en: 'CP’s time that is left when ECPS:VM has taken its busiest paths into microcode',
      ja: 'ECPS:VMがCPの最も忙しい経路をマイクロコードに移した後に残るCPの時間の割合',
    },
    published: 1 - 0.7955 * 0.9,
    unit: 'share',
    source: 'L. Wheeler, IBM-MAIN: 79.55 % of CP’s time, ten times faster',
    reading: 'derived',
    within: 1.5,
    simplified: {
      en: 'Held against VM assist alone. Fewer of CP’s functions are in microcode here than IBM put there.',
      ja: 'VMアシストだけの場合と比べています。マイクロコードに移した機能はIBMの製品より少ないです。',
    },
    measure: () => overhead('cp-ecps') / overhead('cp-assist'),
  },
];
