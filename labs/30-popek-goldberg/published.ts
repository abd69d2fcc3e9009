/** What was published of the sensitive instructions of IA-32 and System/370, and what the experiment finds. */
import { classifyIa32, classifyS370 } from '../../src/classifier/classify.ts';
import { listed } from '../../src/classifier/published.ts';
import type { PublishedFigure } from '../../src/lab/published.ts';
import { PENTIUM } from '../../src/machines/pc/models/pentium.ts';

/** SGDT … MOV: the mnemonics that section 3 of the paper goes through. */
const ROBIN_IRVINE = 18;
const WITH_IRET = 19;

const GROUPED = {
  en: 'Rows of the opcode table are put together under the list’s names; a kernel in ring 0 is taken for the supervisor.',
  ja: '命令表の行は一覧の名前にまとめ、リング0のカーネルを特権モードとみなします。',
};

const violators = (): readonly string[] => listed(classifyIa32(PENTIUM).filter(({ violates }) => violates));

export const rows: readonly PublishedFigure[] = [
  {
    id: 'robin-irvine',
    series: 'violators',
    what: {
      en: 'Sensitive instructions of IA-32 that do not trap, IRET apart',
      ja: 'IA-32の、トラップしないセンシティブ命令（IRETを除く）の数',
    },
    published: ROBIN_IRVINE,
    unit: 'count',
    source:
      'J. S. Robin, C. E. Irvine, USENIX Security 2000, section 3 (18 mnemonics; its abstract counts 17)',
    reading: 'secondary',
    within: 1,
    simplified: GROUPED,
    measure: () => violators().filter((name) => name !== 'IRET').length,
  },
  {
    id: 'bugnion-grouping',
    series: 'violators',
    what: {
      en: 'The same, IRET counted',
      ja: '同じ数（IRETを含む）',
    },
    published: WITH_IRET,
    unit: 'count',
    source:
      'E. Bugnion, J. Nieh, D. Tsafrir, Hardware and Software Support for Virtualization, 2017, table 2.2',
    reading: 'recalled',
    within: 1,
    simplified: GROUPED,
    measure: () => violators().length,
  },
  {
    id: 's370-violators',
    series: 's370-violators',
    what: {
      en: 'Instructions of System/370 that are sensitive and do not trap: the one that reads the clock',
      ja: 'System/370の、センシティブなのにトラップしない命令の数（時計を読む1つ）',
    },
    published: 1,
    unit: 'count',
    source:
      'IBM GA22-7000: STORE CLOCK is valid in the problem state; every other sensitive one is privileged',
    reading: 'derived',
    within: 1,
    simplified: {
      en: 'One processor; the dual-address-space facility of 1981 is absent.',
      ja: '1プロセッサの機械で、1981年の2アドレス空間機構はありません。',
    },
    measure: () =>
      classifyS370().filter(({ violates, kind, privileged }) => violates || (kind === 'clock' && !privileged))
        .length,
  },
];
