// Japanese texts of the site's own pages.
import type { Messages } from './index.ts';

export const ja: Messages = {
  name: 'Strata',
  language: '日本語',
  home: 'Strata のホーム',
  skip: '本文へ移動',
  site: 'サイト',
  otherLanguages: '言語',
  theme: { label: '配色', auto: '自動', light: '明', dark: '暗' },
  hero: {
    title: '一台の計算機が何台にもなるまで',
    purpose:
      '仮想化の歴史を学ぶ実験室です。どの章でも、その時代の技術を、その時代の模擬計算機の上で実際に動かします。止めて、開けて、分解してください。',
    layers: '五つの層。どの章でも同じ色で示します。',
    run: (workload: string, technique: string) =>
      `ある実行をサイクル単位で示した図です。${workload}。${technique}。塗りつぶした帯がその時に動いている層で、上下の段差はすべて制御の移動です。`,
    open: (chapter: string) => `この実験を開く: ${chapter}`,
    race: {
      title: '同じプログラムを、あらゆる技法で',
      what: (workload: string) =>
        `${workload}。このサイトを生成したときの記録です。左から右へ、1台の模擬計算機でのプログラムのビジーサイクル、下から上へ、実行していた層を示します。正しい結果で終わらなかった実行には比がありません。`,
      ended: (name, cycles, ratio) => `${name}：${cycles}サイクル、${ratio}`,
      failed: (name) => `${name}：完走せず`,
      lost: '完走せず',
      run: 'ここで走らせる',
      open: 'レースへ',
    },
  },
  layers: {
    'guest-user': 'ゲストのプログラム',
    'guest-kernel': 'ゲストのカーネル',
    hostos: 'ホストOS',
    monitor: 'モニタ',
    hardware: 'ハードウェア',
  },
  timeline: {
    title: '地層',
    lead: '十二の考え方の層。いちばん下が最古です。帯と目盛りは実際の年に置き、色は仕事がどこで行われたかを示します。リンクのある時代には章があり、ほかは準備中です。',
    table: '同じ内容を表で見る',
    columns: { year: '年', system: 'システム', era: '時代', source: '出典' },
    years: (from, until) => (until === undefined ? `${from}年–現在` : `${from}–${until}年`),
  },
  places: {
    hardware: 'ハードウェアで',
    monitor: 'モニタで',
    hostos: 'OSの中で',
    many: '多数のホストで',
  },
  eras: {
    compatible: {
      title: '互換機',
      idea: '機種が変わるたびにプログラムは寿命を終えた。やがて、前の機種の命令を実行できる機械が作られる。',
    },
    microcode: {
      title: 'マイクロコード',
      idea: '制御記憶が旧機種の命令を解釈し、一つの命令セットが製品群の全体を貫く。',
    },
    timesharing: {
      title: 'タイムシェアリング',
      idea: '高価な一台を大勢で使う。利用者は一つのOSの内側で隔てられる。',
    },
    'trap-and-emulate': {
      title: 'トラップとエミュレーション',
      idea: '最初のハイパーバイザは、特権命令が必ずトラップする機械の上で、利用者ごとに丸ごと一台を与えた。',
    },
    'x86-servers': {
      title: '安価なサーバ',
      idea: 'PCがメインフレームに取って代わる。しかし複数のOSを載せることは想定されていなかった。',
    },
    translation: {
      title: 'バイナリ変換',
      idea: 'トラップしない命令があるなら、ゲストのコードを実行しながら書き換える。',
    },
    paravirtualization: {
      title: '準仮想化',
      idea: 'ゲストのほうを変える。許されない操作はハイパーバイザを呼んで頼む。',
    },
    'full-virtualization': {
      title: '完全仮想化',
      idea: '変更できないOSのために、下の層が本物の機械を演じきる。',
    },
    'hardware-assist': {
      title: 'ハードウェア支援',
      idea: 'プロセッサ自身がゲストを抱えるようになる。コード書き換えに代わるVM exitと、二段階のページテーブル。',
    },
    cloud: {
      title: 'クラウド',
      idea: '機械を時間単位で借りる。難しいのは、移動と管理になった。',
    },
    orchestration: {
      title: 'オーケストレーション',
      idea: '数千のホスト、ネットワーク、ディスクを一つのシステムとして運用する。',
    },
    containers: {
      title: 'コンテナ',
      idea: 'カーネルは共有し、サービスから見える部分だけを仮想化する。',
    },
  },
  chapters: {
    title: '章',
    none: '最初の章を準備しています。',
  },
  chapter: {
    text: '本文',
    lab: '実験',
    sources: '出典',
    before: '前の章',
    next: 'その後',
    noscript: '実験にはJavaScriptが必要です。本文と図はこのままお読みいただけます。',
    failed: '実験を読み込めませんでした。ページを再読み込みしてください。',
    run: {
      title: '実験の一例',
      of: (workload: string, technique: string) =>
        `${workload}。${technique}。図のサイクルはすべて、このページを作るときに模擬した計算機の上で数えたものです。`,
      strata: '実行の始まり。時間はサイクル単位で右へ進み、塗りつぶした帯がその時に動いている層です。',
      overhead: '同じプログラムを各方式で終わりまで実行した結果',
    },
  },
  exercises: {
    title: '演習',
    lead: 'どの演習も、このブラウザの中で模擬計算機を実際に走らせて確かめます。数値は問題ごとに変わります。',
    kinds: {
      predict: '予想してから走らせる',
      operate: '機械を操作する',
      program: 'ゲストを書く',
      monitor: 'モニタの一部を書く',
      measure: '測る',
      configure: '構成を決める',
    },
  },
  reference: {
    title: 'リファレンス',
    summary: '命令、割込みコード、装置、出典付きのコスト、そしてモニタの働き。',
    all: 'リファレンスの一覧',
    look: '調べる',
  },
  offline: {
    title: 'ネットワークがないとき',
    about: '一度開いたページは、このブラウザに残っているかぎり、ネットワークがなくても実験ごと開けます。',
    keep: 'サイト全体を保存',
    size: ['残り', ' MB(全体で', ' MB)を取得します。'],
    loading: ['', ' / ', ' MB'],
    cancel: '中止',
    kept: ['サイト全体をこのブラウザに保存しました: ', ' MB。'],
    failed: 'すべては取得できませんでした。届いた分は残っています。',
    again: 'もう一度',
    update: 'サイトの新しい版があります。',
    take: '読み込む',
    unkept: {
      title: 'ネットワークがなく、このページは保存されていません',
      why: '開いたページはそれ以後保存されます。最初のページからサイト全体を保存することもできます。',
    },
  },
  classroom: '教室',
  missing: {
    title: 'このアドレスにはページがありません',
    why: '移動したか、アドレスに誤りがあるかもしれません。',
    home: 'Strataの最初のページへ',
  },
  embed: '埋め込み',
  widget: (chapter, panel) => `${chapter}：${panel}`,
  footer: 'MITライセンスの自由なソフトウェアです。IBM PlexはSIL Open Font Licenseによります。',
};
