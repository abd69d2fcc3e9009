/** Files in memory give back what they took when their last name and their last user are gone, and not before. */
import { expect, test } from 'vitest';
import { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { O_RDWR } from '../abi/modes.ts';
import { nameless } from '../calls/memory.ts';
import { Kernel } from '../kernel.ts';
import { AddressSpace } from '../memory/address-space.ts';
import { PROT_READ, PROT_WRITE } from '../memory/regions.ts';
import { FileTable } from '../process/file-table.ts';
import { Directory, RegularFile } from './inode.ts';
import { MountNamespace } from './mounts.ts';
import { OpenRegular } from './open-file.ts';
import { truncate } from './opening.ts';
import { OverlayFileSystem } from './overlay.ts';
import { MemoryFileSystem } from './tmpfs.ts';

function machine() {
  const pc = new Pc({ memory: 8 << 20 });
  const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });
  const system = new MemoryFileSystem(1, { limit: 1 << 20, inodes: 4 });
  return { kernel, system, group: kernel.rootGroup.child('one') };
}
function fileIn(directory: Directory, name: string, size: number): RegularFile {
  const file = directory.create(name, { kind: 'file', mode: 0o644 });
  if (!(file instanceof RegularFile)) throw new Error('no file');
  file.write(0, new Uint8Array(size).fill(7));
  return file;
}
function opened(kernel: Kernel, file: RegularFile): OpenRegular {
  const mount = new MountNamespace(1, kernel.rootUsers, { next: 1 }).mount(file, null, 0, 'tmpfs');
  return new OpenRegular(O_RDWR, { mount, node: file }, file, kernel.cache, kernel.clock);
}
const SHARED = { protection: PROT_READ | PROT_WRITE, shared: true, offset: 0, grows: false, name: '' };

test('an open file outlives its names, and is gone with its last descriptor', () => {
  const { kernel, system } = machine();
  const file = fileIn(system.root, 'a', 5000);
  const [table, open] = [new FileTable(), opened(kernel, file)];
  const descriptors = [table.add(open), table.add(open)];
  system.root.link('b', file);
  for (const name of ['a', 'b']) system.root.remove(name);
  table.close(descriptors[0]!);
  expect([system.used, open.readAt(4999, 9)[0]]).toEqual([5000, 7]);
  table.close(descriptors[1]!);
  expect([system.used, file.size]).toEqual([0, 0]);
});

test('a file that finds no free descriptor is let go again', () => {
  const { kernel, system } = machine();
  const file = fileIn(system.root, 'a', 10);
  const table = new FileTable();
  table.limit = 0;
  expect(() => table.add(opened(kernel, file))).toThrow('EMFILE');
  system.root.remove('a');
  expect(system.used).toBe(0);
});

test('what is mapped stays for every space that maps it, copies included, and its pages go with the last', () => {
  const { kernel, system, group } = machine();
  const file = fileIn(system.root, 'a', 3 * 4096);
  const free = kernel.frames.available;
  const space = new AddressSpace(kernel, group);
  const at = space.map({ ...SHARED, file }, 0, 3 * 4096);
  for (const page of [0, 1, 2]) expect(space.touch(at + page * 4096, true)).toBeNull();
  const child = space.fork(group);
  system.root.remove('a');
  space.unmap(at, at + 2 * 4096);
  space.release();
  expect([system.used, group.pages]).toEqual([3 * 4096, 3]);
  child.release();
  expect([system.used, group.pages, kernel.frames.available]).toEqual([0, 0, free]);
});

test('shared memory without a name is nobody’s once it is unmapped', () => {
  const { kernel, group } = machine();
  const space = new AddressSpace(kernel, group);
  const at = space.map({ ...SHARED, file: nameless(4096) }, 0, 4096);
  expect([space.touch(at, true), group.pages]).toEqual([null, 1]);
  space.unmap(at, at + 4096);
  expect(group.pages).toBe(0);
});

test('a file that is cut gives back the pages beyond its end that nobody maps', () => {
  const { kernel, system, group } = machine();
  const file = fileIn(system.root, 'a', 2 * 4096);
  const space = new AddressSpace(kernel, group);
  const at = space.map({ ...SHARED, file }, 0, 2 * 4096);
  for (const page of [0, 1]) space.touch(at + page * 4096, true);
  space.unmap(at + 4096, at + 2 * 4096);
  truncate(kernel, file, 0);
  expect([system.used, group.pages]).toEqual([0, 1]);
});

test('through an overlay the same holds, and copying up lets the layer’s own file go', () => {
  const { kernel, system } = machine();
  const [lower, upper] = ['lower', 'upper'].map((name) => {
    const made = system.root.create(name, { kind: 'directory', mode: 0o755 });
    return made instanceof Directory ? made : system.root;
  }) as [Directory, Directory];
  fileIn(lower, 'a', 100);
  const { root } = new OverlayFileSystem(kernel, { upper, lowers: [lower], options: '' });
  const shown = root.find('a');
  if (!(shown instanceof RegularFile)) throw new Error('no file');
  const open = opened(kernel, shown);
  shown.prepareToWrite();
  expect(system.used).toBe(200);
  lower.remove('a');
  expect(system.used).toBe(100);
  open.closed();
  upper.remove('a');
  expect(system.used).toBe(0);
});

test('entries count until they are removed: the place of one is another’s afterwards', () => {
  const { system } = machine();
  for (const name of ['a', 'b', 'c', 'd']) fileIn(system.root, name, 1);
  expect(() => fileIn(system.root, 'e', 1)).toThrow('ENOSPC');
  system.root.remove('b');
  expect(fileIn(system.root, 'e', 1).size).toBe(1);
});
