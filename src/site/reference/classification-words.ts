// Texts of the page that shows both instruction sets classified by experiment.
import type { Kind, Situation } from '../classification.ts';
import type { Locale } from '../locales.ts';

interface MachineWords {
  readonly name: string;
  /** What the theorem says of it: violators in rows of the opcode table, and under published names. */
  readonly verdict: (rows: number, names: number) => string;
}

export interface ClassificationWords {
  readonly title: string;
  readonly summary: string;
  readonly lead: string;
  readonly method: (trials: number) => string;
  readonly machines: Readonly<Record<'s370' | 'ia32', MachineWords>>;
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly situations: Readonly<Record<Situation, string>>;
  readonly ends: Readonly<Record<'done' | 'trap' | 'call', string>>;
  /** The two rows and two columns of the picture. */
  readonly privileged: string;
  readonly unprivileged: string;
  readonly sensitive: string;
  readonly harmless: string;
  /** Of a picture, for those who do not see it. */
  readonly picture: (where: string, count: number, kinds: string) => string;
  readonly marks: string;
  readonly violators: string;
  readonly grouped: (names: string) => string;
  readonly open: string;
  readonly caught: string;
  readonly others: string;
  readonly state: string;
  readonly run: string;
  readonly end: string;
  readonly unchanged: string;
  /** Heading of a column of differences that is the run's end itself. */
  readonly none: string;
  readonly chapter: string;
  /** Between names in a list. */
  readonly comma: string;
}

const en: ClassificationWords = {
  title: 'Privileged and sensitive instructions',
  summary:
    'Every instruction of System/370 and of the Pentium, classified after Popek and Goldberg by executing it, with the runs that convict those that break the theorem.',
  lead: 'Popek and Goldberg (1974) call an instruction privileged if it traps in user mode and not in supervisor mode, and sensitive if it changes the machine’s mode or resources (control-sensitive) or if its result depends on them (behaviour-sensitive). If every sensitive instruction is privileged, a monitor can be built by trap and emulate.',
  method: (trials) =>
    `Nothing below is a list that somebody typed in. When the site was built, each instruction was executed in ${trials} generated states, each state in supervisor mode, in user mode, on a machine whose resources lie elsewhere, and later. What trapped, what changed and what differed decided. It is a statement about the machines of this lab; a test compares it with the published lists.`,
  machines: {
    s370: {
      name: 'System/370',
      verdict: (rows) =>
        rows === 0
          ? 'No sensitive instruction runs unnoticed. The theorem applies: trap and emulate is enough.'
          : `${rows} sensitive instructions do not trap.`,
    },
    ia32: {
      name: 'IA-32, Pentium',
      verdict: (rows, names) =>
        `${rows} rows of the opcode table are sensitive and do not trap; under the names of the published lists they are ${names}. The theorem does not apply.`,
    },
  },
  kinds: {
    'control-sensitive': 'control-sensitive',
    'behaviour-sensitive': 'behaviour-sensitive',
    clock: 'shows only the time',
    innocuous: 'innocuous',
  },
  situations: {
    supervisor: 'Supervisor mode',
    user: 'User mode',
    relocated: 'Resources elsewhere',
    later: 'Later',
  },
  ends: { done: 'executed', trap: 'trap', call: 'call' },
  privileged: 'Privileged',
  unprivileged: 'Not privileged',
  sensitive: 'Sensitive',
  harmless: 'Not sensitive',
  picture: (where, count, kinds) => `${where}: ${count} instructions${kinds === '' ? '' : ` (${kinds})`}`,
  marks: 'Marks',
  violators: 'Sensitive and not privileged',
  grouped: (names) =>
    `Under the names of Bugnion, Nieh and Tsafrir (2017; the list of Robin and Irvine, 2000, has all but IRET): ${names}.`,
  open: 'Open one to see the runs that convict it.',
  caught: 'Sensitive and privileged: what a monitor catches',
  others: 'The rest, by name',
  state: 'State before',
  run: 'Run',
  end: 'End',
  unchanged: 'unchanged',
  none: 'None.',
  chapter: 'The chapter: why x86 could not be virtualized',
  comma: ', ',
};

const ja: ClassificationWords = {
  title: '特権命令とセンシティブ命令',
  summary:
    'System/370とPentiumの全命令を実際に実行し、PopekとGoldbergの定義で分類しました。定理に反する命令には、証拠となる実行を付けています。',
  lead: 'PopekとGoldberg（1974）は、ユーザモードではトラップし、スーパバイザモードではトラップしない命令を特権命令と呼びました。計算機のモードや資源を変える命令（制御センシティブ）と、結果がそれらに左右される命令（動作センシティブ）が、センシティブ命令です。センシティブ命令がすべて特権命令なら、トラップ＆エミュレートでモニタを作れます。',
  method: (trials) =>
    `以下に、人が書き込んだ一覧は一つもありません。サイトのビルド時に、命令ごとに${trials}通りの状態を作り、それぞれをスーパバイザモード、ユーザモード、資源の位置が異なる計算機、時間が経ったあとの四通りで実行しました。何がトラップし、何が変わり、何が食い違ったかだけで決めています。これはこのラボの計算機についての結果で、文献の一覧とはテストで照合しています。`,
  machines: {
    s370: {
      name: 'System/370',
      verdict: (rows) =>
        rows === 0
          ? '人知れず動くセンシティブ命令はありません。定理が当てはまり、トラップ＆エミュレートで足ります。'
          : `センシティブ命令のうち${rows}個がトラップしません。`,
    },
    ia32: {
      name: 'IA-32（Pentium）',
      verdict: (rows, names) =>
        `命令表の${rows}行が、センシティブなのにトラップしません。文献の名前でまとめると${names}個です。定理は当てはまりません。`,
    },
  },
  kinds: {
    'control-sensitive': '制御センシティブ',
    'behaviour-sensitive': '動作センシティブ',
    clock: '時刻が見えるだけ',
    innocuous: '無害',
  },
  situations: {
    supervisor: 'スーパバイザモード',
    user: 'ユーザモード',
    relocated: '資源の位置が異なる計算機',
    later: '時間が経ったあと',
  },
  ends: { done: '実行された', trap: 'トラップ', call: '呼出し' },
  privileged: '特権命令',
  unprivileged: '非特権命令',
  sensitive: 'センシティブ',
  harmless: 'センシティブでない',
  picture: (where, count, kinds) => `${where}：${count}命令${kinds === '' ? '' : `（${kinds}）`}`,
  marks: '記号',
  violators: 'センシティブなのに特権命令でない',
  grouped: (names) =>
    `Bugnion・Nieh・Tsafrir（2017）の名前でまとめると（Robin・Irvine（2000）の一覧にはIRET以外のすべてがあります）：${names}。`,
  open: '開くと、証拠となる実行を見られます。',
  caught: 'センシティブで特権命令：モニタが捕らえるもの',
  others: '残りの命令の名前',
  state: '実行前の状態',
  run: '実行',
  end: '結末',
  unchanged: '変化なし',
  none: 'ありません。',
  chapter: '章：x86はなぜ仮想化できなかったのか',
  comma: '、',
};

export const classificationWords: Readonly<Record<Locale, ClassificationWords>> = { en, ja };
