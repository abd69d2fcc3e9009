import { expect, test } from 'vitest';
import { handInName, handInText } from './hand-in.ts';
import { readHandIn } from './read-hand-in.ts';
import { handIn } from './testing.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (value: unknown) => readHandIn(bytesOf(JSON.stringify(value)));
const whole = handInText({ ...handIn, student: '森 葵' });

test('a hand-in comes back from its file as it was', () => {
  expect(readHandIn(bytesOf(whole))).toEqual({ kind: 'ok', handIn: { ...handIn, student: '森 葵' } });
});

test('a file cut anywhere is truncated', () => {
  const bytes = bytesOf(whole);
  for (let length = 1; length < bytes.length - 2; length += 7)
    expect(readHandIn(bytes.subarray(0, length))).toEqual({ kind: 'truncated' });
});

test('a later format says which', () => {
  expect(read({ ...handIn, version: 3, extra: [] })).toEqual({ kind: 'too-new', version: 3 });
});

const [work] = handIn.work;
const withRecording = (change: object) => ({
  ...handIn,
  work: [
    {
      ...work!,
      attempt: {
        ...work!.attempt,
        recording: {
          version: 1,
          lab: '10-vm370',
          setup: { workload: 'svc', technique: 'cp', source: null, constants: {}, seed: 1 },
          inputs: [],
          clock: 10,
          ...change,
        },
      },
    },
  ],
});

test('a recording in a hand-in is read', () => {
  expect(read(withRecording({ inputs: [{ at: 3, input: { kind: 'restart' } }] })).kind).toBe('ok');
});

test.each<[string, unknown]>([
  ['another JSON file', { hello: 1 }],
  ['an array', []],
  ['no student', { ...handIn, student: ' ' }],
  ['a key that it should not have', { ...handIn, onload: 'alert(1)' }],
  ['a prototype', JSON.parse(`{"__proto__":{"a":1},${JSON.stringify(handIn).slice(1)}`)],
  ['a path for an exercise', { ...handIn, work: [{ ...work, exercise: '../../etc/passwd' }] }],
  [
    'a number for an answer',
    { ...handIn, work: [{ ...work, attempt: { ...work!.attempt, answers: { a: 1 } } }] },
  ],
  [
    'a key of an answer out of order',
    { ...handIn, work: [{ ...work, attempt: { ...work!.attempt, answers: { 'a b': '' } } }] },
  ],
  ['a clock before the beginning', withRecording({ clock: -1 })],
  ['a clock that is no whole number', withRecording({ clock: 1e300 })],
  ['an unknown input', withRecording({ inputs: [{ at: 1, input: { kind: 'eval', code: '1' } }] })],
  [
    'inputs out of order',
    withRecording({
      inputs: [
        { at: 2, input: { kind: 'restart' } },
        { at: 1, input: { kind: 'restart' } },
      ],
    }),
  ],
  [
    'a cost below nothing',
    withRecording({
      setup: { workload: 'svc', technique: 'cp', source: null, constants: { branch: -1 }, seed: 1 },
    }),
  ],
])('%s is refused, with the place', (_, value) => {
  const found = read(value);
  expect(found.kind).toBe('malformed');
  if (found.kind === 'malformed') expect(found.where).not.toBe('');
});

test('what is too deep, too large or no text at all is refused without being parsed', () => {
  expect(readHandIn(bytesOf('['.repeat(1_000_000)))).toMatchObject({ kind: 'malformed' });
  expect(readHandIn(new Uint8Array(8_000_001))).toMatchObject({ kind: 'malformed' });
  expect(readHandIn(new Uint8Array([0xff, 0xfe, 0x00]))).toMatchObject({ kind: 'malformed' });
  expect(readHandIn(new Uint8Array())).toMatchObject({ kind: 'malformed' });
});

test('the name of the file is made of letters, digits and dashes', () => {
  expect(handInName({ ...handIn, student: '../森/葵 <b>' })).toBe(
    '森-葵-b-Week-3-trap-and-emulate.strata.json',
  );
});
