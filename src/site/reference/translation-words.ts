// Texts of the page about the translator's rules.
import type { Locale } from '../locales.ts';
import type { TranslationRule } from './data.ts';

export interface TranslationWords {
  readonly title: string;
  readonly summary: string;
  readonly lead: string;
  readonly order: string;
  readonly treatments: Readonly<
    Record<TranslationRule['treatment'], { readonly name: string; readonly means: string }>
  >;
  readonly treatment: string;
  readonly means: string;
  readonly rulesTitle: string;
  readonly instructions: string;
  readonly rest: string;
  readonly guest: string;
  readonly code: string;
  /** Rules that the table says in English words. */
  readonly rules: Readonly<Record<string, string>>;
  readonly unitTitle: string;
  readonly unit: (most: number) => string;
  readonly stateTitle: string;
  readonly stateLead: string;
  readonly address: string;
  readonly state: Readonly<Record<string, string>>;
}

const en: TranslationWords = {
  title: 'Translation rules',
  summary: 'How the binary translator turns each instruction of a guest’s kernel into code, with an example.',
  lead: 'The translator reads a guest kernel’s IA-32 code and writes other IA-32 code, which the same processor then executes with less privilege. This table is the one that it goes by; each example was translated by it when this page was built.',
  order: 'The first rule that fits counts. Kernel code only: user programs run as they are.',
  treatments: {
    identical: { name: 'Identical', means: 'The same bytes, at the same cost.' },
    inline: {
      name: 'Inline',
      means: 'A few instructions that do it to the virtual state, without the monitor.',
    },
    control: {
      name: 'Control',
      means: 'A jump leads to the translation of its target. Addresses on the stack stay the guest’s.',
    },
    'call-out': {
      name: 'Call-out',
      means: 'int 0xF0 enters the monitor, which emulates the instruction.',
    },
  },
  treatment: 'Treatment',
  means: 'What happens',
  rulesTitle: 'Rules',
  instructions: 'Instructions',
  rest: 'all others',
  guest: 'Example',
  code: 'Its translation',
  rules: {},
  unitTitle: 'What every unit begins with',
  unit: (most) =>
    `A unit holds up to ${most} instructions, one more behind STI. Indirect jumps and returns find it by a hash of the address’s low 16 bits, so the unit first checks that it is the right one (here: 10000h); direct jumps enter behind the check. A way out is a call-out of two bytes; once its target is translated, a jump of five takes its place.`,
  stateTitle: 'Where the code reads and writes',
  stateLead:
    'The monitor’s memory takes the last 4 MiB of the linear space, beyond the limit of every segment of the guest. GS reaches it.',
  address: 'Address',
  state: {
    flags: 'IF and IOPL as the guest has set them',
    pending: 'not 0: an interrupt waits until the guest takes interrupts (the code tests it with JECXZ)',
    eax: 'EAX, while a sequence needs the register',
    ecx: 'ECX, while a sequence needs the register',
    savedFlags: 'arithmetic flags, as LAHF and SETO leave them',
    control: 'CR0, CR2, CR3 and CR4 of the guest',
    ldtr: 'selector in the guest’s LDTR',
    tr: 'selector in the guest’s task register',
    loaded: 'by segment register: the selector that the code has loaded, plus 10000h',
    globalTable: 'shadow of the guest’s GDT',
    sources: 'the guest’s descriptors as they were when their shadows were made',
    usable: 'a byte for each selector: 1 if a kernel may load it without asking',
    hash: 'hash of translated addresses',
    cache: 'translation cache',
  },
};

