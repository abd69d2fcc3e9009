/** Japanese: keeping work in this browser. */
import type { ClassroomWords } from './index.ts';

export const saving: ClassroomWords['saving'] = {
  notice: '学習の記録',
  trouble: {
    'no-storage':
      'このブラウザーはこのページの内容を保存しません（プライベートウィンドウか、保存が無効になっています）。コピーを保存しないかぎり、ページを閉じるとここでの作業は失われます。',
    full: 'この端末には作業を保存する空きがもうありません。最新の変更はこのページ上にしかありません。コピーを保存するか、空きを作ってからもう一度お試しください。',
    refused: (message) =>
      `ブラウザーが最新の変更を保存できませんでした（${message}）。変更はこのページ上にしかありません。コピーを保存するか、もう一度お試しください。`,
    scarce: (megabytes) =>
      `この端末で作業に使える空きは残り${megabytes} MBです。今のうちにコピーを保存するか、空きを作ってください。`,
    conflict:
      '同じ作業がこのタブと別のタブの両方で変更されました。どちらかを選んでください。選ばなかったほうは「学習の記録」にコピーとして残ります。',
    stale: 'この作業は別のタブで変更されました。続ける前に、そちらの内容を表示してください。',
  },
  saveCopy: 'コピーを保存',
  retry: 'もう一度試す',
  keepMine: 'このタブの内容を残す',
  takeTheirs: '別のタブの内容を使う',
  show: '表示する',
  dismiss: '閉じる',
};
