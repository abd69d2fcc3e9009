import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignmentFragment, assignmentId, readAssignmentText, readFragment } from './link.ts';
import { assignment } from './testing.ts';

const fragment = assignmentFragment(assignment);

test('an assignment comes back from its link as it was', () => {
  expect(readFragment(fragment)).toEqual({ kind: 'ok', assignment });
  expect(readAssignmentText(` https://example.org/en/assignment/${fragment}\n`)).toEqual({
    kind: 'ok',
    assignment,
  });
  expect(readAssignmentText(JSON.stringify(assignment))).toEqual({ kind: 'ok', assignment });
});

test('a link of which a character is missing or changed is damaged', () => {
  const data = fragment.indexOf('.') + 1;
  fc.assert(
    fc.property(fc.integer({ min: data, max: fragment.length - 1 }), (at) => {
      const changed = fragment[at] === 'A' ? 'B' : 'A';
      expect(readFragment(fragment.slice(0, at)).kind).toBe('damaged');
      expect(readFragment(fragment.slice(0, at) + changed + fragment.slice(at + 1)).kind).toBe('damaged');
    }),
    { numRuns: 200 },
  );
});

test('a link of a later edition says so, whatever it holds', () => {
  expect(readFragment('#a=2.whatever')).toEqual({ kind: 'too-new', version: 2 });
  expect(readAssignmentText('{"version":7}')).toEqual({ kind: 'too-new', version: 7 });
});

test('no assignment, and what is none, are told apart', () => {
  expect(readFragment('').kind).toBe('none');
  expect(readFragment('#s=abc').kind).toBe('none');
  expect(readAssignmentText('{"version":1,"title":3}')).toMatchObject({ kind: 'invalid' });
  expect(readAssignmentText('hello').kind).toBe('damaged');
});

test('assignments have the same id when they are the same, however their keys are ordered', () => {
  const reordered = Object.fromEntries(Object.entries(assignment).reverse()) as typeof assignment;
  expect(assignmentId(reordered)).toBe(assignmentId(assignment));
  expect(assignmentId({ ...assignment, courseKey: 'os-2027' })).not.toBe(assignmentId(assignment));
});
