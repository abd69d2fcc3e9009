// What the support matrix of the PC says, in Japanese.

const processor: Readonly<Record<string, string>> = {
  'integer instructions of the i686': 'i686の整数命令',
  'real-address, protected and virtual-8086 mode': 'リアルモード、プロテクトモード、仮想8086モード',
  'segmentation: types, limits, gates, rings, local tables, task switching':
    'セグメンテーション：型、リミット、ゲート、リング、LDT、タスクスイッチ',
  'paging with 4 K and 4 M pages, global pages, write protection':
    'ページング：4 KBと4 MBのページ、グローバルページ、書込み保護',
  'physical address extension': '物理アドレス拡張（PAE）',
  'page tables of three levels; addresses beyond 4 G reach nobody':
    '3段のページテーブル。4 GBを超えるアドレスの先には何もない',
  'x87 floating-point unit in double extended precision, its exceptions by #MF or IRQ 13':
    '拡張倍精度のx87浮動小数点ユニット。例外は#MFまたはIRQ 13で通知',
  'x87 transcendental functions': 'x87の超越関数',
  'the nearest result, where real units may be off by one in the last place':
    '最も近い値を返す。実機では最下位が1ずれることがある',
  'breakpoints on instructions, data and ports; general detect, single step, task-switch trap':
    '命令、データ、ポートのブレークポイント。デバッグレジスタの保護、シングルステップ、タスクスイッチのトラップ',
  'non-maskable interrupts': 'マスク不能割込み（NMI）',
  'by the APICs only: nothing here pulls the pin that port 70 gates':
    'APICからのみ届く。ポート70で遮断できる端子を使うデバイスはない',
  'alignment check': 'アライメントチェック',
  'exceptions with error codes, double and triple fault, single-step trap':
    'エラーコード付きの例外、ダブルフォールトとトリプルフォールト、シングルステップのトラップ',
  'performance counters': '性能カウンタ',
  'two as of the P6: cycles, instructions, instruction TLB misses; no interrupt':
    'P6相当の2個：サイクル、命令数、命令TLBミス。割込みはない',
  'memory types: MTRR, PAT, cache control': 'メモリタイプ：MTRR、PAT、キャッシュ制御',
  'registers hold what is written; caches are not modelled':
    'レジスタは書いた値を保持する。キャッシュは模擬しない',
  'microcode update': 'マイクロコードの更新',
  'is taken and changes nothing': '受け付けるが、何も変わらない',
  'translation lookaside buffers': 'TLB',
  'entries are replaced in order of arrival': 'エントリは登録順に置き換わる',
  'VT-x: VMCS, entry checks, exits, EPT of four levels, VPID, unrestricted guest, preemption timer':
    'VT-x：VMCS、エントリ検査、VM exit、4 段の EPT、VPID、アンリストリクテッド・ゲスト、プリエンプション・タイマー',
  '32-bit hosts and guests; no virtual NMIs, monitor trap flag, APIC virtualization, VMCS shadowing, SMM; lookaside buffers keep nested pages as 4 K':
    'ホストもゲストも 32 ビット。仮想 NMI、モニター・トラップ・フラグ、APIC 仮想化、VMCS シャドーイング、SMM はない。入れ子のページは TLB では 4 K として扱う',
  'VMXON (F3 0F C7 /6)': 'VMXON (F3 0F C7 /6)',
  'physical addresses have 32 bits; there is no 64-bit mode, no system management mode':
    '物理アドレスは 32 ビット。64 ビットモードもシステム管理モードもない',
  time: '時間',
  'one price for each class of instruction': '命令の種類ごとに一つの所要サイクル',
  'MMX of the Pentium II': 'Pentium IIのMMX',
  'SSE, with it the MMX instructions of the Pentium III': 'SSE、およびPentium IIIで加わったMMX命令',
  'not announced by CPUID': 'CPUIDで示さない',
  '36-bit page size extension': '36ビットのページサイズ拡張（PSE-36）',
  'not announced by CPUID; its bits are reserved': 'CPUIDで示さない。該当ビットは予約',
  'virtual-8086 mode extensions, protected-mode virtual interrupts':
    '仮想8086モード拡張（VME）、プロテクトモードの仮想割込み（PVI）',
  'system management mode, machine check, last branch records':
    'システム管理モード、マシンチェック、分岐記録',
  'RDPMC (0F 33)': 'RDPMC（0F 33）',
  'two counters as of the P6, of four events; those of the Pentium 4 stand at 0':
    'P6相当の2個、イベントは4種。Pentium 4のカウンタは常に0',
};

