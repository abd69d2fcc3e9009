/** Layers that a host keeps, below a directory for changes: what a container that runs an image finds as its root. */
import type { Kernel } from '../kernel.ts';
import { populateDevices } from './devices.ts';
import { Directory } from './inode.ts';
import { OverlayFileSystem } from './overlay.ts';

/** Where Docker's driver of the same name keeps layers and changes. */
export const STORE = '/var/lib/docker/overlay2';

/** A layer as a directory of the host. */
export interface StoredLayer {
  readonly path: string;
  readonly directory: Directory;
}

/** A directory below `root`, made where it is missing. */
export function folder(root: Directory, path: string): Directory {
  let now = root;
  for (const part of path.split('/').filter((each) => each !== '')) {
    const next = now.find(part) ?? now.create(part, { kind: 'directory', mode: 0o755 });
    if (!(next instanceof Directory)) throw new Error(`${path}: ${part} is no directory`);
    now = next;
  }
  return now;
}

/**
 * Above the image's layers stands one that the host makes, with what it mounts on or brings itself, so that none of it
 * counts as a change. Docker has one of the same kind.
 * @param layers the lowest first
 */
export function overlayRoot(
  kernel: Kernel,
  host: Directory,
  layers: readonly StoredLayer[],
  name: string,
): OverlayFileSystem {
  const changes = `${STORE}/${name}`;
  const [upper] = [folder(host, `${changes}/diff`), folder(host, `${changes}/work`)];
  const initial = { path: `${changes}-init/diff`, directory: folder(host, `${changes}-init/diff`) };
  for (const place of ['proc', 'sys']) folder(initial.directory, place);
  populateDevices(initial.directory);
  folder(initial.directory, 'dev/pts');
  const lowers = [...layers, initial].toReversed();
  const paths = lowers.map(({ path }) => path).join(':');
  const options = `lowerdir=${paths},upperdir=${changes}/diff,workdir=${changes}/work`;
  return new OverlayFileSystem(kernel, { lowers: lowers.map(({ directory }) => directory), upper, options });
}
