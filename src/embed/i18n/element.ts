/** The few words of the custom element, apart so that its script stays small. */

export const elementWords = {
  en: {
    start: 'Start the lab',
    title: (lab: string) => `Interactive lab: ${lab}`,
    off: 'The widget was removed.',
  },
  ja: {
    start: 'ラボを始める',
    title: (lab: string) => `対話型ラボ: ${lab}`,
    off: 'ウィジェットは取り除かれました。',
  },
} as const;
