import { describe, expect, test } from 'vitest';
import { DATA, FIXED_POINT_DIVIDE } from '../assigned-storage.ts';
import { FIRST, run } from './numbers-rig.ts';

describe('PACK, UNPK and MVO', () => {
  test('PACK drops zones, swaps the rightmost byte and fills with zeros', () => {
    expect(run('F234C000D000', { second: 'F1F2F3F4C5' }).first(4)).toBe('0012345C');
    expect(run('F213C000D000', { second: 'F1F2F3C4' }).first(2)).toBe('234C');
  });

  test('PACK in place works from right to left', () => {
    expect(run('F244C000C000', { first: 'F1F2F3F4C5' }).first(5)).toBe('000012345C');
  });

  test('UNPK gives zones to all bytes but the rightmost, without looking at codes', () => {
    expect(run('F342C000D000', { second: '12345D' }).first(5)).toBe('F1F2F3F4D5');
    expect(run('F321C000D000', { second: 'ABCD' }).first(3)).toBe('FAFBDC');
    expect(run('F340C000D000', { second: '1C' }).first(5)).toBe('F0F0F0F0C1');
  });

  test('UNPK onto itself destroys what it has yet to fetch, as the manual warns', () => {
    expect(run('F333C000C000', { first: '0123456C' }).first(4)).toBe('F4F4F5C6');
  });

  test('MVO keeps the rightmost four bits of the first operand', () => {
    expect(run('F132C000D000', { first: '7788990C', second: '123456' }).first(4)).toBe('0123456C');
    expect(run('F111C000D000', { first: '000C', second: '1234' }).first(2)).toBe('234C');
  });
});

test('MVN and MVZ replace half of each byte, left to right', () => {
  expect(run('D103C000D000', { first: 'C1C2C3C4', second: '11223344' }).first(4)).toBe('C1C2C3C4');
  expect(run('D103C000D000', { first: 'F0F0F0F0', second: '9A8B7C6D' }).first(4)).toBe('FAFBFCFD');
  expect(run('D303C000D000', { first: 'F1F2F3F4', second: 'C0D0E0A0' }).first(4)).toBe('C1D2E3A4');
  expect(run('D302C001C000', { first: '5A6B7C8D' }).first(4)).toBe('5A5B5C5D');
});

describe('CVB and CVD', () => {
  const binary = (second: string): readonly [number, number] => {
    const after = run('4F70D000', { second, gr: { 7: 99 } });
    return [after.cpu.gr[7]!, after.interruption];
  };

  test('CVB reaches both ends of the fixed-point range', () => {
    expect(binary('000002147483647C')).toEqual([0x7fffffff, 0]);
    expect(binary('000002147483648D')).toEqual([-0x80000000, 0]);
    expect(binary('000000000000000B')).toEqual([0, 0]);
  });

  test('CVB leaves the low-order 32 bits of a larger number and interrupts', () => {
    expect(binary('000002147483648C')).toEqual([-0x80000000, FIXED_POINT_DIVIDE]);
    expect(binary('000004294967297D')).toEqual([-1, FIXED_POINT_DIVIDE]);
  });

  test('CVB leaves the register where a code is invalid', () => {
    expect(binary('00000000000012A4')).toEqual([99, DATA]);
  });

  test('CVD stores fifteen digits and a preferred sign', () => {
    expect(run('4E70C000', { gr: { 7: -0x80000000 } }).first(8)).toBe('000002147483648D');
    expect(run('4E70C000', { gr: { 7: 0 } }).first(8)).toBe('000000000000000C');
  });
});

describe('ED and EDMK', () => {
  // b ddd,d(dd).dd: blank fill, significance forced before the last pound.
  const PATTERN = '4020206B2020214B202040C3D9';

  test('ED suppresses leading zeros, protects them behind the starter and keeps CR for negative numbers', () => {
    expect(run('DE0CC000D000', { first: PATTERN, second: '0257426C' })).toMatchObject({ cc: 2 });
    expect(run('DE0CC000D000', { first: PATTERN, second: '0257426C' }).first(13)).toBe(
      '4040F26BF5F7F44BF2F6404040',
    );
    const negative = run('DE0CC000D000', { first: PATTERN, second: '0000026D' });
    expect([negative.first(13), negative.cc]).toEqual(['404040404040404BF2F640C3D9', 1]);
  });

  test('ED sets condition code 0 for a zero field, and for a pattern that ends in a field separator', () => {
    expect(run('DE03C000D000', { first: '40202020', second: '000C' })).toMatchObject({ cc: 0 });
    expect(run('DE04C000D000', { first: '4020202022', second: '123C' }).cc).toBe(0);
  });

  test('ED takes each field by its own sign', () => {
    const after = run('DE07C000D000', { first: '4020202022202020', second: '012D345C' });
    expect([after.first(8), after.cc]).toEqual(['4040F1F240F3F4F5', 2]);
  });

  test('ED leaves the pattern where a left digit is invalid', () => {
    const after = run('DE04C000D000', { first: '4020202020', second: '12A4', cc: 1 });
    expect([after.first(5), after.cc, after.interruption]).toEqual(['4020202020', 1, DATA]);
  });

  test('ED takes a fill character that is itself a digit selector', () => {
    expect(run('DE02C000D000', { first: '202020', second: '012C' }).first(3)).toBe('20F1F2');
  });

  test('EDMK marks the first significant digit in bits 8-31 of register 1', () => {
    const after = run('DF0CC000D000', { first: PATTERN, second: '0257426C', gr: { 1: 0x55000000 } });
    expect(after.cpu.gr[1]).toBe(0x55000000 | (FIRST + 2));
  });

  test('EDMK leaves register 1 where significance was forced', () => {
    const after = run('DF0CC000D000', { first: PATTERN, second: '0000026C', gr: { 1: 7 } });
    expect(after.cpu.gr[1]).toBe(7);
  });
});
