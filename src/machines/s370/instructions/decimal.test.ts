import { describe, expect, test } from 'vitest';
import { DATA, DECIMAL_DIVIDE, DECIMAL_OVERFLOW, PROTECTION, SPECIFICATION } from '../assigned-storage.ts';
import { run, type Given } from './numbers-rig.ts';

const OVERFLOW_MASK = 4;

/** Runs `code` and tells what became of the first operand. */
function result(code: string, given: Given): { first: string; cc: number; interruption: number } {
  const after = run(code, given);
  return {
    first: after.first((given.first ?? '').length / 2),
    cc: after.cc,
    interruption: after.interruption,
  };
}

describe('AP, SP and ZAP', () => {
  test('AP adds algebraically and supplies zeros for the shorter operand', () => {
    expect(result('FA21C000D000', { first: '38460D', second: '112C' })).toEqual({
      first: '38348D',
      cc: 1,
      interruption: 0,
    });
  });

  test('AP accepts every sign code and leaves a preferred one', () => {
    const codes = ['A', 'B', 'C', 'D', 'E', 'F'];
    expect(codes.map((sign) => result('FA00C000D000', { first: `7${sign}`, second: '0C' }).first)).toEqual([
      '7C',
      '7D',
      '7C',
      '7D',
      '7C',
      '7C',
    ]);
  });

  test('AP makes a zero sum positive', () => {
    expect(result('FA00C000D000', { first: '0D', second: '0D' })).toMatchObject({ first: '0C', cc: 0 });
    expect(result('FA00C000D000', { first: '5D', second: '5C' })).toMatchObject({ first: '0C', cc: 0 });
  });

  test('AP keeps the sign of the correct sum where overflow leaves only zeros', () => {
    expect(result('FA00C000D000', { first: '5D', second: '5D' })).toEqual({
      first: '0D',
      cc: 3,
      interruption: 0,
    });
  });

  test('AP completes with condition code 3 before a decimal-overflow interruption', () => {
    expect(result('FA11C000D000', { first: '999C', second: '002C', programMask: OVERFLOW_MASK })).toEqual({
      first: '001C',
      cc: 3,
      interruption: DECIMAL_OVERFLOW,
    });
  });

  test('AP overflows by the digits of the sum, not by the size of the second operand', () => {
    expect(result('FA02C000D000', { first: '5C', second: '00012D' })).toMatchObject({ first: '7D', cc: 1 });
    expect(result('FA02C000D000', { first: '5C', second: '00019D' })).toMatchObject({ first: '4D', cc: 3 });
  });

  test('AP adds a number to itself', () => {
    expect(result('FA11C000C000', { first: '123C' })).toMatchObject({ first: '246C', cc: 2 });
  });

  test('AP carries through 31 digits', () => {
    const nines = `${'9'.repeat(31)}C`;
    expect(result('FAFFC000D000', { first: nines, second: nines.replace('C', 'D') }).first).toBe(
      `${'0'.repeat(31)}C`,
    );
    expect(result('FAF0C000D000', { first: nines, second: '1C' })).toMatchObject({
      first: `${'0'.repeat(31)}C`,
      cc: 3,
    });
  });

  test('AP leaves the operand and the condition code where a digit or sign is invalid', () => {
    expect(result('FA11C000D000', { first: '1A3C', second: '002C', cc: 1 })).toEqual({
      first: '1A3C',
      cc: 1,
      interruption: DATA,
    });
    expect(result('FA11C000D000', { first: '123C', second: '0021' }).interruption).toBe(DATA);
  });

  test('AP finds a protected first operand before invalid data', () => {
    expect(result('FA11C000D000', { first: '12AC', second: '002C', protectFirst: true })).toMatchObject({
      first: '12AC',
      interruption: PROTECTION,
    });
  });

  test('SP subtracts, and zero minus zero is positive', () => {
    expect(result('FB11C000D000', { first: '123C', second: '124C' })).toMatchObject({ first: '001D', cc: 1 });
    expect(result('FB00C000D000', { first: '0D', second: '0C' })).toMatchObject({ first: '0C', cc: 0 });
  });

  test('ZAP ignores what the first operand held and makes a minus zero positive', () => {
    expect(result('F821C000D000', { first: 'FFFFFF', second: '038D' })).toMatchObject({
      first: '00038D',
      cc: 1,
    });
    expect(result('F820C000D000', { first: 'FFFFFF', second: '0B' })).toMatchObject({
      first: '00000C',
      cc: 0,
    });
  });

  test('ZAP keeps the minus of a zero that overflow left', () => {
    expect(result('F801C000D000', { first: 'FF', second: '120D' })).toMatchObject({ first: '0D', cc: 3 });
  });

  test('ZAP moves a number to the right over itself', () => {
    expect(run('F822C001C000', { first: '12345C0000' }).first(5)).toBe('1212345C00');
  });
});

