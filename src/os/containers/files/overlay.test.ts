/** An overlay behaves as one file system would that has everything its layers show; and its lower layers never change. */
import { expect, test } from 'vitest';
import { seededRandom, type Random } from '../../../base/random.ts';
import { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { Failure } from '../abi/errno.ts';
import { S_IFCHR } from '../abi/modes.ts';
import { Kernel } from '../kernel.ts';
import { Directory, RegularFile, Special, SymbolicLink, type Inode } from './inode.ts';
import { isOpaque, isWhiteout, OverlayFileSystem } from './overlay.ts';
import { MemoryFileSystem } from './tmpfs.ts';

const pc = new Pc({ memory: 4 << 20 });
const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });

type Tree = { readonly [name: string]: Tree | string };

function fileOf(node: Inode | null): RegularFile {
  if (!(node instanceof RegularFile)) throw new Error('no file');
  return node;
}
function directoryOf(node: Inode | null): Directory {
  if (!(node instanceof Directory)) throw new Error('no directory');
  return node;
}

function filled(tree: Tree, into: Directory = new MemoryFileSystem(1).root): Directory {
  for (const [name, what] of Object.entries(tree)) {
    if (typeof what !== 'string')
      filled(what, directoryOf(into.create(name, { kind: 'directory', mode: 0o755 })));
    else if (what === '-') into.create(name, { kind: 'special', mode: S_IFCHR, rdev: 0 });
    else fileOf(into.create(name, { kind: 'file', mode: 0o644 })).write(0, new TextEncoder().encode(what));
  }
  return into;
}

