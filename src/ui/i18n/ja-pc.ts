/** Japanese words for what happens on a PC, and for the fields of its registers. */
import type { EventWords } from './en-machine.ts';

const at = (address: string) => (address === '' ? '' : `（${address}）`);

/** What a frame has become. */
const frameUses: Readonly<Record<string, string>> = {
  plain: 'もう表ではない',
  table: 'ページテーブルになった',
  directory: 'ページディレクトリになった',
  descriptors: '記述子表になった',
};

export const pcSentences: Readonly<Record<string, (e: EventWords) => string>> = {
  exception: (e) =>
    `例外${e.name}${e.mnemonic === '' ? '' : `：${e.mnemonic}`}${at(e.at)}${e.page === '' ? '' : `、アドレス${e.page}`}`,
  interrupt: (e) => `割込み${e.code}${at(e.at)}`,
  'software-interrupt': (e) => `INT ${e.code}${at(e.at)}`,
  translate: (e) => `${e.layer}がユニット${at(e.at)}を変換する${e.name === '' ? '' : `。命令数：${e.name}`}`,
  trace: (e) => `監視ページ（${e.page}）への書き込み${at(e.at)}を${e.layer}が模擬する`,
  adapt: (e) => `監視ページへの書き込み${at(e.at)}が続くため、${e.layer}はこの命令をコールアウトに変換し直す`,
  'adapt-back': (e) => `監視ページへの書き込みが止んだため、${e.layer}は命令${at(e.at)}を元の変換に戻す`,
  drop: (e) => `コードが書き換えられたため、${e.layer}が変換結果を捨てる：${e.name}`,
  hypercall: (e) => `ハイパーコール${e.name}${at(e.at)}：ゲストが${e.layer}に依頼する`,
  refuse: (e) => `${e.layer}が拒否する：${e.name}`,
  retype: (e) => `${e.page}のフレームは${frameUses[e.name] ?? e.name}`,
  silent: (e) => `${e.mnemonic}${at(e.at)}：トラップせずに誤った結果になります：${e.name}`,
  reset: (e) => `ゲストがポート${e.code}でマシンをリセットする`,
  'vm-exit': (e) => `VM exit ${e.name}${at(e.at)}`,
  'system-call': (e) => `${e.subject}が${e.name}を呼びました：${e.code}`,
  'call-refused': (e) => `${e.subject}の${e.name}は拒まれました：${e.code}`,
  'kernel-line': (e) => `カーネルの記録：${e.name}`,
};

export const pcKinds: Readonly<Record<string, string>> = {
  exception: '例外',
  interrupt: '割込み',
  'software-interrupt': 'ソフトウェア割込み',
  translate: '変換',
  trace: '監視ページへの書き込み',
  adapt: '適応',
  'adapt-back': '適応の解除',
  drop: '変換結果の破棄',
  hypercall: 'ハイパーコール',
  refuse: '拒否',
  retype: 'フレームの型の変化',
  silent: 'トラップしない誤り',
  reset: 'リセット',
  'vm-exit': 'VM exit',
  'system-call': 'システムコール',
  'call-refused': '拒まれたコール',
  'kernel-line': 'カーネルの記録',
};

export const pcTerms: Readonly<Record<string, string>> = {
  program: 'プログラム',
  segment: 'セグメントレジスタ',
  tables: '記述子表',
  cr3: 'CR3',
  'directory-pointer-entry': 'ディレクトリポインタ',
  'directory-entry': 'ページディレクトリ',
  'table-entry': 'ページ表',
  physical: '物理アドレス',
  'not-present': '不在',
};

export const pcExplain: Readonly<Record<string, string>> = {
  'eflags.cpl': '現在の特権レベルです。0はカーネル、3はプログラムです。',
  'eflags.iopl': 'I/O特権レベルです。ポート、CLI、STIを使える最も外側のレベルを示します。',
  'eflags.id': 'このビットを変えられれば、CPUIDがあります。',
  'eflags.ac': 'レベル3のプログラムでアラインメントを検査します。',
  'eflags.vm': '仮想8086モードです。',
  'eflags.rf': '再開フラグです。次の命令ではブレークポイントが働きません。',
  'eflags.nt': 'ネストしたタスクです。IRETで別のタスクに戻ります。',
  'eflags.of': '符号付きの結果があふれました。',
  'eflags.df': '方向フラグです。1ならストリング命令は下へ進みます。',
  'eflags.if': '割込みフラグです。1ならデバイスの割込みを受け付けます。',
  'eflags.tf': 'トラップフラグです。1命令ごとに例外が起きます。',
  'eflags.sf': '結果の符号です。',
  'eflags.zf': '結果が0です。',
  'eflags.af': 'バイトの下位4桁からの桁上がりです。',
  'eflags.pf': '下位バイトの1の個数が偶数です。',
  'eflags.cf': '符号なしの結果の桁上がりです。',
  'cr0.pg': 'ページングです。アドレスはページ表を通ります。',
  'cr0.cd': 'キャッシュは無効です。',
  'cr0.nw': 'キャッシュはライトスルーしません。',
  'cr0.am': 'EFLAGS.ACを有効にします。',
  'cr0.wp': '読み出し専用ページはカーネルにも適用されます。',
  'cr0.ne': '浮動小数点エラーをIRQ 13ではなく例外で知らせます。',
  'cr0.ts': 'タスク切り替え済みです。次の浮動小数点命令で例外が起きます。',
  'cr0.em': '浮動小数点装置がありません。その命令は例外になります。',
  'cr0.mp': 'WAIT命令がTSビットに従います。',
  'cr0.pe': '保護モードです。',
  'cr4.osfxsr': 'システムはFXSAVEで状態を保存します。',
  'cr4.pce': 'プログラムが性能カウンタを読めます。',
  'cr4.pge': 'グローバルページはCR3を変えても残ります。',
  'cr4.pae': '物理アドレスは36ビットです。',
  'cr4.pse': '4 Mページを使えます。',
  'cr4.de': 'デバッグレジスタがポートも監視します。',
  'cr4.tsd': 'タイムスタンプカウンタを読めるのはカーネルだけです。',
};
