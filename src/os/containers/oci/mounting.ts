/** An image's layers below a directory for changes: what a container finds as its root. */
import { Directory } from '../files/inode.ts';
import { OverlayFileSystem } from '../files/overlay.ts';
import type { MemoryFileSystem } from '../files/tmpfs.ts';
import type { Kernel } from '../kernel.ts';
import type { Image } from './image.ts';
import { unpackLayer } from './layer.ts';

/** Where Docker's driver of the same name keeps layers and changes. */
const STORE = '/var/lib/docker/overlay2';

/** A layer as a directory of the host. */
export interface StoredLayer {
  readonly path: string;
  readonly directory: Directory;
}

function folder(root: Directory, path: string): Directory {
  let now = root;
  for (const part of path.split('/').filter((each) => each !== '')) {
    const next = now.find(part) ?? now.create(part, { kind: 'directory', mode: 0o755 });
    if (!(next instanceof Directory)) throw new Error(`${path}: ${part} is no directory of the host`);
    now = next;
  }
  return now;
}

/** Keeps an image's layers in the host's files, the lowest first; a string says which is refused, and why. */
export function storeLayers(host: MemoryFileSystem, { layers }: Image): readonly StoredLayer[] | string {
  const stored: StoredLayer[] = [];
  for (const { name, bytes } of layers) {
    const path = `${STORE}/${keyOf(name)}/diff`;
    const directory = folder(host.root, path);
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
    .replaceAll('/', '-')
    .slice(0, 64);

/** A root of its own for a container: the layers, and above them a directory for what it changes. */
export function overlayRoot(
  kernel: Kernel,
  host: MemoryFileSystem,
  layers: readonly StoredLayer[],
  name: string,
): Directory {
  const changes = `${STORE}/${name}`;
  const [upper] = [folder(host.root, `${changes}/diff`), folder(host.root, `${changes}/work`)];
  const lowers = layers.toReversed();
  const options = `lowerdir=${lowers.map(({ path }) => path).join(':')},upperdir=${changes}/diff,workdir=${changes}/work`;
  return new OverlayFileSystem(kernel, { lowers: lowers.map(({ directory }) => directory), upper, options })
    .root;
}
