/** What the visitor typed, kept per lab and workload. A browser that refuses storage loses nothing else. */

export interface Sources {
  kept(lab: string, workload: string): string | null;
  /** Null forgets it. */
  keep(lab: string, workload: string, source: string | null): void;
}

const keyOf = (lab: string, workload: string): string => `strata-source:${lab}:${workload}`;

/** In this browser, for the next visit. */
export const browserSources: Sources = {
  kept(lab, workload) {
    try {
      return localStorage.getItem(keyOf(lab, workload));
    } catch {
      return null;
    }
  },
  keep(lab, workload, source) {
    try {
      if (source === null) localStorage.removeItem(keyOf(lab, workload));
      else localStorage.setItem(keyOf(lab, workload), source);
    } catch {
      // Storage is full or forbidden: the source lives as long as the page.
    }
  },
};

/** For as long as the page stands: what a widget does must not reach the site's own labs. */
export function pageSources(): Sources {
  const sources = new Map<string, string>();
  return {
    kept: (lab, workload) => sources.get(keyOf(lab, workload)) ?? null,
    keep: (lab, workload, source) => {
      if (source === null) sources.delete(keyOf(lab, workload));
      else sources.set(keyOf(lab, workload), source);
    },
  };
}
