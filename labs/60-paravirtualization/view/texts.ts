/** What this chapter calls its workloads, techniques and layers, in each language. */
import type { Locale } from '$src/ui/i18n/index.ts';
import type { LabTexts } from '$src/ui/lab/texts.ts';

const en: LabTexts = {
  workloads: {
    hello: 'hello: what Xen tells a domain',
    tables: 'tables: make a page table',
    steal: 'steal: ask for every frame, with a neighbour',
    forge: 'forge: get at what the processor believes, with a neighbour',
    spoof: 'spoof: send frames in the name of a neighbour',
    flood: 'flood: send events without end, with a neighbour',
    syscall: 'syscall: system calls, on Varve',
    forkwait: 'forkwait: make processes, on Varve',
    ptemod: 'ptemod: change page tables, on Varve',
    compute: 'compute: sort and sum, on Varve',
    shell: 'shell: Varve to talk to',
    split: 'split: a disk through domain 0',
    bridge: 'bridge: the network through domain 0',
    xm: 'xm: domain 0 and its tools',
  },
  techniques: {
    bare: 'Bare machine',
    xen: 'Xen',
    'domain-0': 'Xen, as domain 0',
    'xen-singly': 'Xen, one update at a time',
    translator: 'Binary translation',
  },
  layers: {
    'monitor:0': 'Xen, ring 0',
    'guest-kernel:0': 'Kernel, ring 0',
    'guest-kernel:1': 'Guest kernel, ring 1',
    'guest-user:0': 'Program, ring 3',
    'guest-user:1': 'Guest program, ring 3',
  },
};

const ja: LabTexts = {
  workloads: {
    hello: 'hello: Xenがドメインに教えること',
    tables: 'tables: ページテーブルを作る',
    steal: 'steal: 全フレームを要求する（隣人あり）',
    forge: 'forge: プロセッサが信じるものを狙う（隣人あり）',
    spoof: 'spoof: 隣人を名乗ってフレームを送る',
    flood: 'flood: イベントを送り続ける（隣人あり）',
    syscall: 'syscall: システムコール、Varve上',
    forkwait: 'forkwait: プロセスの生成、Varve上',
    ptemod: 'ptemod: ページテーブルの変更、Varve上',
    compute: 'compute: ソートと集計、Varve上',
    shell: 'shell: Varveと対話する',
    split: 'split: ドメイン0を通したディスク',
    bridge: 'bridge: ドメイン0を通したネットワーク',
    xm: 'xm: ドメイン0とその道具',
  },
  techniques: {
    bare: '実機',
    xen: 'Xen',
    'domain-0': 'Xen、ドメイン0として',
    'xen-singly': 'Xen、更新を1つずつ',
    translator: 'バイナリ変換',
  },
  layers: {
    'monitor:0': 'Xen、リング0',
    'guest-kernel:0': 'カーネル、リング0',
    'guest-kernel:1': 'ゲストカーネル、リング1',
    'guest-user:0': 'プログラム、リング3',
    'guest-user:1': 'ゲストプログラム、リング3',
  },
};

export const texts: Readonly<Record<Locale, LabTexts>> = { en, ja };
