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

/** What the page around a widget can ask of it: each is a message, and a method of the element. */
export const REQUEST_TYPES = [
  'play',
  'pause',
  'step',
  'back',
  'seek',
  'reset',
  'load',
  'getState',
  'setState',
] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];

/** What a widget tells: each is a message, and an event `strata:TYPE` of the element. */
export const NOTICE_TYPES = ['ready', 'resize', 'state', 'step', 'task', 'progress', 'error'] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** Attributes of the element beside the options. */
export const ATTRIBUTES = ['lab', 'panel', 'state', 'start', 'title', 'height', 'sandbox'] as const;
export type AttributeName = (typeof ATTRIBUTES)[number];

/** Version of the messages between a widget and the page around it. */
export const VERSION = 1;
