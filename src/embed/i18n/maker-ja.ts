/** Japanese words of the page that makes widgets, of its documentation, and of the lab's embed sheet. */
import type { MakerWords } from './maker.ts';

export const makerJa: MakerWords = {
  title: 'ラボを埋め込む',
  summary:
    'ラボ全体またはパネル一つを、ご自分のページに置けます。選んで、プレビューで確かめて、貼り付けるだけです。どこにも何も送信しません。',
  choose: '選ぶ',
  lab: 'ラボ',
  widget: 'ウィジェット',
  wholeLab: 'ラボ全体',
  exercise: (title) => `演習: ${title}`,
  more: '詳しいオプション',
  unset: '標準',
  preview: 'プレビュー',
  paste: '貼り付ける',
  host: '貼り付け先',
  code: '貼り付ける内容',
  copy: 'コピー',
  copied: 'コピーしました。',
  notCopied: 'ブラウザに許可されませんでした。選択してコピーしてください。',
  state: '今のラボの状態から始める',
  stateTooLong: '記録が長すぎてアドレスに収まりません。ウィジェットはラボの最初の状態から始まります。',
  stateKept: 'ウィジェットは、引き継いだ状態から始まります。',
  files: 'ファイル',
  svg: 'SVG画像',
  png: 'PNG画像',
  single: 'ラボ全体を1ファイルで',
  singleHow: 'ディスクや共有フォルダから、ネットワークなしで開けます。メールでも渡せます。',
  embedTitle: 'このラボを埋め込む',
  moreThere: '詳しいオプション、説明、画像',
  docs: {
    title: '説明',
    lead: 'ここに書かれていることはすべて、ウィジェット自身が読むスキーマから生成しています。',
    options: 'オプション',
    optionsLead:
      'ウィジェットのアドレスのクエリ、または要素の属性として指定します。状態はフラグメントに入ります。未知のもの、誤ったものは無視し、ウィジェット内でお知らせします。',
    name: '名前',
    takes: '指定できる値',
    meaning: '意味',
    workloads: 'ワークロード',
    techniques: '方式',
    names: 'ラボ、パネル、選択肢の名前',
    element: '要素',
    elementLead:
      '1ページにいくつでも置けます。画面外の計算機は一時停止します。下の要求はそれぞれ、同じフィールドを取り、状態のPromiseを返すメソッドでもあります。通知はそれぞれイベント「strata:TYPE」で、detailがメッセージです。',
    messages: 'メッセージ',
    messagesLead:
      'どのメッセージにも、「source」(値は「strata」)、版を示す「v」、送り手が決める「id」が付きます。「id」は応答にそのまま入り、自発的な通知ではnullです。ウィジェットが聞くのは、自分を枠に入れているページだけです。受け取る側でもoriginとsourceを確かめてください。ほかの版の要求には、対応する版を示すエラーで応えます。',
    requests: 'ウィジェットへ',
    notices: 'ウィジェットから',
    fields: 'フィールド',
    none: 'なし',
    types: 'TypeScriptの型',
    safety: '制限の厳しいページで',
    safetyText:
      'Content-Security-Policyのあるページでは、このサイトを「frame-src」で、要素を使うなら「script-src」でも、その画像のために「img-src」でも許可してください。sandbox付きの枠に必要なのは「allow-scripts」だけです。ウィジェットはブラウザに何も保存せず、Cookieも使わず、ほかのどこにも接続しません。固定や非表示は、素直に使う人のための道しるべです。ラボ全体を開けば、誰でも何でもできます。',
    oembed: 'oEmbed',
    oembedText:
      '各ウィジェットのページの隣に「oembed.json」があり、ページからリンクしています。サイトをSTRATA_URL付きでビルドした場合は絶対アドレス、そうでない場合はこのファイルからの相対アドレスです。',
  },
  optionsText: {
    lang: 'ウィジェットの言語。指定しなければページの言語です。',
    theme: '配色。「auto」は閲覧者の環境に従います。',
    controls:
      '「basic」は実行、ステップ、ステップバック、リセットだけ。「none」は操作部もキー操作もなし。標準はラボ全体が「full」、パネルが「basic」です。',
    readonly:
      '計算機を変更できなくします。ワークロード、方式、ソース、設定、端末を固定します。実行とステップはできます。',
    panels: 'ラボ全体で見せるパネルを、この順に。「code」は、場所があればほかのパネルの横に並びます。',
    autoplay: '画面に入ったら、すぐに実行します。',
    paused: '画像とボタンを表示し、閲覧者が計算機の電源を入れるまで待ちます。',
    t: '開始時点のサイクル。',
    speed: '1秒あたりのサイクル数。',
    seed: 'ワークロード内の乱数の種。演習では問題の変種を決め、ほかの変種は選べなくなります。',
    lock: '表示はするが変更できないもの。',
    hide: '表示しないもの。',
    workload: '最初のワークロード。',
    technique: '最初の方式。',
  },
  requestsText: {
    play: '実行します。speedがあれば、1秒あたりそのサイクル数で。',
    pause: '実行や、時間のかかる処理を止めます。先の要求を待ちません。',
    step: '1命令、トラップとその処理全体、または次の制御の移動まで進みます。',
    back: '1命令、または前の制御の移動まで戻ります。',
    seek: '指定したサイクルへ、前にも後ろにも移動します。',
    reset: '実行の最初に戻ります。',
    load: '指定した内容で読み込み直します。「program」はゲストのソースで、nullならワークロード本来のものです。',
    getState: '「state」で応えます。その「fragment」が、設定、入力、サイクルのすべてを表します。',
    setState: '「fragment」の状態に移ります。',
  },
  noticesText: {
    ready: 'メッセージを受け取れます。「versions」は対応する版です。',
    resize: '必要な高さ(ピクセル)。',
    state: '計算機の状態。変化のたび、実行中は毎秒4回、そして要求への応答として送ります。',
    step: '計算機が動いて止まりました。次に実行する層、その理由、起きたことを文で伝えます。',
    task: '演習を採点しました。合格した検査の数を伝えます。',
    progress: '時間のかかる処理(起動、方式の比較)の進み具合。',
    error:
      'できなかったこと。「code」は、理解できない要求ならversion、type、fields、応じられない要求ならstate、source、アドレスの誤りならoption、こちらの不具合ならengineです。',
  },
  attributesText: {
    lab: 'どのラボか。アドレスに使う章の名前です。',
    panel:
      'そのパネルだけ。「strata」なら地層図、「exercise/」に演習のフォルダ名を続ければ演習付きのラボ。指定しなければラボ全体です。',
    state: '開始時の状態。「getState」で得られるフラグメントです。',
    start:
      '「click」なら、クリックされるまで画像のまま待ちます。指定しなければ、画面に入ったら読み込みます。',
    title: 'スクリーンリーダーに伝える枠の名前。',
    height:
      '高さを固定します。ページのスタイルで「height」を決めても同じです。指定しなければウィジェットに従います。',
    sandbox:
      '枠を隔離します。オリジンも保存領域もフォームもなくなります。値がなければ、スクリプトと、新しいタブで開くリンクが使えます。',
  },
  hosts: {
    element: {
      name: 'Webページ(要素)',
      how: '高さがウィジェットに従い、画面に入ったときに読み込みます。スクリプトは1ページに1回で足ります。',
    },
    iframe: {
      name: 'Webページ(枠のみ)',
      how: 'スクリプトは不要です。高さは固定なので、合わせて変えてください。',
    },
    markdown: {
      name: 'Markdown',
      how: 'ラボへのリンクになる画像です。READMEなど、HTMLを書けないところに使います。HTMLを書けるところ(MkDocs、Docusaurus、Jekyll、HTMLを許可したHugo、Jupyter Book)では、要素か枠を使ってください。',
    },
    reveal: {
      name: 'reveal.js',
      how: 'スライド1枚です。「data-src」により、スライドが近づいたときに読み込みます。投影には「controls=basic」が見やすいです。',
    },
    moodle: {
      name: 'Moodleなどの学習管理システム',
      how: 'エディタをHTML表示にして貼り付けます。Moodleはスクリプトを取り除くため、枠を使い、アプリ用のリンクを添えています。',
    },
    notion: {
      name: 'Notion、WordPressなど、アドレスを貼るところ',
      how: 'アドレスを貼り付けます(Notionでは「埋め込み」)。oEmbedに対応していれば、大きさと題名は自動で決まります。',
    },
    picture: {
      name: '画像のみ',
      how: '枠を使えないところに。標準の実行の画像で、ラボへのリンクになります。',
    },
  },
};
