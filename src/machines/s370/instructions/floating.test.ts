import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../base/random.ts';
import {
  EXPONENT_OVERFLOW,
  EXPONENT_UNDERFLOW,
  FLOATING_POINT_DIVIDE,
  SIGNIFICANCE,
  SPECIFICATION,
} from '../assigned-storage.ts';
import { run, type Given } from './numbers-rig.ts';

const UNDERFLOW_MASK = 2;
const SIGNIFICANCE_MASK = 1;
const TRUE_ZERO = '0000000000000000';

/** Register 0 after `code` (RR forms: 02), with what else an operation reports. */
function short(code: string, a: string, b: string, given: Given = {}) {
  const { cc, interruption, short: register } = run(code, { ...given, fpr: { 0: a, 2: b } });
  return { result: register(0), cc, interruption };
}
function long(code: string, a: string, b: string, given: Given = {}) {
  const { cc, interruption, long: register } = run(code, { ...given, fpr: { 0: a, 2: b } });
  return { result: register(0), cc, interruption };
}

describe('loading and storing', () => {
  test('short loads leave the low-order half of the register', () => {
    expect(run('7800D000', { second: '41100000', fpr: { 0: '12345678ABCDEF01' } }).long(0)).toBe(
      '41100000ABCDEF01',
    );
    expect(run('3802', { fpr: { 0: '12345678ABCDEF01', 2: '4220000099999999' } }).long(0)).toBe(
      '42200000ABCDEF01',
    );
  });

  test('STD and STE store at any byte address', () => {
    expect(run('6040C001', { fpr: { 4: '4110000000000007' } }).first(9)).toBe('004110000000000007');
    expect(run('7040C003', { fpr: { 4: '4110000000000007' } }).first(8)).toBe('0000004110000000');
  });

  test('load instructions that test call a zero fraction zero, whatever its sign and characteristic', () => {
    const cc = (code: string, b: string): number => short(code, '', b).cc;
    expect([cc('3202', 'C1000000'), cc('3202', 'C1000001'), cc('3202', '00000001')]).toEqual([0, 1, 2]);
    expect([cc('2202', 'C100000000000000'), cc('2202', 'C100000000000001')]).toEqual([0, 1]);
  });

  test('LCER, LPER and LNER change the sign even of a zero', () => {
    expect(short('3302', '', '41000000')).toMatchObject({ result: 'C1000000', cc: 0 });
    expect(short('3302', '', '41100000')).toMatchObject({ result: 'C1100000', cc: 1 });
    expect(short('3002', '', 'C1100000')).toMatchObject({ result: '41100000', cc: 2 });
    expect(short('3102', '', '00000000')).toMatchObject({ result: '80000000', cc: 0 });
  });

  test('registers other than 0, 2, 4, 6 are a specification exception', () => {
    const codes = ['3812', '3809', '6810D000', '7080D000', '3620', '3642', '2502', '2720'];
    expect(codes.map((code) => run(code).interruption)).toEqual(codes.map(() => SPECIFICATION));
  });
});

describe('Load Rounded', () => {
  test('LRER rounds by bit 32 and leaves the low-order half', () => {
    expect(long('3502', '00000000AAAAAAAA', 'C112345680000000').result).toBe('C1123457AAAAAAAA');
    expect(long('3502', '00000000AAAAAAAA', '411234567FFFFFFF').result).toBe('41123456AAAAAAAA');
  });

  test('LRER moves a carry into the characteristic, which may overflow', () => {
    expect(short('3502', '', '41FFFFFF80000000')).toMatchObject({ result: '42100000', interruption: 0 });
    expect(short('3502', '', 'FFFFFFFF80000000')).toMatchObject({
      result: '80100000',
      interruption: EXPONENT_OVERFLOW,
    });
  });

  test('LRDR rounds by the first fraction bit of the low-order part', () => {
    const round = (high: string, low: string): string => run('2504', { fpr: { 4: high, 6: low } }).long(0);
    expect(round('41FFFFFFFFFFFFFF', '3380000000000000')).toBe('4210000000000000');
    expect(round('4112345678FFFFFF', 'FF7FFFFFFFFFFFFF')).toBe('4112345678FFFFFF');
    expect(round('41123456FFFFFFFF', '0080000000000000')).toBe('4112345700000000');
  });
});