const ja: TranslationWords = {
  title: '変換規則',
  summary: 'バイナリ変換器がゲストのカーネルの各命令をどのようなコードに変えるかを、例とともに示します。',
  lead: '変換器は、ゲストのカーネルのIA-32コードを読み、別のIA-32コードを書き出します。同じプロセッサが、それをより低い特権で実行します。変換器が従う表がこれで、例はこのページの作成時に実際に変換したものです。',
  order:
    '最初に当てはまる規則が使われます。対象はカーネルのコードだけで、ユーザープログラムはそのまま実行されます。',
  treatments: {
    identical: { name: '同一', means: '同じバイト列のままです。コストも変わりません。' },
    inline: {
      name: 'インライン',
      means: '仮想状態に対して同じことをする数命令に置き換えます。モニタには入りません。',
    },
    control: {
      name: '制御移行',
      means: 'ジャンプは飛び先の変換結果へ向かいます。スタック上の番地はゲストのもののままです。',
    },
    'call-out': {
      name: 'コールアウト',
      means: 'int 0xF0でモニタに入り、モニタが命令をエミュレートします。',
    },
  },
  treatment: '扱い',
  means: '内容',
  rulesTitle: '規則',
  instructions: '命令',
  rest: 'その他すべて',
  guest: '例',
  code: '変換結果',
  rules: {
    'any with an operand in CS: or GS:': 'CS:またはGS:にオペランドを持つ命令',
    'MOV and PUSH of CS, SS, GS; MOV, POP and LxS of segment registers otherwise':
      'CS、SS、GSのMOVとPUSH、その他のセグメントレジスタのMOV、POP、LxS',
    'control transfers of 16 bits, far or beyond the code segment; INT n, INT1, INT3, INTO, IRET, UD2':
      '16ビット、far、コードセグメント外への制御移行、INT n、INT1、INT3、INTO、IRET、UD2',
    'HLT, IN, OUT, INS, OUTS, LGDT, LIDT, LLDT, LTR, LMSW, CLTS, INVLPG, MOV to CRn, DRn, RDMSR, WRMSR …':
      'HLT、IN、OUT、INS、OUTS、LGDT、LIDT、LLDT、LTR、LMSW、CLTS、INVLPG、CRnとDRnへのMOV、RDMSR、WRMSRなど',
    'FNSTENV, FNSAVE, FXSAVE: they store where the last x87 instruction stood':
      'FNSTENV、FNSAVE、FXSAVE（最後のx87命令の番地を格納するため）',
  },
  unitTitle: 'どのユニットも始まりは同じ',
  unit: (most) =>
    `ユニットは最大${most}命令で、STIの直後に限り1命令増えます。間接ジャンプとリターンは番地の下位16ビットのハッシュでユニットを見つけるので、ユニットはまず自分が正しい飛び先か（ここでは10000h）を確かめます。直接ジャンプは確認の後ろに入ります。出口は2バイトのコールアウトで、飛び先が変換されると5バイトのジャンプに置き換わります。`,
  stateTitle: 'コードが読み書きする場所',
  stateLead:
    'モニタのメモリはリニア空間の最後の4 MiBを占めます。ゲストのどのセグメントのリミットもその手前までです。GSを使って届きます。',
  address: '番地',
  state: {
    flags: 'ゲストが設定したIFとIOPL',
    pending: '0以外なら、ゲストが割り込みを受け付けるのを待つ割り込みがある（コードはJECXZで調べる）',
    eax: '命令列がレジスタを使う間のEAX',
    ecx: '命令列がレジスタを使う間のECX',
    savedFlags: 'LAHFとSETOで退避した演算フラグ',
    control: 'ゲストのCR0、CR2、CR3、CR4',
    ldtr: 'ゲストのLDTRのセレクタ',
    tr: 'ゲストのタスクレジスタのセレクタ',
    loaded: 'セグメントレジスタごとに、コードがロードしたセレクタに10000hを足したもの',
    globalTable: 'ゲストのGDTのシャドウ',
    sources: 'シャドウを作った時点でのゲストのディスクリプタ',
    usable: 'セレクタごとに1バイト。カーネルが問い合わせずにロードできるなら1',
    hash: '変換済み番地のハッシュ',
    cache: '変換キャッシュ',
  },
};

export const translationWords: Readonly<Record<Locale, TranslationWords>> = { en, ja };
