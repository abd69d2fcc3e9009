/** Layers of files as panels show them: what each holds, and what the one for changes has over the others. */
import { Directory, RegularFile, type Inode } from '../../os/containers/files/inode.ts';
import { pathOf } from '../../os/containers/files/mounts.ts';
import { isWhiteout, OverlayFileSystem } from '../../os/containers/files/overlay.ts';
import type { Kernel } from '../../os/containers/kernel.ts';
import type { OverlayView } from '../../protocol/frame.ts';

/** Changes that are shown. */
const MOST = 100;

interface Extent {
  readonly files: number;
  readonly bytes: number;
}
/** Layers below never change, so they are counted once. */
const counted = new WeakMap<Directory, Extent>();

function extentOf(directory: Directory): Extent {
  let [files, bytes] = [0, 0];
  for (const [, node] of directory.entries()) {
    if (node instanceof Directory) {
      const below = extentOf(node);
      [files, bytes] = [files + below.files, bytes + below.bytes];
    } else if (!isWhiteout(node)) [files, bytes] = [files + 1, bytes + node.size];
  }
  return { files, bytes };
}

function knownExtent(directory: Directory): Extent {
  let extent = counted.get(directory);
  if (!extent) counted.set(directory, (extent = extentOf(directory)));
  return extent;
}

type Change = OverlayView['changes'][number];

/** The file or link that a lower layer has at a path, and which layer that is: its place below the top, from 1. */
function covered(lowers: readonly Directory[], parts: readonly string[]): number | null {
  for (const [k, lower] of lowers.entries()) {
    let node: Inode | null = lower;
    for (const part of parts) node = node instanceof Directory ? node.find(part) : null;
    if (node) return isWhiteout(node) ? null : k + 1;
  }
  return null;
}

function* changesIn(
  upper: Directory,
  lowers: readonly Directory[],
  above: readonly string[],
): Generator<Change> {
  for (const [name, node] of upper.entries()) {
    const parts = [...above, name];
    const covers = covered(lowers, parts);
    const path = `/${parts.join('/')}`;
    if (isWhiteout(node)) yield { path, kind: 'gone', bytes: 0, covers };
    else if (!(node instanceof Directory)) {
      const bytes = node instanceof RegularFile ? node.size : 0;
      yield { path, kind: covers === null ? 'new' : 'over', bytes, covers };
    } else {
      if (covers === null) yield { path: `${path}/`, kind: 'new', bytes: 0, covers };
      yield* changesIn(node, lowers, parts);
    }
  }
}

function view(filesystem: OverlayFileSystem, at: string): OverlayView {
  const { upper, lowers } = filesystem.layers;
  const option = (name: string): string =>
    new RegExp(`(?:^|,)${name}=([^,]*)`).exec(filesystem.options)?.[1] ?? '';
  const paths = option('lowerdir').split(':');
  const below = lowers.map((lower, k) => ({ path: paths[k] ?? '', ...knownExtent(lower) }));
  const changes: Change[] = [];
  if (upper) for (const change of changesIn(upper, lowers, [])) if (changes.push(change) === MOST) break;
  return {
    at,
    layers: upper ? [{ path: option('upperdir'), ...extentOf(upper) }, ...below] : below,
    copied: filesystem.copied,
    changes,
  };
}

/** Of every mount that the host has, or a process in mounts of its own. */
export function overlaysOf(kernel: Kernel): readonly OverlayView[] {
  const views = new Map<OverlayFileSystem, OverlayView>();
  for (const { namespaces, fs } of kernel.rootPids.processes)
    for (const mount of namespaces.mounts.mounts) {
      const { filesystem } = mount.root;
      if (!(filesystem instanceof OverlayFileSystem) || views.has(filesystem)) continue;
      views.set(filesystem, view(filesystem, pathOf({ mount, node: mount.root }, fs.root)));
    }
  return [...views.values()];
}
