import { expect, test } from 'vitest';
import { inPseudo, pseudo } from './pseudo.ts';

test('a text gets accents and becomes about two fifths longer', () => {
  const text = 'Run until the first trap';
  const long = pseudo(text);
  expect(long).toMatch(/^Rún úntíl thé fírst tráp /);
  expect(long).not.toMatch(/[aeiouy]/);
  expect(long.length / text.length).toBeGreaterThan(1.35);
  expect(pseudo('370, 1964')).toBe('370, 1964');
});

test('of a function only what it prints is changed', () => {
  expect(
    inPseudo(
      'src/site/i18n/en.ts',
      "export const en = { n: (c: string) => (c === 'one' ? 'one' : `${c} ca`) };",
    ),
  ).toBe("export const en = { n: (c: string) => (c === 'one' ? 'ónéñó' : `${c} cáñ`) };");
});
