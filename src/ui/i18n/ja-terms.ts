/** Japanese for the closed words that frames carry: names of groups and tables, states, steps of a walk. */
import type { vocabulary as english } from './en-terms.ts';
import { pcTerms } from './ja-pc.ts';

const terms: Readonly<Record<string, string>> = {
  '': 'プロセッサ',
  'real machine': '実機',
  'virtual machine': '仮想マシン',
  psw: 'PSW',
  general: '汎用レジスタ',
  control: '制御レジスタ',
  floating: '浮動小数点レジスタ',
  guest: 'ゲストの表',
  shadow: 'シャドウ表',
  CP: 'ゲスト用のCPの表',
  'segment-invalid': 'セグメント無効',
  'page-invalid': 'ページ無効',
  idle: '空き',
  busy: '動作中',
  pending: '割込み保留',
  'logged-off': 'ログオフ中',
  'cp-mode': '停止中(CPが応答)',
  'page-wait': 'ページ待ち',
  wait: '待ち状態',
  runnable: '実行可能',
  eligible: '待機リスト',
  'segment-table': '制御レジスタ1がセグメント表の位置を示す',
  'segment-entry': 'セグメント表の項目',
  'page-entry': 'ページ表の項目',
  real: '実アドレス',
  addressing: 'ここで停止: アドレス指定例外',
  'stops:segment-invalid': 'ここで停止: セグメント変換例外',
  'stops:page-invalid': 'ここで停止: ページ変換例外',
  specification: 'ここで停止: 変換指定例外',
  invalid: 'ここで停止: 無効',
};

const externalNames: Readonly<Record<string, string>> = {
  'interval timer': 'インターバルタイマ',
  'interrupt key': '割込みキー',
  'clock comparator': 'クロックコンパレータ',
  'CPU timer': 'CPUタイマ',
};

const classes: Readonly<Record<string, string>> = {
  program: 'プログラム割込み',
  svc: 'SVC割込み',
  external: '外部割込み',
  io: '入出力割込み',
};

export const vocabulary: typeof english = { terms: { ...terms, ...pcTerms }, externalNames, classes };
