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
  how: 'Every runner is an engine of its own on the same simulated processor, so that only the technique differs. The order is that of busy cycles from the program’s first instruction to its last: boot and shutdown stand apart, and a wait for the disk or the clock is as long under every technique and counts for nobody. Ratios are against the first runner entered that finished.',
  techniques: 'Techniques',
  start: 'Start the race',
  broken: 'The source has errors. “Code” shows where.',
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
  boot: 'Boot before',
  countAll: 'count boot and shutdown, too',
  howFar: 'How far it got',
  finished: 'to the verified result',
  copy: 'Copy the table',
  csv: 'Save as CSV',
  svg: 'Save the chart as SVG',
  copied: 'Copied.',
  file: {
    choose:
      'Your program: assembly under “Code”, or an ELF file (multiboot or flat, 32 bits), dropped here. It says “ok” at the end of a line of the serial port.',
    taken: (name: string) => (name === '' ? 'The program is a file.' : `The program is ${name}.`),
    back: 'Back to the assembly',
    busy: 'The file was not taken: the race is on. Drop it again when it is over, or cancel it.',
    tooLarge: (name: string, most: string) =>
      `${name} is larger than ${most} MB. Strip it of its debug data.`,
    refused: (name: string, why: string) =>
      `${name === '' ? 'The file' : name} cannot run here: ${why}. Link it statically for 32-bit x86 (ld -m elf_i386), to run without an operating system.`,
  },
  notCopied: 'This browser does not let the page copy. The CSV file has the table.',
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
  how: '各走者は、同じ模擬プロセッサを持つ独立したエンジンです。違うのは技法だけです。順位は、プログラムの最初の命令から最後の命令までのビジーサイクルで決まります。起動と終了処理は含めません。ディスクやタイマの待ち時間はどの技法でも同じなので、数えません。比は、完走した走者のうち最初に登録されたものに対する値です。',
  techniques: '技法',
  start: 'レースを始める',
  broken: 'ソースに誤りがあります。場所は「コード」に出ています。',
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
  boot: 'それまでの起動',
  countAll: '起動と終了処理も数える',
  howFar: '到達点',
  finished: '検証済みの結果まで',
  copy: '表をコピー',
  csv: 'CSVで保存',
  svg: '図をSVGで保存',
  copied: 'コピーしました。',
  file: {
    choose:
      '自分のプログラム：「コード」のアセンブリか、ここにドロップしたELFファイル（32ビット、マルチブートまたは平坦）。終わるときに、シリアルポートの行末に「ok」と出力します。',
    taken: (name) => (name === '' ? 'プログラムはファイルです。' : `プログラムは${name}です。`),
    back: 'アセンブリに戻る',
    busy: 'レースの実行中はファイルを受け取れません。終わるのを待つか中止してから、もう一度ドロップしてください。',
    tooLarge: (name, most) => `${name}は${most} MBを超えています。デバッグ情報を取り除いてください。`,
    refused: (name, why) =>
      `${name === '' ? 'このファイル' : name}は実行できません（${why}）。OSなしで動く32ビットx86用に、静的にリンクしてください（ld -m elf_i386）。`,
  },
  notCopied: 'このブラウザではページからコピーできません。表はCSVファイルにあります。',
};

export const raceWords: Readonly<Record<Locale, typeof en>> = { en, ja };
