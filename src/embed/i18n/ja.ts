/** Japanese words of widgets, and of the page that makes them. */
import type { EmbedWords } from './index.ts';

export const ja: EmbedWords = {
  open: 'ラボ全体を開く',
  start: 'ラボを始める',
  poster: (title) => `ラボ「${title}」の標準の実行を層ごとに示した図`,
  noscript: 'ラボにはJavaScriptが必要です。図は標準の実行を示しています。',
  failed: 'ラボを読み込めませんでした。再読み込みしてください。',
  notices: 'このウィジェットのアドレスに問題があります。',
  dismiss: '閉じる',
  problems: {
    unknown: (name, meant) =>
      `「${name}」というオプションはないため、無視します。${meant === null ? '' : `「${meant}」のことでしょうか。`}`,
    value: (name, value, takes) =>
      `オプション「${name}」に「${value}」は指定できません。指定できるのは${takes}です。`,
    twice: (name) => `オプション「${name}」が2回指定されています。最初の指定を使います。`,
    contradiction: (loser, winner) =>
      `オプション「${loser}」と「${winner}」は両立しません。「${winner}」を優先します。`,
    choice: (name, value, known) =>
      `このラボに${name}「${value}」はありません。あるのは次のとおりです: ${known}`,
  },
  takes: {
    flag: '1または0',
    name: 'ラボごとに決まった名前',
    whole: (least, most) => `${least}から${most}までの整数`,
    or: (one, other) => `${one}、または「${other}」`,
    list: (names) => `次のうち一つ以上(コンマ区切り): ${names}`,
    one: (names) => `次のいずれか: ${names}`,
  },
};
