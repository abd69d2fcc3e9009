/** Adams and Agesen's nanobenchmarks on the 3.8 GHz Pentium 4 672: bare, and under what this PC has of monitors. */
import type { PublishedFigure } from '../../../src/lab/published.ts';
import { PENTIUM_4 } from '../../../src/machines/pc/models/pentium4.ts';
import { isPcMonitor } from '../../../src/worlds/pc/monitors/table.ts';
import { nanobenchmarks, OPERATIONS, type Operation } from '../../+shared/pc/nano/nano.ts';
import { CYCLES, SOURCE, TECHNIQUES, type Technique } from '../../+shared/pc/nano/paper.ts';

/** What the model of the Pentium 4 takes from the same section. */
const FITTED: readonly Operation[] = ['syscall', 'in', 'cr8wr', 'callret', 'divzero'];

const OPERATION: Readonly<Record<Operation, PublishedFigure['what']>> = {
  syscall: { en: 'system call and return', ja: 'システムコールと復帰' },
  in: { en: 'reading an input port', ja: '入力ポートの読み出し' },
  cr8wr: { en: 'setting the task priority', ja: 'タスク優先度の設定' },
  callret: { en: 'call and return', ja: '呼び出しと復帰' },
  pgfault: { en: 'a page fault of the guest’s own', ja: 'ゲスト自身のページフォールト' },
  divzero: { en: 'a division by zero', ja: 'ゼロ除算' },
  ptemod: { en: 'changing a page-table entry', ja: 'ページテーブルの項目の変更' },
};
const TECHNIQUE: Readonly<Record<Technique, PublishedFigure['what']>> = {
  bare: { en: 'bare machine', ja: '実機' },
  translator: { en: 'software monitor (translation)', ja: 'ソフトウェアモニタ（変換）' },
  'vmx-shadow': { en: 'hardware monitor (first VT-x)', ja: 'ハードウェアモニタ（初代VT-x）' },
};

const SIMPLIFIED = {
  en: 'A processor that does one instruction after another, without caches; the priority is set through memory, as 32-bit code does.',
  ja: '命令を1つずつ順に実行するキャッシュなしのプロセッサです。優先度は、32ビットのコードと同じくメモリ経由で設定します。',
};

/** Where a row comes out otherwise than published for a reason of its own. */
const REASONS: Readonly<Record<string, PublishedFigure['simplified']>> = {
  'ptemod-bare': {
    en: 'A store takes one cycle for the instruction and one for its operand in memory; the real processor does them with the loop around it in one.',
    ja: 'ストアは、命令に1サイクル、メモリのオペランドに1サイクルかかります。実物のプロセッサは、周りのループと重ねて1サイクルで済ませます。',
  },
  'callret-translator': {
    en: 'The code is as in the paper: an address from the stack, a table, a jump through it, a comparison. Each instruction costs its average; what a pipeline loses at such a jump is not modelled.',
    ja: 'コードは論文と同じで、スタックからの番地、表引き、間接ジャンプ、比較です。どの命令も平均の費用で、間接ジャンプでパイプラインが失う分はモデルにありません。',
  },
  'cr8wr-vmx-shadow': {
    en: 'The paper’s guest writes CR8, of which VT-x keeps a copy without an exit. 32-bit code has no such register: it stores into the controller’s memory, and each store exits.',
    ja: '論文のゲストが書くのはCR8で、VT-xはその写しをVM exitなしで持ちます。32ビットのコードにはこのレジスタがなく、コントローラのメモリへのストアが毎回VM exitになります。',
  },
  'divzero-vmx-shadow': {
    en: 'No exit, so nothing is dearer here than on the bare machine. Where the real 14 % come from the paper does not say.',
    ja: 'VM exitは起こらないので、ここでは実機とまったく同じ費用です。実物の14 %の差がどこから来るのかは、論文に書かれていません。',
  },
};

const known = new Map<Technique, Readonly<Record<Operation, number>>>();
function cyclesUnder(technique: Technique): Readonly<Record<Operation, number>> {
  const found = known.get(technique) ?? measured(technique);
  known.set(technique, found);
  return found;
}

function measured(technique: Technique): Readonly<Record<Operation, number>> {
  const result = nanobenchmarks(PENTIUM_4, isPcMonitor(technique) ? technique : undefined);
  if (typeof result === 'string') throw new Error(`nanobenchmarks, ${technique}: ${result}`);
  return result;
}

export const nanobenchmarkRows: readonly PublishedFigure[] = TECHNIQUES.filter(
  (technique) => technique === 'bare' || isPcMonitor(technique),
).flatMap((technique) =>
  OPERATIONS.map((operation) => {
    const [published, reading] = CYCLES[operation][technique];
    const [{ en, ja }, on] = [OPERATION[operation], TECHNIQUE[technique]];
    return {
      id: `asplos2006-${operation}-${technique}`,
      series: `asplos2006-${operation}`,
      what: { en: `${on.en}: ${en}`, ja: `${on.ja}：${ja}` },
      ...{ published, reading, unit: 'cycles', source: SOURCE, within: 1.5 },
      simplified: REASONS[`${operation}-${technique}`] ?? SIMPLIFIED,
      ...(technique === 'bare' && FITTED.includes(operation) && { fitted: true }),
      measure: () => cyclesUnder(technique)[operation],
    };
  }),
);
