/** The words of panels that only some labs have, in both languages: no page loads them before it needs them. */
import { special as en } from './en-special.ts';
import type { Locale } from './index.ts';
import { special as ja } from './ja-special.ts';

export const specialIn: Readonly<Record<Locale, typeof en>> = { en, ja };