const devices: Readonly<Record<string, string>> = {
  '8259A interrupt controllers with edge/level registers, polling, special modes':
    '8259A割込みコントローラ：エッジ／レベル設定レジスタ、ポーリング、特殊モード',
  '8254 interval timer, modes 0 to 5; port 61': '8254インターバルタイマ、モード0〜5。ポート61',
  'local APIC': 'ローカルAPIC',
  'SMI, INIT and start-up messages go nowhere; the timer counts 100 MHz on every model':
    'SMI、INIT、スタートアップのメッセージは届かない。タイマはどのモデルでも100 MHzで数える',
  'I/O APIC': 'I/O APIC',
  'polarity is not told apart: a device that asks is heard': '極性は区別しない。デバイスの要求は必ず届く',
  'MP tables, ACPI tables with a small DSDT: one processor':
    'MPテーブル、小さなDSDTを含むACPIテーブル：プロセッサは1個',
  'ACPI fixed hardware': 'ACPIの固定ハードウェア',
  'timer and soft off; no other sleeping state, no button':
    'タイマとソフトオフ。他のスリープ状態とボタンはない',
  '16550 UART, COM1 and COM2': '16550 UART、COM1とCOM2',
  'what is sent appears at once; the status register tells when the line is free':
    '送った文字は直ちに現れる。回線が空く時刻はステータスレジスタで分かる',
  'MC146818 clock and CMOS memory': 'MC146818時計とCMOSメモリ',
  'the date begins on 1 January 2000; daylight saving is absent': '日付は2000年1月1日に始まる。夏時間はない',
  '8042 keyboard controller and keyboard': '8042キーボードコントローラとキーボード',
  'no mouse: bytes to it time out; scan code set 3 is absent':
    'マウスはなく、宛てたバイトはタイムアウトする。スキャンコードセット3はない',
  VGA: 'VGA',
  'text modes; planes, graphics modes and fonts are absent, video memory is plain memory':
    'テキストモードのみ。プレーン、グラフィックスモード、フォントはなく、ビデオメモリは通常のメモリと同じ',
  'PCI: host bridge, ISA bridge, IDE, power management, VGA, network':
    'PCI：ホストブリッジ、ISAブリッジ、IDE、電源管理、VGA、ネットワーク',
  'one bus, configuration mechanism 1': 'バスは一つ。コンフィギュレーション機構1',
  'ATA disks by PIO and bus-master DMA': 'ATAディスク：PIOとバスマスタDMA',
  'positioning takes no time; no ATAPI, no security or SMART commands':
    '位置決めの時間はかからない。ATAPI、セキュリティ、SMARTのコマンドはない',
  'virtio block device on PCI, by the registers of 0.9.5':
    'PCI上のvirtioブロックデバイス：0.9.5のレジスタによる',
  'one queue of 128, no MSI-X, no indirect descriptors; only where it is asked for, as the first disk':
    '128エントリのキュー1本、MSI-Xと間接ディスクリプタなし。指定したときだけ、最初のディスクとして存在する',
  'diskette controller, drive A': 'フロッピーディスクコントローラ、ドライブA',
  'a step and a sector take 1 ms each; data moves by DMA only':
    '1ステップと1セクタに各1 msかかる。データ転送はDMAのみ',
  '8237A DMA controllers': '8237A DMAコントローラ',
  'transfers take no time; memory to memory is absent': '転送の時間はかからない。メモリ間転送はない',
  'NE2000 network card (RTL8029)': 'NE2000ネットワークカード（RTL8029）',
  'the network is one host with ARP, ICMP echo and UDP echo':
    'ネットワークの相手は1台のホストで、ARP、ICMPエコー、UDPエコーに応える',
  'firmware configuration port': 'ファームウェア設定ポート',
  'no DMA interface, nothing can be written': 'DMAインタフェースはなく、書込みもできない',
  'A20 by ports 60 and 92': 'A20：ポート60と92',
  'reset by ports 64, 92 and CF9': 'リセット：ポート64、92、CF9',
  'under a monitor it ends the run': 'モニタの下では実行が終わる',
  'exit ports F4 and 501, debug console E9, POST code 80':
    '終了ポートF4と501、デバッグコンソールE9、POSTコード80',
  'BIOS: INT 10h to 1Ah for boot loaders': 'BIOS：ブートローダのためのINT 10h〜1Ah',
  'text modes, no fonts, no VESA, no PCI BIOS, no APM; printers time out':
    'テキストモードのみ。フォント、VESA、PCI BIOS、APMはない。プリンタはタイムアウトする',
  'CD-ROM, USB, sound, parallel port, game port': 'CD-ROM、USB、サウンド、パラレルポート、ゲームポート',
  'ports read as ones and are noted': 'ポートを読むと全ビットが1で、その事実が記録される',
};

const loaders: Readonly<Record<string, string>> = {
  'multiboot 1: ELF and a.out kludge, modules, memory map, sections':
    'Multiboot 1：ELFとa.out形式のアドレス指定、モジュール、メモリマップ、セクション',
  'no VBE information, no graphics mode': 'VBE情報とグラフィックスモードはない',
  'Linux kernels: boot protocol 2.00 to 2.09 by the 16-bit entry point, 2.10 to 2.15 by the 32-bit one':
    'Linuxカーネル：ブートプロトコル2.00〜2.09は16ビット、2.10〜2.15は32ビットのエントリポイントから',
  'boot sectors of diskettes and disks, BIOS images, bytes at addresses':
    'フロッピーとディスクのブートセクタ、BIOSイメージ、アドレスを指定したバイト列',
};

export const pc: Readonly<Record<string, string>> = { ...processor, ...devices, ...loaders };
