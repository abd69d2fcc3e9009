/** Verdicts in words, for the teacher's page and the command. */
import type { Note, Outcome, Reason } from './checked.ts';

export interface VerdictWords {
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly reason: (reason: Reason) => string;
  readonly note: (note: Note) => string;
}

const of = (exercise: string, words: string): string => (exercise === '' ? words : `${exercise}: ${words}`);

function englishReason(reason: Reason): string {
  const somebody = (name: string): string => (name === '' ? 'another student' : name);
  switch (reason.kind) {
    case 'malformed':
      return `not what a hand-in looks like (${reason.where})`;
    case 'broke-off':
      return `doing it again broke off (${reason.message})`;
    case 'too-slow':
      return `doing it again took more than ${reason.seconds} s`;
    case 'cut-off':
      return 'the file ends in the middle, or is damaged';
    case 'other-assignment':
      return `belongs to another assignment (“${reason.title}”)`;
    case 'too-new':
      return `written by a later edition (format ${reason.version})`;
    case 'other-release':
      return `made with release ${reason.theirs}; this is ${reason.ours}`;
    case 'other-engine':
      return `made with other engines (${reason.theirs}), and they give another result`;
    case 'unknown-exercise':
      return 'this edition has no such exercise';
    case 'seed':
      return `the variant (${reason.seed}) is that of ${somebody(reason.whose)}`;
    case 'foreign-run':
      return 'the log begins with another student’s variant';
    case 'copied':
      return `the work of ${reason.whose}, and it fails for this student`;
    case 'other-state':
      return 'the log and files do not lead to the state that the file names';
    case 'changed-later':
      return 'the work was changed after it had been checked';
    case 'claims-more':
      return 'the file says that it is solved; it is not';
    case 'fails':
      return reason.checks.length === 0 ? 'not solved' : `not solved (${reason.checks.join(', ')})`;
    case 'missing':
      return 'not handed in';
  }
}

function japaneseReason(reason: Reason): string {
  const somebody = (name: string): string => (name === '' ? '別の学生' : name);
  switch (reason.kind) {
    case 'malformed':
      return `提出物の形式ではありません（${reason.where}）`;
    case 'broke-off':
      return `再実行が途中で止まりました（${reason.message}）`;
    case 'too-slow':
      return `再実行に${reason.seconds}秒以上かかりました`;
    case 'cut-off':
      return 'ファイルが途中で切れているか、壊れています';
    case 'other-assignment':
      return `別の課題（「${reason.title}」）のものです`;
    case 'too-new':
      return `より新しい版で書かれています（形式${reason.version}）`;
    case 'other-release':
      return `リリース${reason.theirs}で作られています。採点側は${reason.ours}です`;
    case 'other-engine':
      return `別のエンジン（${reason.theirs}）で作られ、結果も異なります`;
    case 'unknown-exercise':
      return 'この版にはない演習です';
    case 'seed':
      return `問題（${reason.seed}）が${somebody(reason.whose)}のものです`;
    case 'foreign-run':
      return '記録が別の学生の問題から始まっています';
    case 'copied':
      return `${reason.whose}の作業と同じで、この学生の問題では正解になりません`;
    case 'other-state':
      return '記録とファイルを再実行しても、書かれている最終状態になりません';
    case 'changed-later':
      return '検査の後で作業が変更されています';
    case 'claims-more':
      return '正解と書かれていますが、正解ではありません';
    case 'fails':
      return reason.checks.length === 0 ? '未解決' : `未解決（${reason.checks.join('、')}）`;
    case 'missing':
      return '提出されていません';
  }
}

export const verdictWords: Readonly<Record<'en' | 'ja', VerdictWords>> = {
  en: {
    outcomes: {
      ok: 'solved',
      'not-solved': 'not solved',
      'forged-result': 'forged result',
      'edited-log': 'edited log',
      'other-student': 'another student’s file',
      'wrong-version': 'wrong version',
      'wrong-assignment': 'wrong assignment',
      truncated: 'truncated',
      hostile: 'not a hand-in',
    },
    reason: (reason) => of(reason.exercise, englishReason(reason)),
    note: (note) => {
      switch (note.kind) {
        case 'same-work':
          return `${note.exercise}: the same work as ${note.whose}’s, and right for both`;
        case 'twice':
          return `this student also handed in ${note.file}`;
        case 'other-build':
          return `made with another build (${note.theirs}), with the same result`;
      }
    },
  },
  ja: {
    outcomes: {
      ok: '正解',
      'not-solved': '未解決',
      'forged-result': '結果の偽造',
      'edited-log': '記録の改変',
      'other-student': '別の学生のファイル',
      'wrong-version': '版の不一致',
      'wrong-assignment': '別の課題',
      truncated: '途中で切れたファイル',
      hostile: '提出物ではないファイル',
    },
    reason: (reason) => of(reason.exercise, japaneseReason(reason)),
    note: (note) => {
      switch (note.kind) {
        case 'same-work':
          return `${note.exercise}: ${note.whose}と同じ作業です（どちらも正解）`;
        case 'twice':
          return `同じ学生が${note.file}も提出しています`;
        case 'other-build':
          return `別のビルド（${note.theirs}）で作られていますが、結果は同じです`;
      }
    },
  },
};
