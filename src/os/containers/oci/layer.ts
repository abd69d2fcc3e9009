/**
 * Layers of images as directories that an overlay can have below it: an archive's marks that a name is gone become the
 * overlay's own. OCI image specification, "Image Layer Filesystem Changeset", "Whiteouts".
 */
import { Directory } from '../files/inode.ts';
import { makeOpaque, WHITEOUT } from '../files/overlay.ts';
import { readTar, type ArchiveEntry } from './tar.ts';
import { unpack } from './unpack.ts';

const MARK = '.wh.';
const OPAQUE = '.wh..wh..opq';

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
const isMark = ({ path }: ArchiveEntry): boolean => (partsOf(path).at(-1) ?? '').startsWith(MARK);

/** Unpacks the archive of a layer into a directory that is empty; a string says what is refused. */
export function unpackLayer(into: Directory, archive: Uint8Array): string | null {
  const entries = readTar(archive);
  if (typeof entries === 'string') return entries;
  const complaint = unpack(
    into,
    entries.filter((entry) => !isMark(entry)),
  );
  if (complaint !== null) return complaint;
  for (const entry of entries) {
    if (!isMark(entry)) continue;
    const wrong = mark(into, entry.path);
    if (wrong !== null) return wrong;
  }
  return null;
}

function mark(root: Directory, path: string): string | null {
  const parts = partsOf(path);
  const name = parts.pop()!;
  if (parts.includes('..')) return `${path}: leads out of the archive`;
  let now = root;
  for (const part of parts) {
    const next = now.find(part) ?? now.create(part, { kind: 'directory', mode: 0o755 });
    if (!(next instanceof Directory)) return `${path}: goes through something that is no directory`;
    now = next;
  }
  const hidden = name.slice(MARK.length);
  const own = now.find(hidden);
  // A mark is about lower layers only: what this one brings under the name stays.
  if (name === OPAQUE) makeOpaque(now);
  else if (own instanceof Directory) makeOpaque(own);
  else if (hidden !== '' && !own) now.create(hidden, WHITEOUT);
  return null;
}
