/** Japanese words of the panels about many users of one operating system. */
import type { sharing as english } from './en-sharing.ts';

export const sharing: typeof english = {
  sharing: {
    queues: '待ち行列',
    level: (rank) => `順位 ${rank}`,
    nobody: '実行可能なプロセスはありません。',
    core: '主記憶',
    coreWhat: (used, all) => `ページ枠${all}個のうち${used}個を使用中です。`,
    free: '空き',
    holder: 'プロセス',
    frames: 'ページ枠',
    drum: 'ドラム',
    moved: (reads, writes) => `読み込み${reads}ページ、書き出し${writes}ページ。`,
    responses: '応答までの待ち時間',
    responsesWhat: (count, median, worst) =>
      `${count}件のコマンドに応答しました。利用者の時間で、半数は${median}秒以内、全件が${worst}秒以内です。`,
    none: 'まだどのコマンドにも応答していません。',
    seconds: '秒',
    commands: 'コマンド数',
    upTo: (seconds) => `${seconds}以下`,
    beyond: (seconds) => `${seconds}超`,
    empty: 'この計算機では時分割のスーパバイザが動いていません。',
  },
  sweep: {
    start: '掃引を実行する',
    again: 'もう一度実行する',
    cancel: '中止',
    what: (runs) => `${runs}回の実行を、それぞれ最後まで、ラボとは別のワーカで行います。`,
    progress: (done, all) => `${all}回中${done}回の実行が終了`,
    cancelled: '中止しました。終わった実行だけを示します。',
    failed: (why) => `掃引が止まりました: ${why}`,
    took: (seconds) => `${seconds}秒で終わりました。`,
    users: '利用者数',
    figure: '表示する項目',
    axis: (figure) => `${figure}(対数目盛)`,
    describe: (technique, first, last) => `${technique}: ${first}から${last}へ`,
    table: '表で見る',
    empty: 'まだ掃引していません。',
  },
  figures: {
    caption: '実行ごとの数値',
    figure: '項目',
    ratio: (technique: string, against: string) => `${technique} ÷ ${against}`,
    published: '公表された比',
    source: (source: string) => `公表値の出典：${source}`,
  },
};
