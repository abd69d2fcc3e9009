/** The words of what is asked about a race: which constants decide it, and what the hardware of each era makes of it. */
import type { Locale } from '../i18n/index.ts';

const en = {
  cancel: 'Cancel',
  cancelled: 'Cancelled; the runs that were done are shown.',
  progress: (done: string, all: string) => `${done} of ${all} runs done`,
  table: 'As a table',
  technique: 'Technique',
  entered: 'The techniques are those that are entered for the race.',
  sensitivity: {
    how: 'Every cost in this lab is a constant with a source, and sources differ. Here the same race is run with one constant changed and all others as they are. Where two lines cross, the order depends on that constant; where none do, it does not.',
    constant: 'Cost constant',
    all: 'all, as far as the sources differ',
    start: 'Vary it',
    source: (cycles: string, source: string) => `${cycles} cycles: ${source}`,
    caption:
      'Up: busy cycles against the first technique, on a logarithmic scale. Across: cycles of the constant.',
    label: (name: string, steps: string) =>
      `Ratios of the techniques while “${name}” goes through ${steps} cycles`,
    stays: 'The order stays the same throughout.',
    passes: (at: string, passes: string, passed: string) => `At ${at} cycles ${passes} passes ${passed}.`,
    none: 'None of the constants that have been measured changes anything.',
    tornado:
      'Each constant at the least (outlined) and at the most (filled) that the sources give for any processor from 1999 to 2015; one without such sources is halved and doubled. At the ends stand its cycles, across is the ratio of the technique that it moves most, against the same ratio as it is, on a logarithmic scale. In bold: the order of the techniques changes.',
    swing: (technique: string, asItIs: string, atLeast: string, atMost: string) =>
      `${technique}: ${asItIs}; least ${atLeast}, most ${atMost}`,
    tried: 'Cycles',
    noSource: '(halved, doubled)',
    most: 'Moves most',
    atLeast: 'With the least',
    asItIs: 'As it is',
    atMost: 'With the most',
    order: 'Order',
    orderAtLeast: (first: string, second: string) => `with the least: ${first} before ${second}`,
    orderAtMost: (first: string, second: string) => `with the most: ${first} before ${second}`,
    same: 'stays',
  },
  eras: {
    how: 'The same program on the processors of twenty years. A line that falls is hardware; the distance between two lines is technique, because the scale is logarithmic. A technique has no point where its processor lacked what it needs.',
    start: 'Run on every machine',
    none: 'This workload has one machine only.',
    caption: 'Up: busy time on the machine, on a logarithmic scale. Across: processors by year.',
    label: (machines: string) => `Busy time of each technique on ${machines}`,
    cell: (time: string, ratio: string) => `${time} (${ratio})`,
    bare: 'Ratios are against the first technique on the same machine.',
  },
};

const ja: typeof en = {
  cancel: '中止',
  cancelled: '中止しました。終わった分だけを示しています。',
  progress: (done, all) => `${all}回中${done}回の実行が完了`,
  table: '表で見る',
  technique: '技法',
  entered: '対象は、レースに登録した技法です。',
  sensitivity: {
    how: 'このラボのコストはすべて出典つきの定数で、出典どうしは食い違うこともあります。ここでは、定数を1つだけ変え、ほかはそのままにして同じレースを走らせます。2本の線が交わるなら、順位はその定数しだいです。交わらなければ、順位はその定数に左右されません。',
    constant: 'コスト定数',
    all: 'すべて（出典の幅で）',
    start: '変えてみる',
    source: (cycles, source) => `${cycles}サイクル：${source}`,
    caption: '縦：先頭の技法に対するビジーサイクルの比（対数目盛）。横：その定数のサイクル数。',
    label: (name, steps) => `「${name}」を${steps}サイクルと変えたときの各技法の比`,
    stays: '順位は最後まで変わりません。',
    passes: (at, passes, passed) => `${at}サイクルで、${passes}が${passed}を追い抜きます。`,
    none: '測り終えた定数のうち、結果を変えるものはありません。',
    tornado:
      '各定数を、1999年から2015年のプロセッサについて出典にある最小値（枠だけ）と最大値（塗り）にした結果です。そのような出典のない定数は、半分と2倍にします。両端の数字はそのサイクル数、横はその定数で最も動く技法の比で、元の比を基準にした対数目盛です。太字は、技法の順位が変わるものです。',
    swing: (technique, asItIs, atLeast, atMost) =>
      `${technique}：${asItIs}、最小で${atLeast}、最大で${atMost}`,
    tried: 'サイクル',
    noSource: '（半分、2倍）',
    most: '最も動く技法',
    atLeast: '最小',
    asItIs: 'そのまま',
    atMost: '最大',
    order: '順位',
    orderAtLeast: (first, second) => `最小では、${first}が${second}より先`,
    orderAtMost: (first, second) => `最大では、${first}が${second}より先`,
    same: '変わらない',
  },
  eras: {
    how: '同じプログラムを、20年にわたるプロセッサで走らせます。線が下がるのはハードウェアの進歩、線と線の間隔は技法の差です（対数目盛なので、間隔が比になります）。必要な機能がまだなかったプロセッサには、その技法の点がありません。',
    start: 'すべての機械で実行',
    none: 'このワークロードの機械は1種類だけです。',
    caption: '縦：その機械でのビジー時間（対数目盛）。横：プロセッサ（年順）。',
    label: (machines) => `各技法のビジー時間（${machines}）`,
    cell: (time, ratio) => `${time}（${ratio}）`,
    bare: '比は、同じ機械での先頭の技法に対する値です。',
  },
};

export const surveyWords: Readonly<Record<Locale, typeof en>> = { en, ja };
