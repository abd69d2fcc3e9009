import { join } from 'node:path';
import { expect, test } from 'vitest';
import { at } from '../build/paths.mjs';
import { file, folder, strata } from './testing.ts';

const KERNEL = at('labs/+shared/pc/built/varve.elf');
const TARGET = join(folder, 'varve.img');

test('disk writes a disk from which Varve runs a program of the host', async () => {
  const note = file('from the host\n');
  const made = await strata('disk', TARGET, '--file', `${note}=/etc/note`, '--kilobytes', '2048');
  expect(made).toEqual({ status: 0, out: `${TARGET}: 2048 KB\n`, err: '' });
  const append = 'console=serial init=/bin/cat /etc/note';
  const { out } = await strata(
    ...['run', '--machine', 'pc', '--kernel', KERNEL, '--disk', TARGET, '--append', append, '--json'],
  );
  expect((JSON.parse(out) as { serial: string }).serial).toContain('from the host\r\n');
});

test.each([
  [['--kilobytes', '6'], '--kilobytes 6: a multiple of 4'],
  [['--kilobytes', '64'], 'a disk of 64 KB is too small for its files'],
  [['--file', 'x'], '--file x: HOST=/PATH is needed'],
  [['--file', `${TARGET}=/bin/sh`], '/bin/sh is there twice'],
])('disk %j is refused', async (options, complaint) => {
  const { status, err } = await strata('disk', TARGET, ...options);
  expect(status).toBe(2);
  expect(err).toContain(complaint);
});
