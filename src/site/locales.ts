// The languages of the site; the first is the one shown when nothing is known of the visitor.
export const locales = ['en', 'ja'] as const;
export type Locale = (typeof locales)[number];
export const isLocale = (text: string): text is Locale => (locales as readonly string[]).includes(text);
