/** What this chapter calls its workloads, techniques and layers, in each language. */
import type { Locale } from '$src/ui/i18n/index.ts';
import type { LabTexts } from '$src/ui/lab/texts.ts';

const en: LabTexts = {
  workloads: {
    popf: 'popf: save and restore the flags',
    sgdt: 'sgdt: read the table registers back',
    smsw: 'smsw: CR0 by its other door',
    segments: 'segments: ask for one’s own level',
    behaves: 'behaves: only what traps',
    compute: 'compute: sort and sum, on Varve',
    syscall: 'syscall: system calls, on Varve',
    shell: 'shell: Varve to talk to',
  },
  techniques: {
    bare: 'Bare machine',
    naive: 'Trap and emulate',
  },
  layers: {
    'monitor:0': 'Monitor, ring 0',
    'guest-kernel:0': 'Kernel, ring 0',
    'guest-kernel:1': 'Guest kernel, ring 1',
    'guest-user:0': 'Program, ring 3',
    'guest-user:1': 'Guest program, ring 3',
  },
};

const ja: LabTexts = {
  workloads: {
    popf: 'popf: フラグの退避と復元',
    sgdt: 'sgdt: テーブルレジスタの読み戻し',
    smsw: 'smsw: CR0のもう一つの入口',
    segments: 'segments: 自分の特権レベルを尋ねる',
    behaves: 'behaves: トラップする命令だけ',
    compute: 'compute: ソートと集計、Varve上',
    syscall: 'syscall: システムコール、Varve上',
    shell: 'shell: Varveと対話する',
  },
  techniques: {
    bare: '実機',
    naive: 'トラップ＆エミュレート',
  },
  layers: {
    'monitor:0': 'モニタ、リング0',
    'guest-kernel:0': 'カーネル、リング0',
    'guest-kernel:1': 'ゲストカーネル、リング1',
    'guest-user:0': 'プログラム、リング3',
    'guest-user:1': 'ゲストプログラム、リング3',
  },
};

export const texts: Readonly<Record<Locale, LabTexts>> = { en, ja };
