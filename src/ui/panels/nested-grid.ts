/** A walk in two dimensions as a grid: columns are what the guest asks for, rows the levels of the extended tables. */
import type { NestedWalkView, WalkReference } from '../../protocol/frame.ts';

interface Numbered extends WalkReference {
  /** Place in the order of references, from 1. */
  readonly n: number;
}

export interface NestedGrid {
  /** Extended levels, from the top. */
  readonly levels: readonly number[];
  readonly columns: readonly {
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
  const height = levels.host === 0 ? 0 : EPT_LEVELS;
  const columns = rows.map(({ what, guestPhysical, host, physical, value }) => {
    const through = host.map(numbered);
    const own = what === 'data' || physical === null ? null : numbered({ address: physical, value });
    const empty = Array.from({ length: Math.max(0, height - through.length) }, () => null);
    return { what, guestPhysical, host: [...through, ...empty], own, physical };
  });
  const most = (levels.guest + 1) * (height + 1) - 1;
  return {
    levels: Array.from({ length: height }, (_, k) => EPT_LEVELS - k),
    columns,
    references: n,
    formula: `(${levels.guest} + 1) × (${height} + 1) − 1 = ${most}`,
  };
}
