/** The small hypervisor in assembly, and its pieces: the parts between `#region NAME` and `#endregion` of its source. */
import HYPERVISOR from './hypervisor.s?raw';

export { HYPERVISOR };

/** Its source with some regions replaced; throws for a region that is not there. */
export function hypervisorWith(regions: Readonly<Record<string, string>>): string {
  return Object.entries(regions).reduce((source, [name, text]) => {
    const parts = new RegExp(`(; #region ${name}\\n)[^]*?(; #endregion)`).exec(source);
    if (!parts) throw new Error(`the hypervisor has no region ${name}`);
    return source.replace(parts[0], () => `${parts[1]}${text}${parts[2]}`);
  }, HYPERVISOR);
}

/** The text of one region. */
export function regionOf(name: string): string {
  const text = new RegExp(`; #region ${name}\\n([^]*?); #endregion`).exec(HYPERVISOR)?.[1];
  if (text === undefined) throw new Error(`the hypervisor has no region ${name}`);
  return text;
}
