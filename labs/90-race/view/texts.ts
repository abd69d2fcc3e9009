/** What the race calls its workloads, techniques and layers, in each language. */
import type { Locale } from '$src/ui/i18n/index.ts';
import type { LabTexts } from '$src/ui/lab/texts.ts';

const en: LabTexts = {
  workloads: {
    syscall: 'syscall: system calls that do nothing',
    compute: 'compute: sort and sum',
    forkwait: 'forkwait: processes made and ended',
    ctxswitch: 'ctxswitch: two processes take turns',
    pgfault: 'pgfault: memory touched for the first time',
    ptemod: 'ptemod: page tables changed',
    divzero: 'divzero: faults caught',
    callret: 'callret: calls and returns',
    io: 'io: blocks of the disk',
    portio: 'portio: reads of a port',
    net: 'net: datagrams echoed',
    compile: 'compile: a mixture, as a compiler makes it',
    idle: 'idle: naps',
    own: 'Your own program, in assembly',
  },
  techniques: {
    bare: 'Bare machine',
    naive: 'Trap and emulate',
    translator: 'Binary translation',
    vmx: 'VT-x, nested paging',
    'vmx-shadow': 'VT-x, shadow page tables',
    'vmx-nested': 'VT-x in VT-x, nested paging',
    'vmx-nested-shadow': 'VT-x in VT-x, the inner with shadow page tables',
    'translator-hosted': 'Binary translation, hosted',
    'translator-unchained': 'Binary translation, unchained',
    'translator-rigid': 'Binary translation, never adapting',
    'translator-single': 'Binary translation, one shadow at a time',
    'translator-untraced': 'Binary translation, tables not traced',
    xen: 'Xen, paravirtual',
    process: 'Another kernel, no container',
    container: 'The same kernel, in a container',
  },
};

const ja: LabTexts = {
  workloads: {
    syscall: 'syscall: 何もしないシステムコール',
    compute: 'compute: ソートと集計',
    forkwait: 'forkwait: プロセスの生成と終了',
    ctxswitch: 'ctxswitch: 2つのプロセスの交代',
    pgfault: 'pgfault: メモリへの最初のアクセス',
    ptemod: 'ptemod: ページテーブルの変更',
    divzero: 'divzero: 例外の捕捉',
    callret: 'callret: 呼び出しと復帰',
    io: 'io: ディスクのブロック',
    portio: 'portio: ポートの読み出し',
    net: 'net: データグラムのエコー',
    compile: 'compile: コンパイラのような混合処理',
    idle: 'idle: 短い休止',
    own: '自分のプログラム（アセンブリ言語）',
  },
  techniques: {
    bare: '実機',
    naive: 'トラップ＆エミュレート',
    translator: 'バイナリ変換',
    vmx: 'VT-x（ネストページング）',
    'vmx-shadow': 'VT-x（シャドウページテーブル）',
    'vmx-nested': 'VT-xの中のVT-x（ネストページング）',
    'vmx-nested-shadow': 'VT-xの中のVT-x（内側はシャドウページテーブル）',
    'translator-hosted': 'バイナリ変換（ホスト型）',
    'translator-unchained': 'バイナリ変換（連結なし）',
    'translator-rigid': 'バイナリ変換（適応なし）',
    'translator-single': 'バイナリ変換（シャドウは一つだけ）',
    'translator-untraced': 'バイナリ変換（ページ表の追跡なし）',
    xen: 'Xen（準仮想化）',
    process: '別のカーネル（コンテナなし）',
    container: '同じカーネルのコンテナ',
  },
};

export const texts: Readonly<Record<Locale, LabTexts>> = { en, ja };
