/** An exercise's text in one language, compiled from its Markdown; `{{name}}` in it stands for a variant's values. */
export interface ExerciseText {
  readonly title: string;
  /** HTML; a place for a value is `<data value="name">`. */
  readonly html: string;
  /** In the order in which they are revealed; plain text. */
  readonly hints: readonly string[];
  /** By check: what is said when it passed and when it failed. */
  readonly checks: Readonly<Record<string, { readonly passed: string; readonly failed: string }>>;
  /** By field: its label, and the words of its choices. */
  readonly fields: Readonly<
    Record<string, { readonly label: string; readonly choices?: Readonly<Record<string, string>> }>
  >;
}

const PLACE = /<data value="([\w-]+)"><\/data>/g;

/** The text's HTML with its places filled. */
export const htmlWith = (html: string, values: Readonly<Record<string, string | number>>): string =>
  html.replace(
    PLACE,
    (_, name: string) => `<data value="${name}">${escaped(String(values[name] ?? ''))}</data>`,
  );

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!);
