/** A package as a file to be saved. The launch page's script is bundled alone, and fetched from this site when wanted. */
import launchAddress from '../package/launch.ts?worker&url';
import type { Assignment } from '../format/assignment.ts';
import { makePackage, type PackageKind, type Site } from '../package/package.ts';

export async function packageFile(
  kind: PackageKind,
  assignment: Assignment,
  site: Pick<Site, 'root' | 'locale'>,
): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const response = await fetch(new URL(launchAddress, import.meta.url));
  if (!response.ok) throw new Error(`${launchAddress}: ${response.status}`);
  const launchScript = await response.text();
  return {
    name: `strata-${kind}.zip`,
    bytes: makePackage(kind, assignment, { ...site, launchScript }),
  };
}
