// What counts as a text to translate, and that a change of it shows.
import { expect, test } from 'vitest';
import { changes, sectionsIn, textsIn, twinOf } from './translations.mjs';

const paths = (file: string, code: string) => textsIn(file, code).map(({ path, text }) => [path, text]);

test('a dictionary with a twin has a text for every value, functions included', () => {
  expect(
    paths(
      'src/site/i18n/en.ts',
      "export const en = { a: { b: 'x' }, 'c-d': (n: string) => `${n} y`, n: 3, ...rest } satisfies T;",
    ),
  ).toEqual([
    ['en.a.b', "'x'"],
    ['en.c-d', '(n: string) => `${n} y`'],
  ]);
});

test('languages side by side are found wherever they stand', () => {
  expect(paths('src/none.ts', "export const words = { title: { en: 'x', ja: 'y' } };")).toEqual([
    ['words.title', "'x'"],
  ]);
  expect(paths('src/none.ts', "const en: T = { a: 'x' };\nconst ja: T = { a: 'y' };")).toEqual([
    ['a', "'x'"],
  ]);
});

test('names that only begin with a language are no languages', () => {
  expect(paths('src/none.ts', "const ends = { end: 'x', enter: 'y' };")).toEqual([]);
  expect(twinOf('src/worker/engine.ts', 'ja')).toBeUndefined();
  expect(twinOf('labs/10-vm370/chapter.en.md', 'ja')).toBe('labs/10-vm370/chapter.ja.md');
  expect(twinOf('src/ui/i18n/en-panels.ts', 'ja')).toBe('src/ui/i18n/ja-panels.ts');
});

test('a chapter is translated section by section', () => {
  expect(sectionsIn('---\na: b\n---\n\nx\n\n## One\n\ny\n').map(({ path }) => path)).toEqual([
    'beginning',
    'One',
  ]);
});

test('a text that changed is stale, and one that is new is not noted yet', () => {
  const before = { 'en.ts': { a: '1', b: '2' } };
  expect(changes(before, { 'en.ts': { a: '1', b: '3', c: '4' } })).toEqual({
    stale: ['en.ts b'],
    unknown: ['en.ts c'],
  });
});
