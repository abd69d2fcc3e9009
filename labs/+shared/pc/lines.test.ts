import { expect, test } from 'vitest';
import { lineTableOf, sourceText } from './lines.ts';
import { boot, runUntil } from './testing.ts';

async function textAt(image: string, address: number): Promise<string> {
  const place = (await lineTableOf(image)).at(address)!;
  return (await sourceText(place.file)).split('\n')[place.line - 1]!;
}

test.each([
  ['varve', 'schedule', 'void schedule(void) {'],
  ['varve', 'switch_stacks', '        mov     4(%esp), %eax'],
  ['selftest', 'test_pipes', 'void test_pipes(void) {'],
])('in %s, %s begins at its line', async (image, name, line) => {
  const table = await lineTableOf(image);
  const address = table.addressOf(name)!;
  expect(table.at(address)!.function).toBe(name);
  expect(await textAt(image, address)).toBe(line);
});

test('the kernel that waits for keys stands at the HLT of instructions.h', async () => {
  const pc = boot({ append: '' });
  runUntil(pc, '\n$ ');
  while (!pc.cpu.halted) pc.step();
  const place = (await lineTableOf('varve')).at(pc.cpu.eip - 1)!;
  expect(place).toMatchObject({ file: 'bare/instructions.h', function: 'kernel_main' });
  expect(await textAt('varve', pc.cpu.eip - 1)).toContain('hlt');
});

test('addresses outside have no line, and every row names a line that is there', async () => {
  const table = await lineTableOf('varve');
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
    const length = lengths.get(place.file) ?? (await sourceText(place.file)).split('\n').length;
    lengths.set(place.file, length);
    expect(place.line).toBeLessThanOrEqual(length);
  }
  expect(lengths.size).toBeGreaterThan(15);
});
