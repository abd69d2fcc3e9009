/** The keys of every lab, the same everywhere. */

export type KeyCommand =
  | 'run-pause'
  | 'step'
  | 'step-back'
  | 'step-over'
  | 'next-transfer'
  | 'previous-transfer'
  | 'to-cursor'
  | 'reset'
  | 'full-screen'
  | 'help'
  | 'zoom-in'
  | 'zoom-out';

/** What the page knows of a key press; a part of KeyboardEvent. */
export interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
}

const KEYS: Readonly<Record<string, KeyCommand>> = {
  ' ': 'run-pause',
  ArrowRight: 'step',
  ArrowLeft: 'step-back',
  n: 'next-transfer',
  p: 'previous-transfer',
  c: 'to-cursor',
  r: 'reset',
  f: 'full-screen',
  '?': 'help',
  '+': 'zoom-in',
  '-': 'zoom-out',
};

/** Controls that have their own use for the arrow keys, and those that have one for space. */
const OWN_ARROWS = 'select, [role="slider"], [role="tab"], [role="separator"], [role="radio"], summary';
const OWN_SPACE =
  'button, a, select, summary, [role="tab"], [role="slider"], [role="option"], [role="checkbox"]';
const TEXT = 'input, textarea, [contenteditable="true"], [contenteditable=""], .cm-editor';

/** The command that a key means here, or null when the key belongs to somebody else. */
export function commandFor(press: Press, matches: (selector: string) => boolean): KeyCommand | null {
  const { key, shiftKey, ctrlKey, altKey, metaKey, isComposing } = press;
  if (ctrlKey || altKey || metaKey || isComposing || matches(TEXT)) return null;
  if (key.startsWith('Arrow') && matches(OWN_ARROWS)) return null;
  if (key === ' ' && matches(OWN_SPACE)) return null;
  if (key === 'ArrowRight' && shiftKey) return 'step-over';
  return KEYS[key] ?? null;
}
