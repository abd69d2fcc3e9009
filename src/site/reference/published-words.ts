// Texts of the page that holds the engines against published figures.
import type { HeldFigure } from '../../lab/published.ts';
import type { Locale } from '../locales.ts';

export interface PublishedWords {
  readonly title: string;
  readonly summary: string;
  readonly lead: string;
  readonly rules: string;
  readonly count: (figures: number, inside: number, missed: number, fitted: number) => string;
  readonly seen: (figures: number, inside: number) => string;
  readonly order: string;
  readonly swapped: (less: string, more: string) => string;
  readonly figure: string;
  readonly published: string;
  readonly measured: string;
  readonly ratio: string;
  readonly outcome: string;
  readonly read: string;
  readonly outcomes: Readonly<Record<'holds' | 'misses' | 'fitted', string>>;
  readonly readings: Readonly<Record<HeldFigure['reading'], string>>;
  readonly units: Readonly<Record<HeldFigure['unit'], string>>;
  /** How far measured and published may be apart. */
  readonly within: (factor: number) => string;
}

const en: PublishedWords = {
  title: 'Can it be believed?',
  summary: 'Published figures beside what the engines of this lab measure, the misses included.',
  lead: 'A simulated machine can be made to show any number. Here stand figures that others published, and beside each what comes out when this site’s engines run the same thing.',
  rules:
    'The measurements were made when this site was built. A figure holds if measured and published are less apart than the factor in its row. Rows marked “fitted” prove nothing: a constant of the engines was taken from that very figure. What the engine leaves out is said in each row.',
  count: (figures, inside, missed, fitted) =>
    `${figures} figures: ${inside} hold, ${missed} miss, ${fitted} are fitted.`,
  seen: (figures, inside) =>
    `Of the ${figures} that were read in the source itself and are not fitted, ${inside} hold.`,
  order: 'Figures of one source that can be put in order all come out in the published order.',
  swapped: (less, more) => `In the other order than published: “${less}” should be less than “${more}”.`,
  figure: 'Figure',
  published: 'Published',
  measured: 'Measured here',
  ratio: 'Ratio',
  outcome: 'Outcome',
  read: 'How it was read',
  outcomes: { holds: 'holds', misses: 'misses', fitted: 'fitted' },
  readings: {
    seen: 'in the source',
    secondary: 'in a text that quotes it',
    derived: 'computed from figures that were read',
    recalled: 'from memory †',
  },
  units: { ratio: '×', cycles: 'cycles', count: '', share: '%' },
  within: (factor) => (factor === 1 ? 'the same number' : `factor ${factor}`),
};

const ja: PublishedWords = {
  title: 'この数値は信用できるのか',
  summary: '公表された数値と、このラボのエンジンで測った値を並べた表です。合わなかったものも載せています。',
  lead: 'シミュレートした機械なら、どんな数字でも見せられます。ここには他の人々が公表した数値を挙げ、それぞれの隣に、このサイトのエンジンで同じことを実行して得られた値を並べました。',
  rules:
    '測定はこのサイトのビルド時に行いました。測定値と公表値の開きが行に示した倍率以内なら「合う」とします。「合わせ込み」の行は何の証明にもなりません。エンジンの定数をまさにその数値から取ったからです。エンジンが省いていることは各行に書いてあります。',
  count: (figures, inside, missed, fitted) =>
    `全${figures}件のうち、合うもの${inside}件、合わないもの${missed}件、合わせ込み${fitted}件。`,
  seen: (figures, inside) => `原典で直接読み、合わせ込みでない${figures}件のうち、${inside}件が合います。`,
  order: '同じ出典の中で大小を比べられる数値は、すべて公表どおりの順になります。',
  swapped: (less, more) => `公表と順序が逆です：「${less}」は「${more}」より小さいはずです。`,
  figure: '項目',
  published: '公表値',
  measured: 'ここでの測定値',
  ratio: '比',
  outcome: '結果',
  read: '読んだところ',
  outcomes: { holds: '合う', misses: '合わない', fitted: '合わせ込み' },
  readings: {
    seen: '原典',
    secondary: '引用した文献',
    derived: '読んだ数値から計算',
    recalled: '記憶による†',
  },
  units: { ratio: '倍', cycles: 'サイクル', count: '', share: '%' },
  within: (factor) => (factor === 1 ? '同じ数' : `${factor}倍以内`),
};

export const publishedWords: Readonly<Record<Locale, PublishedWords>> = { en, ja };
