/** Mounts: how file systems are put together to one tree, a tree for each mount namespace. mount_namespaces(7). */
import type { UserNamespace } from '../process/credentials.ts';
import { Directory, type Inode } from './inode.ts';

export const MS_RDONLY = 1;
export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_NOEXEC = 8;
export const MS_REMOUNT = 32;
export const MS_BIND = 4096;
export const MS_MOVE = 8192;
export const MS_REC = 16384;
/** UNBINDABLE, PRIVATE, SLAVE, SHARED: every mount here is private, so these change nothing. */
export const MS_PROPAGATION = (1 << 17) | (1 << 18) | (1 << 19) | (1 << 20);

export interface Mount {
  readonly number: number;
  readonly root: Inode;
  /** Where it stands: a place in another mount; null for the root of its namespace. */
  parent: Mount | null;
  at: Inode | null;
  flags: number;
  readonly source: string;
  /** It may not be changed from within a namespace of less privilege. */
  locked: boolean;
}

/** An inode at a place in the tree. For what is no directory, also where it was found. */
export interface Place {
  readonly mount: Mount;
  readonly node: Inode;
  readonly found?: { readonly directory: Directory; readonly name: string };
}

export class MountNamespace {
  readonly number: number;
  readonly users: UserNamespace;
  mounts: Mount[] = [];
  /** Mounts by where they stand; the last one on a place covers the others. */
  private readonly standing = new Map<Inode, Mount[]>();
  private readonly counter: { next: number };

  constructor(number: number, users: UserNamespace, counter: { next: number }) {
    [this.number, this.users, this.counter] = [number, users, counter];
  }

  get root(): Mount {
    return this.mounts.find(({ parent }) => parent === null)!;
  }

  mount(root: Inode, at: Place | null, flags: number, source: string, locked = false): Mount {
    const mount: Mount = {
      ...{ number: this.counter.next++, root, parent: at?.mount ?? null, at: at?.node ?? null },
      ...{ flags: flags & (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC), source, locked },
    };
    this.mounts.push(mount);
    this.note(mount);
    return mount;
  }

  private note(mount: Mount): void {
    if (!mount.at) return;
    const there = this.standing.get(mount.at);
    if (there) there.push(mount);
    else this.standing.set(mount.at, [mount]);
  }

  private forget(mount: Mount): void {
    if (!mount.at) return;
    const left = this.standing.get(mount.at)?.filter((other) => other !== mount) ?? [];
    if (left.length > 0) this.standing.set(mount.at, left);
    else this.standing.delete(mount.at);
  }

  /** What covers a place, or the place itself. */
  covered(place: Place): Place {
    let now = place;
    for (;;) {
      const over = this.standing.get(now.node)?.findLast(({ parent }) => parent === now.mount);
      if (!over) return now;
      now = now.found ? { mount: over, node: over.root, found: now.found } : { mount: over, node: over.root };
    }
  }

  /** Mounts on this one, and on those, it included. */
  tree(mount: Mount): readonly Mount[] {
    const tree = [mount];
    for (const member of tree) tree.push(...this.mounts.filter(({ parent }) => parent === member));
    return tree;
  }

  remove(mount: Mount): void {
    this.mounts = this.mounts.filter((other) => other !== mount);
    this.forget(mount);
  }

  /** Puts a mount at another place; null makes it the root. */
  move(mount: Mount, at: Place | null): void {
    this.forget(mount);
    [mount.parent, mount.at] = [at?.mount ?? null, at?.node ?? null];
    this.note(mount);
  }

  /** A copy for a new namespace, and which mount became which. */
  copy(number: number, users: UserNamespace): { namespace: MountNamespace; became: Map<Mount, Mount> } {
    const namespace = new MountNamespace(number, users, this.counter);
    const became = new Map<Mount, Mount>();
    const locks = users !== this.users;
    for (const mount of this.mounts)
      became.set(mount, { ...mount, number: this.counter.next++, locked: mount.locked || locks });
    for (const copy of became.values()) {
      copy.parent = copy.parent && became.get(copy.parent)!;
      namespace.mounts.push(copy);
      namespace.note(copy);
    }
    return { namespace, became };
  }
}

/** Whether two places are one. */
export const same = (a: Place, b: Place): boolean => a.mount === b.mount && a.node === b.node;

/** One step up; a mount's root leads to where the mount stands. */
export function above(place: Place): Place {
  let { mount, node } = place;
  while (node === mount.root && mount.parent && mount.at) [node, mount] = [mount.at, mount.parent];
  if (node instanceof Directory) return { mount, node: node === mount.root ? node : node.above };
  return { mount, node };
}

/** Its path as seen from `root`; a place that the root does not reach begins with (unreachable). */
export function pathOf(place: Place, root: Place): string {
  const parts: string[] = [];
  let now: Place = place;
  if (now.found && !(now.node instanceof Directory)) {
    parts.push(now.found.name);
    now = fileHolder(now);
  }
  while (!same(now, root)) {
    let { mount, node } = now;
    while (node === mount.root && mount.parent && mount.at) {
      if (mount === root.mount && node === root.node) return finish(parts);
      [node, mount] = [mount.at, mount.parent];
    }
    if (node === mount.root || !(node instanceof Directory))
      return `(unreachable)/${parts.reverse().join('/')}`;
    if (mount === root.mount && node === root.node) break;
    parts.push(node.above.nameOf(node));
    now = { mount, node: node.above };
  }
  return finish(parts);
}

const finish = (parts: string[]): string => `/${parts.reverse().join('/')}`;

/** The directory that a file was found in, in the mount that it was reached through. */
function fileHolder({ mount, node, found }: Place): Place {
  const through = node === mount.root && mount.parent ? mount.parent : mount;
  return { mount: through, node: found!.directory };
}