test('CP compares by value: zeros are equal, negative numbers are low', () => {
  const compare = (first: string, second: string): number => result('F911C000D000', { first, second }).cc;
  expect([
    compare('000C', '000D'),
    compare('001D', '000C'),
    compare('002D', '001D'),
    compare('123C', '122C'),
    compare('005C', '005F'),
  ]).toEqual([0, 1, 1, 2, 0]);
});

describe('MP and DP', () => {
  test('MP multiplies by the signs of algebra, even of zero, and leaves the condition code', () => {
    expect(result('FC41C000D000', { first: '000038460D', second: '321D', cc: 1 })).toEqual({
      first: '012345660C',
      cc: 1,
      interruption: 0,
    });
    expect(result('FC10C000D000', { first: '000C', second: '5D' }).first).toBe('000D');
  });

  test('MP wants as many leftmost zero bytes as the multiplier has bytes', () => {
    expect(result('FC21C000D000', { first: '00010C', second: '002C' })).toMatchObject({
      first: '00010C',
      interruption: DATA,
    });
  });

  test('MP and DP refuse second operands of more than eight bytes or not shorter than the first', () => {
    const codes = ['FCF8', 'FC11', 'FC12', 'FDF8', 'FD11', 'FD12'];
    expect(codes.map((code) => run(`${code}C000D000`).interruption)).toEqual(codes.map(() => SPECIFICATION));
  });

  test('DP leaves quotient and remainder beside each other, the remainder signed as the dividend', () => {
    expect(result('FD41C000D000', { first: '012345678C', second: '321D' })).toMatchObject({
      first: '38460D018C',
      interruption: 0,
    });
    expect(result('FD20C000D000', { first: '00000D', second: '7C' }).first).toBe('000D0D');
  });

  test('DP suppresses a quotient that is too long, and division by zero', () => {
    expect(result('FD20C000D000', { first: '09000C', second: '9C' })).toMatchObject({
      first: '09000C',
      interruption: DECIMAL_DIVIDE,
    });
    expect(result('FD20C000D000', { first: '08999C', second: '9C' }).first).toBe('999C8C');
    expect(result('FD20C000D000', { first: '00001C', second: '0C' }).interruption).toBe(DECIMAL_DIVIDE);
  });
});

describe('SRP', () => {
  test('SRP shifts left and right by a signed number of places', () => {
    expect(result('F020C0000002', { first: '00123D' })).toMatchObject({ first: '12300D', cc: 1 });
    expect(result('F020C000003E', { first: '12345C' })).toMatchObject({ first: '00123C', cc: 2 });
  });

  test('SRP adds the rounding digit to the leftmost digit that leaves', () => {
    expect(result('F025C000003F', { first: '00995D' }).first).toBe('00100D');
    expect(result('F024C000003F', { first: '00995D' }).first).toBe('00099D');
  });

  test('SRP reports digits lost to the left as overflow', () => {
    expect(result('F010C0000001', { first: '100D', programMask: OVERFLOW_MASK })).toEqual({
      first: '000D',
      cc: 3,
      interruption: DECIMAL_OVERFLOW,
    });
  });

  test('SRP checks number and rounding digit even where nothing moves, and prefers sign codes', () => {
    expect(result('F010C0000000', { first: '12AC' }).interruption).toBe(DATA);
    expect(result('F01AC0000000', { first: '123C' }).interruption).toBe(DATA);
    expect(result('F010C0000000', { first: '000B' })).toMatchObject({ first: '000C', cc: 0 });
  });
});
