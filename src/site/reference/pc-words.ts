// Texts of the page about the PC.
import type { Locale } from '../locales.ts';

export interface PcWords {
  readonly title: string;
  readonly summary: string;
  readonly lead: string;
  readonly count: (mnemonics: number, rows: number) => string;
  readonly processor: string;
  readonly devices: string;
  readonly loaders: string;
  readonly models: string;
  readonly modelsLead: string;
  readonly model: string;
  readonly features: string;
}

const en: PcWords = {
  title: 'The PC',
  summary:
    'The IA-32 machine of the labs as it is built: what it has, what it has in part, and what it lacks.',
  lead: 'The machine of the labs as it is built, after Intel’s manual (SDM) and the data sheets of its devices. A program that asks for what is missing gets the answer that hardware without it gives.',
  count: (mnemonics, rows) =>
    `Its processor executes ${mnemonics} instructions in ${rows} encodings; which of them a model has follows from its features.`,
  processor: 'Processor',
  devices: 'Chipset, devices and firmware',
  loaders: 'How programs come in',
  models: 'Models',
  modelsLead: 'Names of features are those of CPUID in the manual.',
  model: 'Model',
  features: 'Features',
};

const ja: PcWords = {
  title: 'PC',
  summary: 'ラボのIA-32マシンの実際の構成です。備えているもの、一部だけのもの、ないものを示します。',
  lead: 'ラボのマシンを、実装どおりに示します。典拠はIntelのマニュアル（SDM）と各デバイスのデータシートです。ないものを求めたプログラムには、それを持たないハードウェアと同じ応答が返ります。',
  count: (mnemonics, rows) =>
    `プロセッサは${mnemonics}種の命令を${rows}通りの符号で実行します。各モデルがどれを持つかは、その機能で決まります。`,
  processor: 'プロセッサ',
  devices: 'チップセット、デバイス、ファームウェア',
  loaders: 'プログラムの読み込み方',
  models: 'モデル',
  modelsLead: '機能の名前は、マニュアルのCPUIDの項のとおりです。',
  model: 'モデル',
  features: '機能',
};

export const pcWords: Readonly<Record<Locale, PcWords>> = { en, ja };
