import { expect, test } from 'vitest';
import { Digest } from './digest.ts';

const digest = (value: unknown): string => new Digest().add(value).hexadecimal;

test('equal data have equal digests, however they were made', () => {
  const value = { clock: 5, bytes: Uint8Array.of(1, 2, 3, 4, 5), deep: [{ a: null }, 'x', 7n] };
  expect(digest(structuredClone(value))).toBe(digest(value));
  expect(digest(new Uint8Array([0, 1, 2, 3, 4, 5]).subarray(1))).toBe(digest(Uint8Array.of(1, 2, 3, 4, 5)));
});

test('a digest differs by a single bit, and by where things stand', () => {
  const values = [
    ...Array.from({ length: 4096 }, (_, bit) => {
      const bytes = new Uint8Array(512);
      bytes[bit >> 3]! |= 1 << (bit & 7);
      return bytes;
    }),
    ...[0, 1, -1, '1', '', null, undefined, true, [], {}, [[]], ['a', 'b'], ['ab'], { a: 'b' }, { b: 'a' }],
  ];
  expect(new Set(values.map(digest)).size).toBe(values.length);
});
