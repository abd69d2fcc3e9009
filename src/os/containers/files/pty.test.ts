/** Pseudo-terminals: what one end writes the other reads, through the line discipline; and both learn that one is gone. */
import { expect, test } from 'vitest';
import { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { O_RDWR, POLLHUP, POLLIN } from '../abi/modes.ts';
import { Kernel } from '../kernel.ts';
import { MountNamespace } from './mounts.ts';
import { OpenSlave, ptsRoot, type OpenMaster } from './pty.ts';

const pc = new Pc({ memory: 4 << 20 });
const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });

function pair() {
  const directory = ptsRoot();
  const mount = new MountNamespace(1, kernel.rootUsers, { next: 1 }).mount(directory, null, 0, 'devpts');
  const place = { mount, node: directory };
  const opened = (): OpenMaster => directory.open(kernel, 0, place, { uid: 0, gid: 0 });
  const master = opened();
  const terminal = master.pseudo;
  return { directory, master, opened, terminal, slave: () => new OpenSlave(O_RDWR, terminal, place) };
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (read: Uint8Array | null): string | null => read && new TextDecoder().decode(read);

test('a line is read when it is complete, as it was corrected; its echo and what is written come back', () => {
  const { master, slave } = pair();
  const end = slave();
  master.write(bytes('ax\x7f'));
  expect([end.read(9), end.poll() & POLLIN]).toEqual([null, 0]);
  master.write(bytes('b\r'));
  expect(textOf(end.read(9))).toBe('ab\n');
  end.write(bytes('c\n'));
  expect(textOf(master.read(99))).toBe('ax\b \bb\r\nc\r\n');
  expect(master.read(9)).toBeNull();
});

test('a program that writes more than its master reads has to wait, and loses nothing', () => {
  const { master, slave } = pair();
  const end = slave();
  expect([end.write(new Uint8Array(70_000)), end.write(bytes('x'))]).toEqual([65536, null]);
  master.read(10);
  expect(end.write(new Uint8Array(70_000))).toBe(10);
});

test('without anybody at the other end a master fails and a terminal ends; before the first it waits', () => {
  const { directory, master, slave, opened } = pair();
  expect([master.read(1), master.poll() & POLLHUP]).toEqual([null, 0]);
  const end = slave();
  end.write(bytes('last'));
  end.closed();
  expect(textOf(master.read(9))).toBe('last');
  expect(() => master.read(9)).toThrow('EIO');
  const again = slave();
  expect([...directory.entries()].map(([name]) => name)).toEqual(['ptmx', '0']);
  master.closed();
  expect([textOf(again.read(9)), again.poll() & POLLHUP]).toEqual(['', POLLHUP]);
  expect(() => again.write(bytes('x'))).toThrow('EIO');
  expect(directory.find('0')).toBeNull();
  expect(opened().pseudo.number).toBe(0);
});