describe('Add and Subtract Normalized', () => {
  test('AER keeps one guard digit through alignment and postnormalization', () => {
    expect(short('3B02', '41100000', '40FFFFFF').result).toBe('3B100000');
    expect(short('3B02', '42100000', '40FFFFFF').result).toBe('41F00001');
  });

  test('AER takes a carry as a new first digit and truncates', () => {
    expect(short('3A02', '41FFFFFF', '4110000F')).toMatchObject({ result: '42110000', cc: 2 });
  });

  test('ADR adds the low-order halves with their carry', () => {
    expect(long('2A02', '41100000FFFFFFFF', '4110000000000001').result).toBe('4120000100000000');
    expect(long('2B02', '4110000100000000', '4110000000000001').result).toBe('3BFFFFFFFF000000');
  });

  test('AE and AD take storage operands', () => {
    const given = { second: 'C110000000000000', fpr: { 0: '4120000000000000' } };
    expect(run('7A00D000', given).long(0)).toBe('4110000000000000');
    expect(run('6A00D000', given).long(0)).toBe('4110000000000000');
  });

  test('a zero sum becomes a true zero, or interrupts with its characteristic kept', () => {
    expect(short('3B02', 'C5123456', 'C5123456')).toEqual({ result: '00000000', cc: 0, interruption: 0 });
    expect(short('3B02', 'C5123456', 'C5123456', { programMask: SIGNIFICANCE_MASK })).toEqual({
      result: '45000000',
      cc: 0,
      interruption: SIGNIFICANCE,
    });
  });

  test('exponent overflow always interrupts, with the characteristic 128 too small', () => {
    expect(short('3A02', 'FFF00000', 'FF100000')).toEqual({
      result: '80100000',
      cc: 1,
      interruption: EXPONENT_OVERFLOW,
    });
  });

  test('exponent underflow makes a true zero, or interrupts with the characteristic 128 too large', () => {
    expect(short('3B02', '00100001', '00100000')).toEqual({ result: '00000000', cc: 0, interruption: 0 });
    expect(short('3B02', '00100001', '00100000', { programMask: UNDERFLOW_MASK })).toEqual({
      result: '7B100000',
      cc: 2,
      interruption: EXPONENT_UNDERFLOW,
    });
  });

  test('a zero fraction of large characteristic shifts the other operand out', () => {
    expect(short('3A02', '60000000', '41100000')).toMatchObject({ result: '00000000', cc: 0 });
  });
});

describe('Add Unnormalized', () => {
  test('AUR leaves leading zeros and drops the guard digit', () => {
    expect(short('3E02', '43001000', '41123400')).toMatchObject({
      result: '43002234',
    });
    expect(short('3F02', '41100000', '41080000')).toMatchObject({ result: '41080000', cc: 2 });
  });

  test('AUR calls a sum zero of which only the guard digit is left', () => {
    expect(short('3F02', '41000001', '41000001')).toMatchObject({ result: '00000000', cc: 0 });
    expect(short('3E02', '42000000', 'C100000F', { programMask: SIGNIFICANCE_MASK })).toEqual({
      result: '42000000',
      cc: 0,
      interruption: SIGNIFICANCE,
    });
  });
});

describe('Compare', () => {
  test('CER compares values, so that all zeros are equal', () => {
    const compare = (a: string, b: string): number => short('3902', a, b).cc;
    expect([
      compare('41000000', 'C5000000'),
      compare('41010000', '40100000'),
      compare('C1200000', '41100000'),
      compare('C1100000', 'C1200000'),
    ]).toEqual([0, 0, 1, 2]);
  });

  test('CDR sees the last digit where CER does not', () => {
    expect(short('3902', '4110000000000001', '4110000000000000').cc).toBe(0);
    expect(long('2902', '4110000000000001', '4110000000000000').cc).toBe(2);
  });
});

describe('Halve', () => {
  test('HER normalizes, with the bit shifted out in the guard digit', () => {
    expect(short('3402', '', '41100001').result).toBe('40800008');
    expect(short('3402', '', 'C1300001').result).toBe('C1180000');
    expect(long('2402', '', '4100000000000001').result).toBe('3380000000000000');
  });

  test('HER makes a true zero of a zero fraction and of an underflow that is masked off', () => {
    expect(short('3402', '', 'C1000000').result).toBe('00000000');
    expect(short('3402', '', '80100000')).toMatchObject({ result: '00000000', interruption: 0 });
    expect(short('3402', '', '80100000', { programMask: UNDERFLOW_MASK })).toMatchObject({
      result: 'FF800000',
      interruption: EXPONENT_UNDERFLOW,
    });
  });
});