/** What a directory holds, whiteouts as they stand; attributes that an overlay passes on with it. */
function shape(node: Inode): unknown {
  if (node instanceof Directory) {
    const entries = [...node.entries()].map(([name, child]) => [name, shape(child)] as const);
    return { mode: node.mode, entries: Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  }
  if (node instanceof SymbolicLink) return `-> ${node.target}`;
  if (node instanceof Special) return `${node.mode} ${node.rdev}`;
  return `${node.mode} ${new TextDecoder().decode(fileOf(node).read(0, node.size))}`;
}
const names = (node: Inode | null): string[] =>
  node instanceof Directory ? [...node.entries()].map(([name]) => name).toSorted() : [];

function overlay(upper: Tree, ...lowers: readonly Tree[]) {
  const layers = { upper: filled(upper), lowers: lowers.map((tree) => filled(tree)), options: '' };
  return { ...layers, system: new OverlayFileSystem(kernel, layers) };
}

test('the topmost layer that has a name shows it, directories are merged, and whiteouts hide what is below', () => {
  const { system } = overlay(
    { a: 'upper', gone: '-' },
    { a: 'one', d: { x: 'x' }, old: '-' },
    { d: { y: 'y' }, old: 'o', gone: 'g' },
  );
  expect(names(system.root)).toEqual(['a', 'd']);
  expect(names(system.root.find('d'))).toEqual(['x', 'y']);
  expect(fileOf(system.root.find('a')).read(0, 9)).toEqual(new TextEncoder().encode('upper'));
});

test('a file is copied up when it is opened for writing, with its owner and the directories that lead to it', () => {
  const { system, upper, lowers } = overlay({}, { etc: { conf: { file: 'as it was' } } });
  const before = JSON.stringify(shape(lowers[0]!));
  const find = (root: Directory, ...path: readonly string[]): Inode | null =>
    path.reduce<Inode | null>((now, name) => (now instanceof Directory ? now.find(name) : null), root);
  const low = find(lowers[0]!, 'etc', 'conf', 'file')!;
  [low.uid, low.gid] = [7, 8];
  const file = fileOf(find(system.root, 'etc', 'conf', 'file'));
  expect(file.backing).toBe(low);
  expect(names(upper)).toEqual([]);
  file.prepareToWrite();
  file.write(0, new TextEncoder().encode('AS'));
  expect(system.copied).toEqual({ files: 1, bytes: 9 });
  const copy = find(upper, 'etc', 'conf', 'file')!;
  expect([copy.uid, copy.gid, find(system.root, 'etc', 'conf', 'file')]).toEqual([7, 8, file]);
  expect(shape(copy)).toContain('AS it was');
  expect(JSON.stringify(shape(lowers[0]!))).toBe(before);
});

test('what is removed leaves a whiteout where a lower layer has it, and a directory made in its place is opaque', () => {
  const { system, upper } = overlay({ own: 'o' }, { d: { x: 'x' } });
  directoryOf(system.root.find('d')).remove('x');
  system.root.remove('d');
  system.root.remove('own');
  expect(isWhiteout(upper.find('d')!)).toBe(true);
  expect(upper.find('own')).toBeNull();
  const again = system.root.create('d', { kind: 'directory', mode: 0o755 });
  expect(names(again)).toEqual([]);
  expect(isOpaque(upper.find('d')!)).toBe(true);
  expect(again.extended.size).toBe(0);
});

test('without an upper layer nothing changes', () => {
  const system = new OverlayFileSystem(kernel, { lowers: [filled({ a: 'a' })], upper: null, options: '' });
  expect(() => system.root.create('b', { kind: 'file', mode: 0o644 })).toThrow('EROFS');
  expect(() => system.root.remove('a')).toThrow('EROFS');
  expect(() => fileOf(system.root.find('a')).prepareToWrite()).toThrow('EROFS');
});

const LAYERS: readonly Tree[] = [
  { a: '-', d: { p: 'p1', e: { f: 'f1' } }, g: 'g1' },
  { a: 'a2', d: { q: 'q2', p: '-' }, h: { i: 'i2' } },
  { d: { r: 'r3', e: { k: 'k3' } }, g: { hidden: 'x' }, m: 'm3' },
];
/** What these show. */
const MERGED: Tree = {
  d: { p: 'p1', q: 'q2', r: 'r3', e: { f: 'f1', k: 'k3' } },
  g: 'g1',
  h: { i: 'i2' },
  m: 'm3',
};
const NAMES = ['a', 'd', 'e', 'f', 'g', 'h', 'i', 'm', 'p', 'q'];

/** A change drawn by chance, made in one tree; the name of its failure, or ''. */
function change(random: Random, root: Directory): string {
  const name = (): string => NAMES[random.below(NAMES.length)]!;
  const directory = (): Directory => {
    let now = root;
    for (let depth = random.below(3); depth > 0; depth--) {
      const next = now.find(name());
      if (next instanceof Directory) now = next;
    }
    return now;
  };
  const [kind, from, to, [one, two]] = [random.below(8), directory(), directory(), [name(), name()]];
  const node = from.find(one);
  try {
    if (kind === 0) from.create(one, { kind: 'file', mode: 0o600 });
    else if (kind === 1) from.create(one, { kind: 'directory', mode: 0o700 });
    else if (kind === 2) from.remove(one);
    else if (kind === 3 || kind === 4) from.rename(one, to, two);
    else if (kind === 5 && node && !(node instanceof Directory)) to.link(two, node);
    else if (kind === 6) node?.setAttributes({ mode: 0o640 });
    else if (node instanceof RegularFile) {
      node.prepareToWrite();
      node.write(node.size, new TextEncoder().encode(one));
    }
    return '';
  } catch (failure) {
    if (failure instanceof Failure) return failure.message;
    throw failure;
  }
}

test('random changes leave what they leave in a plain file system; only directories of lower layers do not move', () => {
  let [refused, made] = [0, 0];
  for (let seed = 1; seed <= 80; seed++) {
    const { system, lowers } = overlay({}, ...LAYERS);
    const before = JSON.stringify(lowers.map(shape));
    const plain = filled(MERGED);
    expect(shape(system.root)).toEqual(shape(plain));
    for (let k = 0; k < 30; k++) {
      const at = seed * 1000 + k;
      const ours = change(seededRandom(at), system.root);
      if (ours === 'EXDEV') {
        refused++;
        continue;
      }
      if (ours === '') made++;
      expect(`${at}: ${change(seededRandom(at), plain)}`).toBe(`${at}: ${ours}`);
      expect(JSON.stringify(shape(system.root))).toBe(JSON.stringify(shape(plain)));
    }
    expect(JSON.stringify(lowers.map(shape))).toBe(before);
  }
  expect(made).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(0);
});
