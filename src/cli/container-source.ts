/** Where the files of a container come from: an image, a directory, or an archive. */
import { readdirSync, readFileSync, readlinkSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from '../os/containers/files/inode.ts';
import { overlayRoot } from '../os/containers/files/overlay-root.ts';
import { MemoryFileSystem } from '../os/containers/files/tmpfs.ts';
import type { Kernel } from '../os/containers/kernel.ts';
import { finish, plain } from '../os/containers/oci/gunzip.ts';
import { misfit, readImage, type Image, type ImageConfiguration } from '../os/containers/oci/image.ts';
import { storeLayers } from '../os/containers/oci/store.ts';
import { readTar, type ArchiveEntry } from '../os/containers/oci/tar.ts';
import { unpack } from '../os/containers/oci/unpack.ts';
import { readBytes, reasonOf } from './arguments.ts';
import { BadArguments, RunFailed } from './failure.ts';

/** What an archive of a root file system may unpack to. */
const MOST_BYTES = 1 << 30;

export interface Source extends Omit<ImageConfiguration, 'architecture' | 'os'> {
  /** Its root directory on this kernel. */
  readonly root: (kernel: Kernel) => Directory;
}

/** Where a container's files come from, and what its image says about it. */
export function sourceOf(image: string | undefined, rootfs: string | undefined): Source {
  if ((image === undefined) === (rootfs === undefined))
    throw new BadArguments('container run: either --image FILE or --rootfs DIR|TAR is needed');
  if (rootfs !== undefined) {
    const { root } = rootFrom(rootfs);
    return { root: () => root, entrypoint: [], command: [], environment: [], directory: '/' };
  }
  const read = imageFrom(image!);
  const host = new MemoryFileSystem(1);
  const layers = misfit(read.configuration) ?? storeLayers(host.root, read);
  if (typeof layers === 'string') throw new RunFailed(`${image!}: ${layers}`);
  return {
    ...read.configuration,
    root: (kernel) => overlayRoot(kernel, host.root, layers, 'container').root,
  };
}

export function imageFrom(path: string): Image {
  const image = readImage(readBytes(path));
  if (typeof image === 'string') throw new RunFailed(`${path}: ${image}`);
  return image;
}

function rootFrom(path: string): MemoryFileSystem {
  const root = new MemoryFileSystem(1);
  const entries = isFolder(path) ? [...folderEntries(path, '')] : archiveEntries(path);
  const complaint = typeof entries === 'string' ? entries : unpack(root.root, entries);
  if (complaint !== null) throw new RunFailed(`${path}: ${complaint}`);
  return root;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch (error) {
    throw new BadArguments(`${path}: ${reasonOf(error)}`);
  }
}

function archiveEntries(path: string): ArchiveEntry[] | string {
  const archive = finish(plain(readBytes(path), MOST_BYTES));
  return typeof archive === 'string' ? archive : readTar(archive);
}

function* folderEntries(folder: string, inside: string): Generator<ArchiveEntry> {
  for (const name of readdirSync(folder)) {
    const [path, here] = [`${inside}/${name}`, join(folder, name)];
    const { mode, mtimeMs, ...kind } = statsOf(here);
    const common = { path, mode: mode & 0o7777, uid: 0, gid: 0, seconds: Math.floor(mtimeMs / 1000) };
    const none = { target: '', bytes: new Uint8Array() };
    if (kind.link) yield { ...common, ...none, kind: 'link', target: readlinkSync(here) };
    else if (kind.folder) {
      yield { ...common, ...none, kind: 'directory' };
      yield* folderEntries(here, path);
    } else if (kind.file) yield { ...common, ...none, kind: 'file', bytes: readFileSync(here) };
  }
}

function statsOf(path: string) {
  const stats = lstatSync(path);
  const { mode, mtimeMs } = stats;
  return { mode, mtimeMs, link: stats.isSymbolicLink(), folder: stats.isDirectory(), file: stats.isFile() };
}
