/** The few words inside packages. */
import type { Locale } from '../../ui/i18n/index.ts';

export interface PackageWords {
  readonly language: Locale;
  readonly open: string;
  readonly noPlatform: string;
}

export const packageWords: Readonly<Record<Locale, PackageWords>> = {
  en: {
    language: 'en',
    open: 'Open the assignment',
    noPlatform:
      'No learning platform was found around this page: you can work and hand in a file, but nothing is reported.',
  },
  ja: {
    language: 'ja',
    open: '課題を開く',
    noPlatform:
      'このページの外側に学習プラットフォームが見つかりません。作業とファイルの提出はできますが、結果は報告されません。',
  },
};
