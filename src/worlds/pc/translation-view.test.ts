import { expect, test } from 'vitest';
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import { DEFAULT_MODEL } from '../../machines/pc/models.ts';
import { translatedSnippet } from './translation-view.ts';

const snippet = (source: string): ReturnType<typeof translatedSnippet> => {
  const assembly = assembleIa32(source, { file: 'snippet' });
  return translatedSnippet(DEFAULT_MODEL, assembly.segments[0]!.bytes);
};

test('a snippet is shown with what stands for each of its instructions', () => {
  const [unit] = snippet('org 0x10000\ncli\nadd eax, ebx\npushfd\nin al, 0x20');
  expect(unit!.guest.map(({ text, treatment }) => [text, treatment])).toEqual([
    ['cli', 'inline'],
    ['add eax, ebx', 'identical'],
    ['pushf', 'inline'],
    ['in al, 0x20', 'call-out'],
  ]);
  const standsFor = (k: number): string[] =>
    unit!.code.slice(unit!.guest[k]!.from, unit!.guest[k]!.to).map(({ text }) => text);
  expect(standsFor(0)).toEqual(['mov dword [gs:0xFFC00000], 0x0']);
  expect(standsFor(1)).toEqual(['add eax, ebx']);
  expect(standsFor(2)).toHaveLength(9);
  expect(standsFor(3)).toEqual(['int 0xF0']);
});

test('a snippet with branches falls into units, each with the ways out of it', () => {
  const units = snippet('org 0x10000\nl: dec ecx\njnz l\nret');
  expect(units.map(({ guest }) => guest.length)).toEqual([2, 1]);
  expect(units[0]!.exits.map(({ target }) => target)).toEqual([0x10003, 0x10000]);
});
