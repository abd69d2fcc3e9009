// What the command says that binary translation makes of a program, and of what it cannot translate.
import { expect, test } from 'vitest';
import type { UnitView } from '../worlds/pc/translation-view.ts';
import { file, strata } from './testing.ts';

const SOURCE = 'org 0x8000\ncli\nadd eax, ebx\nin al, 0x20\nl: jmp l\n';

test('prints each instruction with its treatment and the code that stands for it', async () => {
  const { status, out } = await strata('translate', file(SOURCE));
  expect(status).toBe(0);
  expect(out).toMatch(/unit at 00008000, instructions: 3\n/);
  expect(out).toMatch(/00008000 +cli +inline +mov dword \[gs:0xFFC00000\], 0x0\n/);
  expect(out).toMatch(/00008001 +add eax, ebx +identical +add eax, ebx\n/);
  expect(out).toMatch(/00008003 +in al, 0x20 +call-out +int 0xF0\n/);
  expect(out).toMatch(/unit at 00008005, instructions: 1, leads to 00008005\n/);
});

test('prints the units as JSON', async () => {
  const { out } = await strata('translate', file(SOURCE), '--json');
  const units = JSON.parse(out) as UnitView[];
  expect(units.map(({ guest }) => guest.map(({ treatment }) => treatment))).toEqual([
    ['inline', 'identical', 'call-out'],
    ['control'],
  ]);
});

test('says what is wrong with code that does not assemble or lies too high', async () => {
  const bad = await strata('translate', file('mov eax\n'));
  expect([bad.status, bad.err]).toEqual([1, expect.stringMatching(/1:/)]);
  const high = await strata('translate', file('org 0x100000\ncli\n'));
  expect([high.status, high.err]).toEqual([1, expect.stringMatching(/below 1M/)]);
});
