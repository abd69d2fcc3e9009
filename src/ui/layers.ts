/**
 * Layers as the page shows them: their order from the hardware up, their rows, and the token that colours each.
 * Frames carry the words of the accounting vocabulary as strings; an unknown word becomes a row of its own on top.
 */

/** Bottom to top. */
const ORDER = ['hardware', 'monitor', 'host', 'guest-kernel', 'guest-user'] as const;

/** One stratum: a layer at a level, i.e. with that many monitors beneath it. */
export interface Row {
  readonly layer: string;
  readonly level: number;
}

/** Names that a chapter gives its layers, by `layer` or `layer:level`; they win over the general ones. */
export type LayerNames = Readonly<Record<string, string>>;

export const rowKey = ({ layer, level }: Row): string => `${layer}:${level}`;

/** Where several users share a monitor, each has a row of his own in the guests' layers: `guest-user@NAME`. */
export const baseOf = (layer: string): string => layer.split('@')[0]!;
const userOf = (layer: string): string => layer.split('@')[1] ?? '';

const rank = (layer: string): number => {
  const at = (ORDER as readonly string[]).indexOf(baseOf(layer));
  return at < 0 ? ORDER.length : at;
};

/** Whether `row` is the layer of all users together, and `other` that of one of them. */
const coversUsers = (other: Row, row: Row): boolean =>
  userOf(row.layer) === '' &&
  userOf(other.layer) !== '' &&
  baseOf(other.layer) === row.layer &&
  other.level === row.level;

/** The distinct rows among `found`, bottom to top: by layer, monitors by level. */
export function rowsOf(found: Iterable<Row>): readonly Row[] {
  const rows = [...found].map(({ layer, level }): readonly [string, Row] => [
    rowKey({ layer, level }),
    { layer, level },
  ]);
  const distinct = Object.values(Object.fromEntries(rows));
  return distinct
    .filter((row) => !distinct.some((other) => coversUsers(other, row)))
    .sort(
      (a, b) =>
        rank(a.layer) - rank(b.layer) || a.level - b.level || userOf(a.layer).localeCompare(userOf(b.layer)),
    );
}

/** The rows of both lists; the first list itself when it already holds them all. */
export function withRows(known: readonly Row[], found: Iterable<Row>): readonly Row[] {
  const keys = known.map(rowKey);
  const fresh = [...found].filter(
    (row) => !keys.includes(rowKey(row)) && !known.some((other) => coversUsers(other, row)),
  );
  return fresh.length === 0 ? known : rowsOf([...known, ...fresh]);
}

/** The custom property of the layer's hue. */
export const hueOf = (found: string): string => {
  const layer = baseOf(found);
  if (layer === 'host') return '--layer-hostos';
  return (ORDER as readonly string[]).includes(layer) ? `--layer-${layer}` : '--rule';
};

/** The custom property of the layer's hue as text. */
export const inkOf = (layer: string): string =>
  hueOf(layer) === '--rule' ? '--ink-soft' : `${hueOf(layer)}-ink`;

/** What a row is called: the chapter's name for it, else the general name, with the level where there are several. */
export function rowName(
  row: Row,
  names: LayerNames,
  words: {
    readonly layers: Readonly<Record<string, string>>;
    readonly level: (name: string, level: number) => string;
  },
  rows: readonly Row[] = [],
): string {
  const user = userOf(row.layer);
  if (user !== '') return `${rowName({ ...row, layer: baseOf(row.layer) }, names, words, rows)} ${user}`;
  const own = names[rowKey(row)];
  if (own !== undefined) return own;
  const name = names[row.layer] ?? words.layers[row.layer] ?? row.layer;
  const several = rows.some((other) => other.layer === row.layer && other.level !== row.level);
  return several ? words.level(name, row.level) : name;
}
