/** Every type of constant, against values worked out from the manuals. */
import { expect, test } from 'vitest';
import { bytesOf, complaintsOf } from './testing.ts';

const dc = (operands: string): string => bytesOf(` DC ${operands}`);

test.each([
  ["C'AB'", 'C1C2'],
  ["CL4'AB'", 'C1C24040'],
  ["CL2'ABCD'", 'C1C2'],
  ["C'IT''S &&'", 'C9E37DE24050'],
  ["2C'A,B'", 'C16BC2C16BC2'],
  ["X'1234'", '1234'],
  ["X'123'", '0123'],
  ["XL1'1234'", '34'],
  ["X'1,ABC'", '010ABC'],
  ["B'101'", '05'],
  ["B'1,100000001'", '010101'],
  ["F'1'", '00000001'],
  ["F'-1,2147483647'", 'FFFFFFFF7FFFFFFF'],
  ["F'1.5E2'", '00000096'],
  ["F'2.5,-2.5'", '00000003FFFFFFFD'],
  ["FL3'-2'", 'FFFFFE'],
  ["FL8'1E18'", '0DE0B6B3A7640000'],
  ["FE2'3'", '0000012C'],
  ["FS4'1.5'", '00000018'],
  ["H'1,-2'", '0001FFFE'],
  ["HS8'0.5'", '0080'],
  ["E'1'", '41100000'],
  ["E'0'", '00000000'],
  ["E'-1'", 'C1100000'],
  ["E'0.1'", '4019999A'],
  ["E'123.45E-2'", '4113C083'],
  ["D'0.1'", '401999999999999A'],
  ["D'1E75'", '7F235FADD81C2823'],
  ["DL4'1'", '41100000'],
  ["ES2'1'", '43001000'],
  ["L'1'", '41100000000000003300000000000000'],
  ["L'0.1'", '4019999999999999329999999999999A'],
  ["P'123'", '123C'],
  ["P'-1.2,4'", '012D4C'],
  ["PL3'5'", '00005C'],
  ["Z'123'", 'F1F2C3'],
  ["ZL4'-7'", 'F0F0F0D7'],
  ['A(5,-1)', '00000005FFFFFFFF'],
  ["A(X'FFFFFFFF')", 'FFFFFFFF'],
  ['AL1(255)', 'FF'],
  ['AL3(*)', '000000'],
  ['3AL1(*)', '000102'],
  ['Y(258)', '0102'],
  ['S(4(12))', 'C004'],
  ['V(T)', '00000000'],
  ["BL.3'101',BL.5'11'", 'A3'],
  ["XL.4'F',XL.8'1'", 'F010'],
  ["(2+1)XL1'1'", '010101'],
  ["0F'0',X'01'", '01'],
])('DC %s is %s', (operands, expected) => {
  expect(dc(operands)).toBe(expected);
});

test('constants stand on their boundaries unless they have a length', () => {
  expect(bytesOf(" DC X'01',H'2',F'3',FL4'4',D'0'")).toBe(
    '0100000200000003000000040000000000000000' + '00000000',
  );
});

test('DS reserves storage, and a duplication factor of zero only aligns', () => {
  expect(bytesOf(' DS C', ' DS 0F', 'A DS 2H,CL3', ' DC AL1(*-A)', " DC AL1(L'A)")).toBe(
    '0000000000000000000000' + '0702',
  );
});

test.each([
  ["F'X'", 'expected a decimal number but found X'],
  ["F'2147483648'", '2147483648 does not fit in 32 bits: the range is -2147483648 to 2147483647'],
  ["X'1G'", 'expected hexadecimal digits but found 1G'],
  ["C'A", 'the closing apostrophe is missing'],
  ["Q'1'", 'there is no constant of type Q'],
  ['AL1(256)', 'the value 256 does not fit in 8 bits'],
  ["E'1E80'", '1E80 is outside the range of floating-point numbers, about 5.4E-79 to 7.2E75'],
  ['F', 'DC needs a value for type F'],
  ["FL9'1'", 'the length of type F is 9; it must be 1 to 8'],
])('DC %s is refused: %s', (operands, message) => {
  expect(complaintsOf(` DC ${operands}`).map((text) => text.replace(/^\S+ /, ''))).toEqual([message]);
});
