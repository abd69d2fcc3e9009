/** Images as a host keeps them: each layer unpacked into a directory of its own. */
import type { Directory } from '../files/inode.ts';
import { folder, STORE, type StoredLayer } from '../files/overlay-root.ts';
import type { Image } from './image.ts';
import { unpackLayer } from './layer.ts';

/** Keeps an image's layers in the host's files, the lowest first; a string says which is refused, and why. */
export function storeLayers(host: Directory, { layers }: Image): readonly StoredLayer[] | string {
  const stored: StoredLayer[] = [];
  for (const { name, bytes } of layers) {
    const path = `${STORE}/${keyOf(name)}/diff`;
    const directory = folder(host, path);
    if (directory.isEmpty()) {
      const complaint = unpackLayer(directory, bytes);
      if (complaint !== null) return `${name}: ${complaint}`;
    }
    stored.push({ path, directory });
  }
  return stored;
}

/** A directory name for a layer: its digest, or its path in the archive. */
const keyOf = (name: string): string =>
  name
    .replace(/^blobs\/[a-z0-9]+\//, '')
    .replace(/\/layer\.tar$|\.tar(\.gz)?$/, '')
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^\.+/, '-')
    .slice(0, 64);
