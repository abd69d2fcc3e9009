/** Where a lab keeps what the visitor typed, per lab and workload. */

export interface Sources {
  /** What was typed there, or null: nothing. */
  kept(lab: string, workload: string): Promise<string | null>;
  /** Null forgets it. Rejects when it could not be kept; who keeps it tells the visitor. */
  keep(lab: string, workload: string, source: string | null): Promise<void>;
}

/** For as long as the page stands: what a widget does must not reach the site's own labs. */
export function pageSources(): Sources {
  const sources = new Map<string, string>();
  const keyOf = (lab: string, workload: string): string => `${lab}/${workload}`;
  return {
    kept: async (lab, workload) => sources.get(keyOf(lab, workload)) ?? null,
    keep: async (lab, workload, source) => {
      if (source === null) sources.delete(keyOf(lab, workload));
      else sources.set(keyOf(lab, workload), source);
    },
  };
}
