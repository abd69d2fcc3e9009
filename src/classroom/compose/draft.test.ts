import { expect, test } from 'vitest';
import { EMPTY_DRAFT } from '../format/assignment.ts';
import { assignment } from '../format/testing.ts';
import { composed, isTooLong, moved, startFrom, withChapter, withExercise, withStart } from './draft.ts';

test('a draft becomes an assignment when nothing is lacking', () => {
  expect(composed(EMPTY_DRAFT)).toEqual({
    lacks: ['title', 'exercises', 'courseKey'],
    assignment: null,
  });
  expect(composed({ ...EMPTY_DRAFT, seeds: { kind: 'free' } }).lacks).not.toContain('courseKey');
  expect(composed(assignment)).toEqual({ lacks: [], assignment });
});

test('exercises are done in the order in which they were put', () => {
  const names = ['10-a/01-x', '10-a/02-y', '10-a/03-z'];
  const all = names.reduce((draft, name) => withExercise(draft, name, true), EMPTY_DRAFT);
  expect(all.exercises).toEqual(names);
  expect(moved(all, names[2]!, -1).exercises).toEqual([names[0], names[2], names[1]]);
  expect(moved(all, names[0]!, -1).exercises).toEqual(names);
  expect(withExercise(all, names[1]!, false).exercises).toEqual([names[0], names[2]]);
});

test('a chapter’s start is the state of a shared address', () => {
  const draft = withChapter(EMPTY_DRAFT, '10-vm370', true);
  const start = startFrom('https://example.org/en/vm370/#s=abc_-1 ');
  expect(withStart(draft, '10-vm370', start).chapters).toEqual([{ folder: '10-vm370', start: '#s=abc_-1' }]);
  expect(startFrom('https://example.org/en/vm370/')).toBe('');
});

test('instructions that no address can carry are seen', () => {
  const words = Array.from({ length: 9000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000)));
  expect(isTooLong(assignment)).toBe(false);
  expect(isTooLong({ ...assignment, instructions: words.join('') })).toBe(true);
});
