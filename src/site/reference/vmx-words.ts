// Texts of the page about VT-x: what exit reasons, controls and the kinds of fields mean.
import { specialIn } from '../../ui/i18n/special.ts';
import type { Locale } from '../locales.ts';
import type { ControlWord, EntryChecks, VmxReference } from './data.ts';

export interface VmxWords {
  readonly title: string;
  readonly summary: string;
  readonly lead: string;
  readonly number: string;
  readonly name: string;
  readonly means: string;
  readonly exitsTitle: string;
  readonly exitsLead: string;
  readonly exits: Readonly<Record<string, string>>;
  readonly fieldsTitle: string;
  readonly fieldsLead: (count: number) => string;
  readonly encoding: string;
  readonly width: string;
  readonly bits: (width: number) => string;
  readonly natural: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<VmxReference['fields'][number]['kind'], string>>;
  readonly needs: string;
  readonly controlsTitle: string;
  readonly controlsLead: string;
  readonly word: string;
  readonly bit: string;
  readonly since: string;
  readonly never: string;
  readonly controlWords: Readonly<Record<ControlWord, string>>;
  /** By word and name of the bit. */
  readonly controls: Readonly<Record<string, string>>;
  readonly checksTitle: string;
  readonly checksLead: string;
  readonly checkLists: Readonly<Record<EntryChecks, string>>;
  readonly errorsTitle: string;
  readonly errorsLead: string;
  readonly error: string;
  readonly costsTitle: string;
  readonly costsLead: string;
  readonly model: string;
  readonly entry: string;
  readonly exit: string;
  readonly access: string;
  readonly reference: string;
  readonly source: string;
}

const en: VmxWords = {
  title: 'VT-x: exits, VMCS, checks',
  summary:
    'Why a guest leaves VMX non-root operation, what the VMCS holds, which control bit asks for what, and what VM entry checks.',
  lead: 'VT-x as this PC’s processor has it. The processor goes by these tables; numbers and encodings are those of Intel’s manual (SDM volume 3C, chapters 24 to 30, appendices B and C).',
  number: 'Number',
  name: 'Name',
  means: 'What it means',
  exitsTitle: 'Exit reasons',
  exitsLead:
    'The hypervisor finds the number in the field EXIT_REASON. Bit 31 is set where the guest was never entered. Reasons that this processor never gives are left out.',
  exits: specialIn.en.vmx.exits,
  fieldsTitle: 'Fields of the VMCS',
  fieldsLead: (count) =>
    `${count} fields, by VMREAD and VMWRITE only. Width and kind follow from the encoding. Fields of natural width have 32 bits here: this processor has no 64-bit mode.`,
  encoding: 'Encoding',
  width: 'Width',
  bits: (width) => `${width} bits`,
  natural: 'natural',
  kind: 'Kind',
  kinds: {
    control: 'control',
    'read-only': 'exit information',
    guest: 'guest state',
    host: 'host state',
  },
  needs: 'Needs',
  controlsTitle: 'Control bits',
  controlsLead:
    'Five words say what exits and what is loaded and saved. A processor tells in capability registers which bits it lets a hypervisor choose.',
  word: 'Word',
  bit: 'Bit',
  since: 'May be 1 from',
  never: 'on none: no 64-bit mode, no SMM',
  controlWords: {
    pin: 'pin-based',
    primary: 'primary',
    secondary: 'secondary',
    exit: 'VM exit',
    entry: 'VM entry',
  },
  controls: {
    'pin EXTERNAL_INTERRUPT_EXITING': 'interrupts exit, instead of going through the guest’s table',
    'pin NMI_EXITING': 'non-maskable interrupts exit',
    'pin VIRTUAL_NMIS': 'non-maskable interrupts are kept from the guest as virtual ones',
    'pin PREEMPTION_TIMER': 'the timer counts down and exits at 0',
    'primary INTERRUPT_WINDOW_EXITING': 'exits as soon as the guest can take an interrupt',
    'primary TSC_OFFSETTING': 'RDTSC shows the counter plus TSC_OFFSET',
    'primary HLT_EXITING': 'HLT exits',
    'primary INVLPG_EXITING': 'INVLPG exits',
    'primary RDPMC_EXITING': 'RDPMC exits',
    'primary RDTSC_EXITING': 'RDTSC exits',
    'primary CR3_LOAD_EXITING': 'MOV to CR3 exits, except with a value on the list of targets',
    'primary CR3_STORE_EXITING': 'MOV from CR3 exits',
    'primary NMI_WINDOW_EXITING': 'exits as soon as the guest can take a non-maskable interrupt',
    'primary MOV_DR_EXITING': 'moves to and from debug registers exit',
    'primary UNCONDITIONAL_IO_EXITING': 'every port access exits',
    'primary USE_IO_BITMAPS': 'two pages say, port by port, what exits',
    'primary USE_MSR_BITMAPS': 'a page says, register by register, what exits',
    'primary SECONDARY': 'the secondary word counts; otherwise it is taken for 0',
    'secondary EPT': 'guest-physical addresses go through extended page tables',
    'secondary DESCRIPTOR_TABLE_EXITING': 'loads and stores of GDTR, IDTR, LDTR and TR exit',
    'secondary VPID': 'translations are tagged with the guest’s number and survive entries and exits',
    'secondary WBINVD_EXITING': 'WBINVD exits',
    'secondary UNRESTRICTED_GUEST': 'the guest may turn paging and protection off: real mode runs',
    'exit SAVE_DEBUG': 'DR7 and IA32_DEBUGCTL of the guest are saved',
    'exit HOST_64': 'the host runs in 64-bit mode',
    'exit ACKNOWLEDGE': 'the interrupt that exits is acknowledged, its vector noted',
    'exit SAVE_PAT': 'IA32_PAT of the guest is saved',
    'exit LOAD_PAT': 'IA32_PAT of the host is loaded',
    'exit SAVE_TIMER': 'what is left of the preemption timer is saved',
    'entry LOAD_DEBUG': 'DR7 and IA32_DEBUGCTL of the guest are loaded',
    'entry GUEST_64': 'the guest runs in 64-bit mode',
    'entry ENTRY_TO_SMM': 'entry into system-management mode',
    'entry DEACTIVATE_DUAL_MONITOR': 'ends the dual-monitor treatment of system-management mode',
    'entry LOAD_PAT': 'IA32_PAT of the guest is loaded',
  },
  checksTitle: 'Checks of VM entry',
  checksLead:
    'In this order. The first one that is broken decides, and the guest is not entered. Tests break every one of them on purpose.',
  checkLists: {
    controls: 'Controls: otherwise VM-instruction error 7',
    host: 'Host state: otherwise VM-instruction error 8',
    guest: 'Guest state: otherwise exit 33',
    link: 'Link pointer: otherwise exit 33 with qualification 4',
  },
  errorsTitle: 'VM-instruction errors',
  errorsLead:
    'An instruction of VT-x that fails sets ZF and leaves the number in INSTRUCTION_ERROR. Without a current VMCS it sets CF instead.',
  error: 'Error',
  costsTitle: 'Costs',
  costsLead:
    'Cycles that the machine charges, beyond those of the instruction. A reference is one read of an extended page table on a walk. The source is that of the exit.',
  model: 'Model',
  entry: 'Entry',
  exit: 'Exit',
  access: 'VMREAD, VMWRITE',
  reference: 'Reference',
  source: 'Source',
};

