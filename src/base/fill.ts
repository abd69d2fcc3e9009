/** Texts with places for values: `{{name}}`. */

const PLACE = /\{\{([\w-]+)\}\}/g;

/** `text` with every place filled; throws where a value is missing. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(PLACE, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {{${name}}}`);
    return String(value);
  });
}

/** Names of the places in `text`, each once. */
export const placesIn = (text: string): readonly string[] => [
  ...new Set(Array.from(text.matchAll(PLACE), ([, name]) => name!)),
];
