import { expect, test } from 'vitest';
import type { View } from '../../../src/protocol/frame.ts';
import { lineTableOf, sourceText } from './lines.ts';
import { boot, runUntil } from './testing.ts';
import { varveWorld } from './varve-world.ts';

const CODE: View = {
  ...{ parts: ['code'], subject: '', storageAt: 0, storageLength: 0, walk: null },
  ...{ strataWindow: null, strataCycles: 0, strataGrain: 0, events: 0 },
};

function textAt(image: string, address: number): string {
  const place = lineTableOf(image).at(address)!;
  return sourceText(place.file).split('\n')[place.line - 1]!;
}

test.each([
  ['varve', 'schedule', 'void schedule(void) {'],
  ['varve', 'switch_stacks', '        mov     4(%esp), %eax'],
  ['selftest', 'test_pipes', 'void test_pipes(void) {'],
])('in %s, %s begins at its line', (image, name, line) => {
  const table = lineTableOf(image);
  const address = table.addressOf(name)!;
  expect(table.at(address)!.function).toBe(name);
  expect(textAt(image, address)).toBe(line);
});

test('the kernel that waits for keys stands at the HLT of instructions.h', () => {
  const pc = boot({ append: '' });
  runUntil(pc, '\n$ ');
  while (!pc.cpu.halted) pc.step();
  const place = lineTableOf('varve').at(pc.cpu.eip - 1)!;
  expect(place).toMatchObject({ file: 'bare/instructions.h', function: 'kernel_main' });
  expect(textAt('varve', pc.cpu.eip - 1)).toContain('hlt');
});

test('addresses outside have no line, and every row names a line that is there', () => {
  const table = lineTableOf('varve');
  expect(table.at(0)).toBeNull();
  expect(table.at(0xffffffff)).toBeNull();
  const lengths = new Map<string, number>();
  for (
    let address = table.addressOf('kernel_main')!;
    address < table.addressOf('kernel_main')! + 40_000;
    address += 16
  ) {
    const place = table.at(address);
    if (!place) continue;
    const length = lengths.get(place.file) ?? sourceText(place.file).split('\n').length;
    lengths.set(place.file, length);
    expect(place.line).toBeLessThanOrEqual(length);
  }
  expect(lengths.size).toBeGreaterThan(15);
});

test('a machine that runs Varve shows its C, and that of the program among all at the same addresses', async () => {
  const world = varveWorld('syscall');
  const linesShown = () =>
    world.parts(CODE).code!.lines.flatMap(({ source }) => (source ? [`${source.file}: ${source.text}`] : []));
  expect(world.sourceLine).toBeNull();
  await world.prepare();
  // The header before the entry point is no code.
  expect(world.sourceLine).toMatch(/^bare\/boot\.S:/);
  expect(linesShown()[0]).toBe('bare/boot.S:         cld');
  while (world.machine.cpu.cpl !== 3) world.run(100_000);
  while (world.sourceLine?.startsWith('programs/syscall.c') !== true) world.step();
  expect(linesShown().some((line) => line.startsWith('programs/syscall.c: '))).toBe(true);
});
