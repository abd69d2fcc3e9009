/** The words of the race, in both languages. */
import type { Locale } from '../i18n/index.ts';
import type { Phase } from './race.svelte.ts';

const phasesEn: Readonly<Record<Phase, string>> = {
  waiting: 'waits for a free engine',
  running: 'runs',
  done: 'done',
  cancelled: 'cancelled',
  lost: 'lost',
};

const en = {
  title: 'The race',
  summary:
    'The same program, byte for byte, under every technique of the PC, with one meter: who is done first, and where the cycles went.',
  how: 'Every runner is an engine of its own on the same simulated processor, so that only the technique differs. The order is that of busy cycles: a wait for the disk or the clock is as long under every technique, and counts for nobody. Ratios are against the first runner entered that finished.',
  workload: 'Workload',
  techniques: 'Techniques',
  source: 'Program (IA-32 assembly; it prints “ok” at the end of a line when it is done)',
  sourceEmpty: 'Empty: the program that is there at first, ten thousand reads of CR0.',
  start: 'Start the race',
  cancel: 'Cancel',
  progress: (done: string, all: string) => `${done} of ${all} have finished`,
  cycles: (count: string) => `${count} cycles`,
  strata: (technique: string) => `Which layer executed last, under: ${technique}`,
  phases: phasesEn,
  finish: 'At the finish',
  bars: 'Where the cycles went',
  place: 'Place',
  technique: 'Technique',
  busy: 'Busy cycles',
  ratio: 'Ratio',
  instructions: 'Instructions',
  howFar: 'How far it got',
  finished: 'to the verified result',
  copy: 'Copy the table',
  csv: 'Save as CSV',
  svg: 'Save the chart as SVG',
  link: 'Copy a link to this race',
  copied: 'Copied.',
  notCopied:
    'This browser does not let the page copy. The address bar has the link; the CSV file has the table.',
  cannotRun:
    'This browser has no workers or no WebAssembly, which the engines need. Any browser since 2018 has.',
};

const phasesJa: typeof phasesEn = {
  waiting: 'エンジンの空き待ち',
  running: '実行中',
  done: '完了',
  cancelled: '中止',
  lost: '失敗',
};

const ja: typeof en = {
  title: 'レース',
  summary:
    'バイト単位で同一のプログラムを、PCのすべての仮想化技法の上で走らせ、同じ物差しで測ります。どれが先に終わり、サイクルはどこへ消えたのでしょうか。',
  how: '各走者は、同じ模擬プロセッサを持つ独立したエンジンです。違うのは技法だけです。順位はビジーサイクルで決まります。ディスクやタイマの待ち時間はどの技法でも同じなので、数えません。比は、完走した走者のうち最初に登録されたものに対する値です。',
  workload: 'ワークロード',
  techniques: '技法',
  source: 'プログラム（IA-32アセンブリ。終わるときに行末に「ok」と出力します）',
  sourceEmpty: '空のままなら、CR0を1万回読む備え付けのプログラムを使います。',
  start: 'レースを始める',
  cancel: '中止',
  progress: (done, all) => `${all}走者中${done}走者がゴール`,
  cycles: (count) => `${count}サイクル`,
  strata: (technique) => `直近に実行していた層：${technique}`,
  phases: phasesJa,
  finish: '着順',
  bars: 'サイクルの内訳',
  place: '順位',
  technique: '技法',
  busy: 'ビジーサイクル',
  ratio: '比',
  instructions: '命令数',
  howFar: '到達点',
  finished: '検証済みの結果まで',
  copy: '表をコピー',
  csv: 'CSVで保存',
  svg: '図をSVGで保存',
  link: 'このレースへのリンクをコピー',
  copied: 'コピーしました。',
  notCopied:
    'このブラウザではページからコピーできません。リンクはアドレスバーに、表はCSVファイルにあります。',
  cannotRun:
    'このブラウザには、エンジンに必要なワーカーまたはWebAssemblyがありません。2018年以降のブラウザをお使いください。',
};

export const raceWords: Readonly<Record<Locale, typeof en>> = { en, ja };
