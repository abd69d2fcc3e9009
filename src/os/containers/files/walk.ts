/** Resolution of path names. path_resolution(7). */
import { fail } from '../abi/errno.ts';
import { MAY_EXEC } from '../abi/modes.ts';
import { permits, type Credentials } from '../process/credentials.ts';
import { Directory, SymbolicLink, type Inode } from './inode.ts';
import { above, same, type MountNamespace, type Place } from './mounts.ts';

/** Where a process stands in the tree. */
export interface Standpoint {
  readonly mounts: MountNamespace;
  readonly root: Place;
  readonly cwd: Place;
  readonly credentials: Credentials;
}

/** The last component of a path: the directory that holds it, its name, and what is there, if anything. */
export interface Target {
  readonly directory: Place;
  readonly name: string;
  readonly place: Place | null;
  /** The path ended in a slash: only a directory will do. */
  readonly mustBeDirectory: boolean;
}

/** A link that leads straight to a place, as those in /proc/PID do. */
export abstract class MagicLink extends SymbolicLink {
  abstract follow(): Place;
}

const MOST_LINKS = 40;
const LONGEST_NAME = 255;

export class Walker {
  private readonly at: Standpoint;
  private links = 0;

  constructor(at: Standpoint) {
    this.at = at;
  }

  /** The place a path names; ENOENT if there is nothing. */
  find(path: string, { from = this.at.cwd, follow = true } = {}): Place {
    if (path === '') return fail('ENOENT');
    const { place, mustBeDirectory } = this.target(path, { from, follow });
    if (!place) return fail('ENOENT');
    if (mustBeDirectory && !(place.node instanceof Directory)) return fail('ENOTDIR');
    return place;
  }

  /** The last component, which need not exist. */
  target(path: string, { from = this.at.cwd, follow = true } = {}): Target {
    if (path === '') return fail('ENOENT');
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const mustBeDirectory = /\/\.?$/.test(path) || path === '.';
    let now = path.startsWith('/') ? this.at.root : from;
    const last = parts.pop();
    for (const part of parts) now = this.directory(this.step(now, part, true) ?? fail('ENOENT'));
    if (last === undefined)
      return { directory: now, name: '.', place: this.at.mounts.covered(now), mustBeDirectory: true };
    if (last === '..') return { directory: now, name: '..', place: this.up(now), mustBeDirectory: true };
    this.directory(now);
    return this.final(now, last, follow || mustBeDirectory, mustBeDirectory);
  }

  private final(now: Place, last: string, follow: boolean, mustBeDirectory: boolean): Target {
    const place = this.step(now, last, false);
    if (!place || !follow || !(place.node instanceof SymbolicLink))
      return { directory: now, name: last, place, mustBeDirectory };
    this.countLink();
    if (place.node instanceof MagicLink)
      return { directory: now, name: last, place: place.node.follow(), mustBeDirectory };
    const target = this.target(place.node.target, { from: now });
    return { ...target, mustBeDirectory: mustBeDirectory || target.mustBeDirectory };
  }

  private countLink(): void {
    if (++this.links > MOST_LINKS) fail('ELOOP');
  }

  private directory(place: Place): Place {
    if (!(place.node instanceof Directory)) return fail('ENOTDIR');
    return place;
  }

  private up(now: Place): Place {
    return same(now, this.at.root) ? now : this.at.mounts.covered(above(now));
  }

  /** One component further; null if there is nothing. */
  private step(now: Place, name: string, follow: boolean): Place | null {
    const directory = now.node;
    if (!(directory instanceof Directory)) return fail('ENOTDIR');
    if (!permits(this.at.credentials, directory, MAY_EXEC)) return fail('EACCES');
    if (name === '..') return this.up(now);
    if (name.length > LONGEST_NAME) return fail('ENAMETOOLONG');
    const node = directory.find(name);
    if (!node) return null;
    const place = this.at.mounts.covered(placeIn(now, directory, name, node));
    if (!follow || !(place.node instanceof SymbolicLink)) return place;
    this.countLink();
    if (place.node instanceof MagicLink) return place.node.follow();
    return this.find(place.node.target, { from: now });
  }
}

export const placeIn = (now: Place, directory: Directory, name: string, node: Inode): Place =>
  node instanceof Directory
    ? { mount: now.mount, node }
    : { mount: now.mount, node, found: { directory, name } };
