/** What this chapter calls its workloads, techniques and layers, in each language. */
import type { Locale } from '$src/ui/i18n/index.ts';
import type { LabTexts } from '$src/ui/lab/texts.ts';

const en: LabTexts = {
  workloads: {
    popf: 'popf: save and restore the flags',
    kinds: 'kinds: every kind of translation',
    rings: 'rings: a program and its kernel',
    tables: 'tables: page tables that change',
    patch: 'patch: code that changes itself',
    nano: 'nano: seven operations, measured',
    own: 'own: your own code',
    compute: 'compute: sort and sum, on Varve',
    ptemod: 'ptemod: pages protected anew, on Varve',
    io: 'io: blocks to and from disk, on Varve',
    shell: 'shell: Varve to talk to',
  },
  techniques: {
    bare: 'Bare machine',
    naive: 'Trap and emulate',
    translator: 'Binary translation',
    'translator-unchained': 'Translation, units not chained',
    'translator-rigid': 'Translation, never adapted',
    'translator-single': 'Translation, one shadow at a time',
    'translator-untraced': 'Translation, tables not traced',
    'translator-hosted': 'Translation, hosted I/O',
  },
  figures: {
    syscall: 'system call and return',
    in: 'reading a port',
    cr8wr: 'setting the task priority',
    callret: 'call and return',
    pgfault: 'page fault of the guest’s own',
    divzero: 'division by zero',
    ptemod: 'changing a page-table entry',
  },
  layers: {
    'monitor:0': 'Monitor, ring 0',
    'host:0': 'Host operating system',
    'guest-kernel:0': 'Kernel, ring 0',
    'guest-kernel:1': 'Guest kernel, ring 1',
    'guest-user:0': 'Program, ring 3',
    'guest-user:1': 'Guest program, ring 3',
  },
};

const ja: LabTexts = {
  workloads: {
    popf: 'popf: フラグの退避と復元',
    kinds: 'kinds: 変換のすべての種類',
    rings: 'rings: プログラムとカーネル',
    tables: 'tables: 書き換わるページ表',
    patch: 'patch: 自分を書き換えるコード',
    nano: 'nano: 七つの操作の測定',
    own: 'own: 自分のコード',
    compute: 'compute: ソートと集計、Varve上',
    ptemod: 'ptemod: ページ保護の変更、Varve上',
    io: 'io: ディスクの読み書き、Varve上',
    shell: 'shell: Varveと対話する',
  },
  techniques: {
    bare: '実機',
    naive: 'トラップ＆エミュレート',
    translator: 'バイナリ変換',
    'translator-unchained': 'バイナリ変換（連結なし）',
    'translator-rigid': 'バイナリ変換（適応なし）',
    'translator-single': 'バイナリ変換（シャドウは一つだけ）',
    'translator-untraced': 'バイナリ変換（ページ表の追跡なし）',
    'translator-hosted': 'バイナリ変換（ホスト型の入出力）',
  },
  figures: {
    syscall: 'システムコールと復帰',
    in: 'ポートの読み出し',
    cr8wr: 'タスク優先度の設定',
    callret: '呼び出しと復帰',
    pgfault: 'ゲスト自身のページフォールト',
    divzero: 'ゼロ除算',
    ptemod: 'ページ表の項目の変更',
  },
  layers: {
    'monitor:0': 'モニタ、リング0',
    'host:0': 'ホストOS',
    'guest-kernel:0': 'カーネル、リング0',
    'guest-kernel:1': 'ゲストカーネル、リング1',
    'guest-user:0': 'プログラム、リング3',
    'guest-user:1': 'ゲストプログラム、リング3',
  },
};

export const texts: Readonly<Record<Locale, LabTexts>> = { en, ja };
