/** What this chapter calls its workloads, techniques and layers, in each language. */
import type { Locale } from '$src/ui/i18n/index.ts';
import type { LabTexts } from '$src/ui/lab/texts.ts';

const en: LabTexts = {
  workloads: {
    popf: 'popf: save and restore the flags',
    hypervisor: 'hypervisor: one in assembly, with its guest',
    kernel: 'kernel: tables, paging, flags, timer, CPUID',
    nano: 'nano: seven operations, timed',
    compute: 'compute: sort and sum, on Varve',
    syscall: 'syscall: system calls, on Varve',
    forkwait: 'forkwait: processes made and ended, on Varve',
    ptemod: 'ptemod: page tables changed, on Varve',
    portio: 'portio: reads of a port, on Varve',
    io: 'io: blocks of the disk, on Varve',
    shell: 'shell: Varve to talk to',
  },
  techniques: {
    bare: 'Bare machine, 2010',
    translator: 'Binary translation',
    vmx: 'VT-x, nested paging',
    'vmx-shadow': 'VT-x, shadow page tables',
    'vmx-nested': 'VT-x in a virtual machine of VT-x',
    'bare-2005': 'Bare machine, 2005',
    'translator-2005': 'Binary translation, 2005',
    'vmx-2005': 'VT-x of 2005',
  },
  layers: {
    'monitor:0': 'Hypervisor',
    'monitor:1': 'Hypervisor in the virtual machine',
    'host:0': 'Device model',
    'host:1': 'Its device model',
    'guest-kernel:0': 'On the machine itself',
    'guest-kernel:1': 'Guest kernel',
    'guest-kernel:2': 'Guest of the guest: kernel',
    'guest-user:0': 'Program on the machine',
    'guest-user:1': 'Guest program',
    'guest-user:2': 'Guest of the guest: program',
  },
};

const ja: LabTexts = {
  workloads: {
    popf: 'popf: フラグの退避と復元',
    hypervisor: 'hypervisor: アセンブリ製、ゲスト付き',
    kernel: 'kernel: 表、ページング、フラグ、タイマ、CPUID',
    nano: 'nano: 7つの操作の時間を測る',
    compute: 'compute: ソートと集計、Varve上',
    syscall: 'syscall: システムコール、Varve上',
    forkwait: 'forkwait: プロセスの生成と終了、Varve上',
    ptemod: 'ptemod: ページテーブルの変更、Varve上',
    portio: 'portio: ポートの読み出し、Varve上',
    io: 'io: ディスクのブロック、Varve上',
    shell: 'shell: Varveと対話する',
  },
  techniques: {
    bare: '実機、2010年',
    translator: 'バイナリ変換',
    vmx: 'VT-x（ネストページング）',
    'vmx-shadow': 'VT-x（シャドウページテーブル）',
    'vmx-nested': 'VT-xの仮想マシンの中のVT-x',
    'bare-2005': '実機、2005年',
    'translator-2005': 'バイナリ変換、2005年',
    'vmx-2005': '2005年のVT-x',
  },
  layers: {
    'monitor:0': 'ハイパーバイザ',
    'monitor:1': '仮想マシンの中のハイパーバイザ',
    'host:0': 'デバイスモデル',
    'host:1': '内側のデバイスモデル',
    'guest-kernel:0': '計算機の上のソフトウェア',
    'guest-kernel:1': 'ゲストカーネル',
    'guest-kernel:2': 'ゲストのゲスト：カーネル',
    'guest-user:0': '実機上のプログラム',
    'guest-user:1': 'ゲストプログラム',
    'guest-user:2': 'ゲストのゲスト：プログラム',
  },
};

export const texts: Readonly<Record<Locale, LabTexts>> = { en, ja };
