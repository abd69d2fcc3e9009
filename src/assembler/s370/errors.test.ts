/** Mistakes: each has its place, says what was expected, and does not hide the next one. */
import { expect, test } from 'vitest';
import { assembleS370 } from './assemble.ts';
import { assembleLines, bytesOf, complaintsOf } from './testing.ts';

test('several mistakes are reported in one go, in the order of lines', () => {
  expect(complaintsOf(' LRR 1,2', ' LR 1', ' LR 16,NONE', " DC X'G'")).toEqual([
    '2:2 LRR is no operation',
    '3:5 LR takes 2 operands, R1,R2, but has 1',
    '4:5 the register is 16; it must be 0 to 15',
    '4:8 the symbol NONE is not defined',
    '5:7 expected hexadecimal digits but found G',
  ]);
});

test.each([
  [' MCV 0(1,1),0', 'did you mean MVC?'],
  [' LR 1, 2', 'a blank ends the operands: write no blank after a comma'],
  [' B LOPO', 'did you mean LOOP?'],
  [' L 1,LOOP', 'say with USING which register holds an address at or before it'],
])('%s gets a hint', (line, hint) => {
  expect(assembleLines('LOOP DS 0H', line).diagnostics[0]?.hint).toBe(hint);
});

test('spans cover the term in question', () => {
  const { diagnostics } = assembleS370(' MVC  A(2),UNKNOWN+1\nA DS F\n END', { file: 'a.s' });
  expect(diagnostics.map(({ span }) => span)).toContainEqual({
    file: 'a.s',
    line: 1,
    column: 12,
    endColumn: 19,
  });
});

test('spans in continued statements are on the line where the text stands', () => {
  const first = `${" DC F'1',".padEnd(71)}X`;
  expect(complaintsOf(first, `${' '.repeat(15)}F'Q'`)).toEqual([
    '3:18 expected a decimal number but found Q',
  ]);
});

test.each([
  ['A DS F\nA DS F', 'A is already defined in line 2'],
  [' DC A(B', 'expected ) but found the end of the operand'],
  [
    ' MVC 0(1,2),0(3,4)',
    'this operand has no index or length: only a base register stands in its parentheses',
  ],
  [' MVC A,A\nA DS CL300', 'no base register reaches this address in T'],
  [' L 1,4096(2,3)', 'the displacement is 4096; it must be 0 to 4095'],
  [' L 1,4096', '4096 is no displacement: without a base register it must be 0 to 4095'],
  [' MVC 0(257,1),0(2)', 'the length is 257; it must be 0 to 256'],
  [' MVI 0(1),256', 'the immediate is 256; it must be 0 to 255'],
  ['A EQU B\nB EQU A', 'A is defined by itself, in a circle'],
  [' DS (X)F\nX EQU 1', 'X has no value yet'],
  [' ORG 5', 'ORG needs an address in the section it stands in'],
  [' DC A(T*2)', 'an address cannot be an operand of *'],
  ['9A DS F', '9A is no symbol'],
  ['LABEL', 'a label without an operation'],
  [' DS 20000000F', 'the duplication factor is 20000000; it must be 0 to 16777215'],
  [' DS 16777215F', 'the program grows beyond 16777216 bytes, all that can be addressed'],
  [' OPSYN', 'OPSYN is not supported by this assembler'],
  [' CCW 1,2', 'CCW takes 4 operands, command,address,flags,count, but has 2'],
])('%j: %s', (lines, message) => {
  expect(complaintsOf(...lines.split('\n')).map((text) => text.replace(/^\S+ /, ''))[0]).toBe(message);
});

test('an odd register where a pair is needed is a warning', () => {
  const { ok, diagnostics } = assembleLines(' DR 3,4');
  expect([ok, diagnostics[0]?.severity, diagnostics[0]?.hint]).toEqual([true, 'warning', 'use register 2']);
});

test('a missing END is a warning', () => {
  expect(assembleS370(' BR 14').diagnostics.map(({ message }) => message)).toEqual([
    'the END statement is missing; one is supplied after the last line',
  ]);
});

test('the label of a statement in error is defined all the same', () => {
  expect(complaintsOf(' USING T,15', 'A LRR 1,2', ' B A')).toEqual(['3:3 LRR is no operation']);
});

test('an empty source assembles to nothing', () => {
  expect(assembleS370('')).toMatchObject({ ok: true, bytes: new Uint8Array(0), entry: 0 });
});

test('case does not count but in quoted text', () => {
  expect(bytesOf(' using t,15', "a dc c'Aa'", ' LA 1,A')).toBe('C181' + '4110F000');
});
