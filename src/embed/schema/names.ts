/** Names that the element, the widget's page and the documentation share; what they mean is in options.ts. */

export const OPTION_NAMES = [
  'lang',
  'theme',
  'controls',
  'readonly',
  'panels',
  'autoplay',
  'paused',
  't',
  'speed',
  'seed',
  'lock',
  'hide',
  'workload',
  'technique',
] as const;
export type OptionName = (typeof OPTION_NAMES)[number];

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Version of the messages between a widget and the page around it. */
export const VERSION = 1;
