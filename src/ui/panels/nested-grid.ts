/** A walk in two dimensions as a grid: rows are the guest's entries, columns the levels of the extended tables. */
import type { NestedWalkView, WalkReference } from '../../protocol/frame.ts';

interface Numbered extends WalkReference {
  /** Place in the order of references, from 1. */
  readonly n: number;
}

export interface NestedGrid {
  /** Extended levels, from the top. */
  readonly levels: readonly number[];
  readonly rows: readonly {
    readonly what: NestedWalkView['rows'][number]['what'];
    readonly guestPhysical: number;
    /** By level; null where a large page has left it out. */
    readonly host: readonly (Numbered | null)[];
    readonly own: Numbered | null;
    readonly physical: number | null;
  }[];
  /** References before that to the data. */
  readonly references: number;
  /** (g + 1) × (h + 1) − 1, worked out. */
  readonly formula: string;
}

const EPT_LEVELS = 4;

export function gridOf({ levels, rows }: NestedWalkView): NestedGrid {
  let n = 0;
  const numbered = (reference: WalkReference): Numbered => ({ ...reference, n: ++n });
  const columns = levels.host === 0 ? 0 : EPT_LEVELS;
  const cells = rows.map(({ what, guestPhysical, host, physical, value }) => {
    const through = host.map(numbered);
    const own = what === 'data' || physical === null ? null : numbered({ address: physical, value });
    const empty = Array.from({ length: Math.max(0, columns - through.length) }, () => null);
    return { what, guestPhysical, host: [...through, ...empty], own, physical };
  });
  const most = (levels.guest + 1) * (columns + 1) - 1;
  return {
    levels: Array.from({ length: columns }, (_, k) => EPT_LEVELS - k),
    rows: cells,
    references: n,
    formula: `(${levels.guest} + 1) × (${columns} + 1) − 1 = ${most}`,
  };
}
