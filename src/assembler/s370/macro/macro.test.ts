/** The macro language, feature by feature. */
import { expect, test } from 'vitest';
import { assembleS370 } from '../assemble.ts';
import { bytesOf, complaintsOf } from '../testing.ts';

/** A macro M with that prototype and body, and lines after it. */
const withMacro = (prototype: string, body: readonly string[], ...calls: string[]): string[] => [
  ' MACRO',
  prototype,
  ...body,
  ' MEND',
  ...calls,
];

test('positional and keyword parameters, with defaults', () => {
  const lines = withMacro('&L M &A,&B=7', ['&L DC AL1(&A,&B)'], ' M 1', 'X M 2,B=3', ' DC AL1(X)');
  expect(bytesOf(...lines)).toBe('0107020302');
});

test('sublists, their entries and counts', () => {
  const body = ["&N SETA N'&P", ' DC AL1(&N,&P(1),&P(2),&P(3,2))'];
  expect(bytesOf(...withMacro(' M &P', body, ' M (4,5,(6,7))'))).toBe('03040507');
});

test('&SYSLIST and &SYSNDX', () => {
  const body = ["&N SETA N'&SYSLIST", 'A&SYSNDX DC AL1(&N,&SYSLIST(2),&SYSLIST(3,1))'];
  expect(bytesOf(...withMacro(' M', body, ' M 1,2,(3)', ' M 1,2,4', ' DC AL1(A0002)'))).toBe(
    '03020303020403',
  );
});

test('a period ends the name of a variable symbol', () => {
  expect(bytesOf(...withMacro(' M &P', [" DC C'&P.X&P..'"], ' M A'))).toBe('C1E7C14B');
});

test('attributes: K count, T type, L length', () => {
  const body = ["&K SETA K'&P", "&L SETA L'&P", ' DC AL1(&K,&L)', "&T SETC T'&P", " DC C'&T'"];
  expect(
    bytesOf(...withMacro(' M &P', body, ' M ABC', ' M', ' M 12', 'ABC DS CL5').slice(0, -1), 'ABC DS 0CL5'),
  ).toBe('0305C3' + '0001D6' + '0201D5');
});

test('arithmetic, character and binary SET symbols', () => {
  const lines = [
    '&A SETA (2+3)*4/3-1',
    "&C SETC 'ABCDE'(2,3).'X'",
    "&B SETB (&A GT 4 AND NOT ('&C' EQ 'BCD'))",
    " DC AL1(&A,&B),C'&C'",
  ];
  expect(bytesOf(...lines)).toBe('0501' + 'C2C3C4E7');
});

test('arrays of SET symbols, and globals shared between macros', () => {
  const body = [' GBLA &G(3)', '&G(&I) SETA &G(&I)+&I'];
  const lines = withMacro(' M &I', body, ' GBLA &G(3)', ' M 2', ' M 2', ' M 3', ' DC AL1(&G(1),&G(2),&G(3))');
  expect(bytesOf(...lines)).toBe('000403');
});

test('AIF and AGO make loops', () => {
  const body = ['.LOOP AIF (&I GE &N).DONE', ' DC AL1(&I)', '&I SETA &I+1', ' AGO .LOOP', '.DONE ANOP'];
  expect(bytesOf(...withMacro(' M &N', [' LCLA &I', ...body], ' M 3'))).toBe('000102');
});

test('AIF and AGO choose among several targets', () => {
  const lines = [' AGO (2).A,.B', ".A DC X'AA'", '.B AIF (0).C,(1).D', ".C DC X'CC'", ".D DC X'DD'"];
  expect(bytesOf(...lines)).toBe('DD');
});

test('conditions compare texts by length first', () => {
  expect(bytesOf(" AIF ('Z' LT 'AA').OK", " DC X'01'", '.OK ANOP', " DC X'02'")).toBe('02');
});

test('MEXIT leaves, MNOTE speaks at the call', () => {
  const body = [" AIF ('&P' NE '').OK", " MNOTE 8,'P IS MISSING FROM &SYSNDX'", ' MEXIT', '.OK DC AL1(&P)'];
  expect(complaintsOf(...withMacro(' M &P', body, ' M 1', ' M'))).toEqual(['10:1 P IS MISSING FROM 0002']);
});

test('macros call macros, and redefine instructions', () => {
  const inner = withMacro(' LR &A', [' DC AL1(&A)']);
  expect(bytesOf(...inner, ...withMacro(' M &A', [' LR &A+1'], ' M 1'))).toBe('02');
});

test('a call continued after a comma and remarks', () => {
  const first = `${' M 1,  the first'.padEnd(71)}X`;
  expect(bytesOf(...withMacro(' M &A,&B', [' DC AL1(&A,&B)'], first, `${' '.repeat(15)}2  the second`))).toBe(
    '0102',
  );
});

test('values that contain blanks and apostrophes', () => {
  expect(bytesOf(...withMacro(' M &P', [' DC C&P'], " M 'A B'"))).toBe('C140C2');
});

test('a mistake in a model statement names the macro and the call', () => {
  expect(complaintsOf(...withMacro(' M &R', [' LR 1,&R'], ' M R9'))).toEqual([
    '4:5 the symbol R9 is not defined, in macro M called in line 6',
  ]);
});

test.each([
  [[' AGO .X'], 'there is no sequence symbol .X here'],
  [['.A ANOP', ' AGO .A'], 'conditional assembly branched too often: is this an endless loop?'],
  [[' ACTR 2', '.A ANOP', ' AGO .A'], 'conditional assembly branched too often: is this an endless loop?'],
  [withMacro(' M', [' M'], ' M'), 'macros call each other more than 50 deep, in macro M called in line 6'],
  [[' DC A(&X)'], 'the variable symbol &X is not declared'],
  [[" DC C'A&B'"], 'the variable symbol &B is not declared'],
  [[' MACRO', ' M'], 'MACRO without MEND'],
  [[' MEND'], 'MEND outside of a macro definition'],
  [withMacro(' M &A=1', [], ' M B=2'), 'the macro M has no keyword parameter B'],
  [
    withMacro(' M &A', ['&A SETA 1'], ' M 1'),
    '&A is a parameter: its value cannot be changed, in macro M called in line 6',
  ],
  [[' LCLC &C', '&C SETA 1'], '&C is a SETC symbol'],
  [[' LCLA &A(3)', '&A(4) SETA 1'], 'the subscript of &A is 4; it must be 1 to 3'],
])('%j is refused: %s', (lines, message) => {
  expect(complaintsOf(...lines).map((text) => text.replace(/^\S+ /, ''))).toContain(message);
});

test('macros that double without end are stopped', () => {
  const { diagnostics } = assembleS370(withMacro(' M', [' M', ' M'], ' M').join('\n'));
  expect(diagnostics.some(({ message }) => message.startsWith('gave up after'))).toBe(true);
});
