/** Japanese: doing an assignment, and handing it in. */
import type { ClassroomWords } from './index.ts';

export const student: ClassroomWords['student'] = {
  title: '課題',
  summary: '先生が作った課題に取り組み、ファイルを提出します。',
  loading: '課題を開いています…',
  noscript: '課題にはJavaScriptが必要です。',
  unread: {
    none: 'このページを開くには、先生から受け取った課題のリンクが必要です。課題の内容はリンクそのものに入っています。',
    damaged:
      'リンクが途切れているか、変わっています。メールソフトが長いリンクを切ることがあります。全体をもう一度コピーするか、先生にファイルをもらってください。',
    tooNew:
      'この課題は、このサイトのより新しい版で作られています。ページを再読み込みし、それでも開けなければ先生に知らせてください。',
    invalid: (where) =>
      `このリンクは課題として読み取れません（${where}）。先生に別のリンクをもらってください。`,
  },
  platformTrouble: (message) =>
    `学習プラットフォームに接続できませんでした（${message}）。作業とファイルの提出はできますが、結果は報告されません。`,
  refusal: (message) => `学習プラットフォームが最新の報告を受け付けませんでした：${message}`,
  otherLanguage: (language) => `この課題は${language}で出題されています。`,
  deadline: '締め切り',
  name: {
    label: '名前（先生の名簿のとおりに）',
    why: '科目キーと合わせて、あなたの問題の数値が決まります。毎回同じように書いてください。',
    whyPlain: '提出するファイルに書かれます。',
    begin: '始める',
    needed: '名前を入力してください。',
    you: (name) => `${name}として作業しています。`,
    change: '名前を変える',
  },
  keeping: {
    saved: '作業はすべてこのブラウザーに保存されています。',
    saving: '保存しています…',
    promised: 'このブラウザーは、保存した作業を勝手に消さないことになっています。',
    unpromised:
      'このブラウザーは保存を保証しません（プライベートウィンドウでは保存されず、空きを作るために消されることもあります）。共用のコンピューターを離れる前に、提出するかコピーを保存してください。',
    copy: 'すべての作業のコピーを保存',
    yours: '学習の記録',
  },
  carried: {
    all: '学習プラットフォームにも作業が保存されています。',
    answers:
      '学習プラットフォームには解答が保存されていますが、プログラムを入れる空きがありません。プログラムはこのブラウザーにしかないので、コピーを保存してください。',
    progress:
      '学習プラットフォームには進み具合だけが保存されています。作業そのものはこのブラウザーにしかないので、コピーを保存してください。',
    nothing:
      '学習プラットフォームには作業を保存する空きがありません。作業はこのブラウザーにしかないので、コピーを保存してください。',
  },
  parts: '課題の構成',
  read: (title) => `読む：${title}`,
  readOn: '章を開く',
  standings: {
    solved: '正解',
    checked: 'まだ正解ではありません',
    begun: '取り組み中',
    untouched: '未着手',
  },
  exercise: (number, title) => `${number}. ${title}`,
  missing: 'このサイトの版には、この演習がありません。先生に知らせてください。',
  previous: '前へ',
  next: '次へ',
  progress: (solved, all) => `${all}問中${solved}問正解`,
  handIn: {
    title: '提出',
    lead: 'すべての演習をもう一度検査し、先生に渡すファイルを作ります。',
    unsolved: '正解でない演習があっても提出できます。後で提出し直すこともできます。',
    prepare: '検査してファイルを作る',
    checking: (done, all) => `${all}問中${done}問目を検査しています…`,
    cancel: '中止',
    ready: (solved, all) => `ファイルができました。${all}問中${solved}問正解です。`,
    download: 'ファイルを保存',
    send: 'このファイルを、授業で決められた方法で先生に提出してください。',
    preview: 'ファイルの中身を見る',
    failed: (message) => `ファイルを作れませんでした：${message}`,
    leave: '学習プラットフォームに戻る',
  },
};
