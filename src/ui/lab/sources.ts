/** What the visitor typed, kept in this browser per lab and workload. A browser that refuses storage loses nothing else. */

const keyOf = (lab: string, workload: string): string => `strata-source:${lab}:${workload}`;

export function keptSource(lab: string, workload: string): string | null {
  try {
    return localStorage.getItem(keyOf(lab, workload));
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function keepSource(lab: string, workload: string, source: string | null): void {
  try {
    if (source === null) localStorage.removeItem(keyOf(lab, workload));
    else localStorage.setItem(keyOf(lab, workload), source);
  } catch {
    // Storage is full or forbidden: the source lives as long as the page.
  }
}