describe('Multiply', () => {
  test('MER gives a long product of prenormalized operands and leaves the condition code', () => {
    expect(long('3C02', '41020000AAAAAAAA', 'C2003000', { cc: 2 })).toEqual({
      result: 'BF60000000000000',
      cc: 2,
      interruption: 0,
    });
    expect(long('3C02', '41FFFFFF', '41FFFFFF').result).toBe('42FFFFFE00000100');
  });

  test('MDR truncates after postnormalization', () => {
    expect(long('2C02', '41FFFFFFFFFFFFFF', '41FFFFFFFFFFFFFF').result).toBe('42FFFFFFFFFFFFFE');
    expect(long('2C02', '4110000000000001', '4110000000000001').result).toBe('4110000000000002');
  });

  test('a zero fraction makes a true zero, without exponent exceptions', () => {
    expect(long('2C02', 'FF00000000000000', '7F10000000000000')).toMatchObject({
      result: TRUE_ZERO,
      interruption: 0,
    });
  });

  test('exponent overflow is judged after postnormalization', () => {
    expect(long('2C02', '6010000000000000', '6010000000000000')).toMatchObject({
      result: '7F10000000000000',
      interruption: 0,
    });
    expect(long('2C02', '6010000000000000', '6110000000000000')).toMatchObject({
      result: '0010000000000000',
      interruption: EXPONENT_OVERFLOW,
    });
  });

  test('MXDR gives an exact extended product whose low-order characteristic is 14 less', () => {
    const after = run('2704', { fpr: { 0: '41FFFFFFFFFFFFFF', 4: 'C1FFFFFFFFFFFFFF' } });
    expect([after.long(0), after.long(2)]).toEqual(['C2FFFFFFFFFFFFFE', 'B400000000000001']);
  });

  test('an extended true zero is zero in both parts', () => {
    const after = run('6700D000', { second: '4110000000000000', fpr: { 0: '4100000000000000', 2: '7F' } });
    expect([after.long(0), after.long(2)]).toEqual([TRUE_ZERO, TRUE_ZERO]);
  });

  test('MXR ignores the low-order sign and characteristic of its operands', () => {
    const fpr = {
      0: '4120000000000000',
      2: 'FF80000000000000',
      4: '4120000000000000',
      6: '0000000000000000',
    };
    const after = run('2604', { fpr });
    expect([after.long(0), after.long(2)]).toEqual(['4140000000000001', '3300000000000000']);
  });
});

describe('Divide', () => {
  test('DER divides prenormalized fractions and truncates', () => {
    expect(short('3D02', '41100000', '41300000').result).toBe('40555555');
    expect(short('3D02', '42006000', 'C1020000').result).toBe('C1300000');
  });

  test('DDR gives fourteen digits', () => {
    expect(long('2D02', '4120000000000000', '4130000000000000').result).toBe('40AAAAAAAAAAAAAA');
  });

  test('a divisor of zero fraction is suppressed, even for a zero dividend', () => {
    expect(short('3D02', '41100000', '7F000000')).toMatchObject({
      result: '41100000',
      interruption: FLOATING_POINT_DIVIDE,
    });
    expect(short('3D02', '00000000', '00000000').interruption).toBe(FLOATING_POINT_DIVIDE);
  });

  test('a dividend of zero fraction makes a true zero', () => {
    expect(short('3D02', 'C5000000', '41100000')).toMatchObject({ result: '00000000', interruption: 0 });
  });

  test('characteristics wrap by 128 on overflow and on unmasked underflow', () => {
    expect(short('3D02', '7F100000', '00100000')).toMatchObject({
      result: '40100000',
      interruption: EXPONENT_OVERFLOW,
    });
    expect(short('3D02', '00100000', '7F100000', { programMask: UNDERFLOW_MASK })).toMatchObject({
      result: '42100000',
      interruption: EXPONENT_UNDERFLOW,
    });
  });
});

describe('extended addition', () => {
  test('AXR carries from the low-order part', () => {
    const fpr = {
      0: '4110000000000000',
      2: '33FFFFFFFFFFFFFF',
      4: '4110000000000000',
      6: '3300000000000001',
    };
    const after = run('3604', { fpr });
    expect([after.long(0), after.long(2), after.cc]).toEqual(['4120000000000001', '3300000000000000', 2]);
  });

  test('SXR of equal numbers interrupts with both characteristics kept, 14 apart', () => {
    const fpr = {
      0: 'C510000000000000',
      2: 'B700000000000007',
      4: 'C510000000000000',
      6: '0000000000000007',
    };
    const after = run('3704', { fpr, programMask: SIGNIFICANCE_MASK });
    expect([after.long(0), after.long(2), after.interruption]).toEqual([
      '4500000000000000',
      '3700000000000000',
      SIGNIFICANCE,
    ]);
  });

  test('an extended sum of long numbers, rounded down, is their long sum where no digit was lost', () => {
    const random = seededRandom(370);
    const digits = (count: number): string =>
      Array.from({ length: count }, () => random.below(16).toString(16).toUpperCase()).join('');
    const number = (): string => `${['41', 'C1'][random.below(2)]!}${digits(14)}`;
    for (let i = 0; i < 200; i++) {
      const [a, b] = [number(), number()];
      const extended = run('3604', { fpr: { 0: a, 2: TRUE_ZERO, 4: b, 6: TRUE_ZERO } });
      const sum = run('2A04', { fpr: { 0: a, 4: b } });
      expect([a, b, extended.long(0), extended.cc]).toEqual([a, b, sum.long(0), sum.cc]);
    }
  });
});