const ja: VmxWords = {
  title: 'VT-x：VM exit、VMCS、検査',
  summary: 'ゲストがVMX non-rootモードを出る理由、VMCSの内容、制御ビットの意味、VM entry時の検査の一覧です。',
  lead: 'このPCのプロセッサが備えるVT-xです。プロセッサ自身がこれらの表に従って動きます。番号とエンコーディングはIntelのマニュアル（SDM第3C巻、第24章～第30章、付録BとC）のものです。',
  number: '番号',
  name: '名前',
  means: '意味',
  exitsTitle: 'VM exitの理由',
  exitsLead:
    'ハイパーバイザは番号をEXIT_REASONフィールドで知ります。ゲストに入れなかったときはビット31が立ちます。このプロセッサで起こらない理由は省いています。',
  exits: specialIn.ja.vmx.exits,
  fieldsTitle: 'VMCSのフィールド',
  fieldsLead: (count) =>
    `${count}個のフィールドがあり、VMREADとVMWRITEでだけ読み書きします。幅と種類はエンコーディングから決まります。このプロセッサには64ビットモードがないので、natural幅は32ビットです。`,
  encoding: 'エンコーディング',
  width: '幅',
  bits: (width) => `${width}ビット`,
  natural: 'natural',
  kind: '種類',
  kinds: {
    control: '制御',
    'read-only': 'VM exit情報',
    guest: 'ゲスト状態',
    host: 'ホスト状態',
  },
  needs: '必要な機能',
  controlsTitle: '制御ビット',
  controlsLead:
    '何がVM exitになるか、何をロードし保存するかを、5つの語で決めます。どのビットを選べるかは、プロセッサが能力レジスタで示します。',
  word: '語',
  bit: 'ビット',
  since: '1にできる最初のモデル',
  never: 'なし（64ビットモードもSMMもないため）',
  controlWords: {
    pin: 'ピンベース',
    primary: '一次',
    secondary: '二次',
    exit: 'VM exit',
    entry: 'VM entry',
  },
  controls: {
    'pin EXTERNAL_INTERRUPT_EXITING': '割り込みは、ゲストのテーブルを通らずVM exitになる',
    'pin NMI_EXITING': 'NMIがVM exitになる',
    'pin VIRTUAL_NMIS': 'NMIを仮想化してゲストに渡す',
    'pin PREEMPTION_TIMER': 'タイマが減っていき、0でVM exitになる',
    'primary INTERRUPT_WINDOW_EXITING': 'ゲストが割り込みを受けられるようになるとVM exitになる',
    'primary TSC_OFFSETTING': 'RDTSCはカウンタにTSC_OFFSETを足した値を返す',
    'primary HLT_EXITING': 'HLTがVM exitになる',
    'primary INVLPG_EXITING': 'INVLPGがVM exitになる',
    'primary RDPMC_EXITING': 'RDPMCがVM exitになる',
    'primary RDTSC_EXITING': 'RDTSCがVM exitになる',
    'primary CR3_LOAD_EXITING': 'CR3へのMOVがVM exitになる（ターゲットの一覧にある値を除く）',
    'primary CR3_STORE_EXITING': 'CR3からのMOVがVM exitになる',
    'primary NMI_WINDOW_EXITING': 'ゲストがNMIを受けられるようになるとVM exitになる',
    'primary MOV_DR_EXITING': 'デバッグレジスタのMOVがVM exitになる',
    'primary UNCONDITIONAL_IO_EXITING': 'すべてのポートアクセスがVM exitになる',
    'primary USE_IO_BITMAPS': 'VM exitにするポートを2ページのビットマップで指定する',
    'primary USE_MSR_BITMAPS': 'VM exitにするMSRを1ページのビットマップで指定する',
    'primary SECONDARY': '二次の語を有効にする。無効なら0とみなす',
    'secondary EPT': 'ゲスト物理アドレスをEPTで変換する',
    'secondary DESCRIPTOR_TABLE_EXITING': 'GDTR、IDTR、LDTR、TRのロードとストアがVM exitになる',
    'secondary VPID': '変換結果にゲストの番号を付け、VM entryとVM exitの後もTLBに残す',
    'secondary WBINVD_EXITING': 'WBINVDがVM exitになる',
    'secondary UNRESTRICTED_GUEST': 'ゲストがページングと保護を切れる。リアルモードも動く',
    'exit SAVE_DEBUG': 'ゲストのDR7とIA32_DEBUGCTLを保存する',
    'exit HOST_64': 'ホストが64ビットモードで動く',
    'exit ACKNOWLEDGE': 'VM exitを起こした割り込みに応答し、ベクタを記録する',
    'exit SAVE_PAT': 'ゲストのIA32_PATを保存する',
    'exit LOAD_PAT': 'ホストのIA32_PATをロードする',
    'exit SAVE_TIMER': 'プリエンプションタイマの残りを保存する',
    'entry LOAD_DEBUG': 'ゲストのDR7とIA32_DEBUGCTLをロードする',
    'entry GUEST_64': 'ゲストが64ビットモードで動く',
    'entry ENTRY_TO_SMM': 'システム管理モードに入る',
    'entry DEACTIVATE_DUAL_MONITOR': 'システム管理モードのデュアルモニタ方式を終える',
    'entry LOAD_PAT': 'ゲストのIA32_PATをロードする',
  },
  checksTitle: 'VM entryの検査',
  checksLead:
    'この順に調べます。最初に反したものが結果を決め、ゲストには入りません。テストでは、すべての検査にわざと違反させています。',
  checkLists: {
    controls: '制御フィールド：違反するとVM命令エラー7',
    host: 'ホスト状態：違反するとVM命令エラー8',
    guest: 'ゲスト状態：違反するとVM exit 33',
    link: 'リンクポインタ：違反するとVM exit 33、qualificationは4',
  },
  errorsTitle: 'VM命令エラー',
  errorsLead:
    '失敗したVT-xの命令はZFを立て、番号をINSTRUCTION_ERRORに残します。カレントVMCSがなければCFを立てます。',
  error: 'エラー',
  costsTitle: 'コスト',
  costsLead:
    '命令そのものに加えて機械が課すサイクル数です。参照とは、ウォーク中にEPTのエントリを1つ読むことです。出典はVM exitの値のものです。',
  model: 'モデル',
  entry: 'VM entry',
  exit: 'VM exit',
  access: 'VMREAD、VMWRITE',
  reference: '参照',
  source: '出典',
};

export const vmxWords: Readonly<Record<Locale, VmxWords>> = { en, ja };
