/** Mangled sources: the assembler answers every one with diagnostics, and soon. */
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { mangle } from '../core/mangle.ts';
import { assembleS370 } from './assemble.ts';
import { disassembleS370 } from './disassemble.ts';

const MACROS = `         MACRO
&L       MOVE  &TO,&FROM,&LEN=8,&REGS=(1,2)
         LCLA  &N
         LCLC  &C(4)
         AIF   (T'&FROM EQ 'O' OR N'&REGS GT 4).BAD
&L       MVC   &TO.(&LEN),&FROM
&N       SETA  K'&TO+2*(3-1)
&C(2)    SETC  'AB&N'.'CDEF'(2,2)
         DC    AL1(&N),C'&C(2)&SYSNDX'
.LOOP    AIF   (&N EQ 0).OUT
&N       SETA  &N-1
         AGO   .LOOP
.BAD     MNOTE 8,'FROM MISSING FOR &TO'
.OUT     MEND
         BALR  15,0
         USING *,15
         MOVE  BUF,MSG,LEN=L'BUF
         MOVE  BUF,MSG,REGS=(3,(4,5))
BUF      DS    CL8
MSG      DC    C'A B'
         COPY  SELF
         END
`;

const PROGRAM = `PROG     START X'200'
R1       EQU   1
         BALR  15,0
         USING *,15
         L     R1,=F'1'
         MVC   BUF+1(3),=CL3'abc'
         CLI   BUF,C'A'
         BE    DONE
         LA    2,BUF-PROG(3,4)
DONE     BR    14
BUF      DS    0F,CL8
MSG      DC    CL8'HELLO',A(PROG,*-4),2H'1,-2'
         DC    E'1.5E-3',P'-12',XL.4'A',BL.12'1',S(BUF),Z'1'
         ORG   BUF
         CNOP  2,8
         LTORG
D        DSECT
X        DS    (R1+1)D
PROG     CSECT
         DROP  15
         END   PROG
`;

const PIECES = [
  "'",
  '(',
  ')',
  ',',
  '&',
  '=',
  '*',
  '.',
  ' ',
  '+',
  '-',
  '/',
  'X',
  '9',
  '&&',
  "''",
  '.LOOP',
  '&N',
  'MACRO',
  'MEND',
  '99999999',
  "L'",
  "=F'1'",
  '\n',
  '\t',
  'é',
  '&SYSLIST(',
  'AGO   .OUT',
  'MOVE ',
  'EQU',
  'DSECT',
  '((((((',
];

test('the sources that are mangled are right', () => {
  const copy = (): string => 'Y EQU 1';
  expect([MACROS, PROGRAM].flatMap((source) => assembleS370(source, { copy }).diagnostics)).toEqual([]);
});

test('2,000 mangled sources are assembled without a crash, each within its lines', () => {
  const random = seededRandom(1970);
  let worst = 0;
  for (let i = 0; i < 2000; i++) {
    const source = mangle(i % 2 === 0 ? MACROS : PROGRAM, PIECES, random);
    const { diagnostics, bytes } = assembleS370(source, { copy: () => (i % 97 === 0 ? source : null) });
    const lines = source.split('\n').length;
    for (const { span } of diagnostics)
      if (span.line < 1 || span.line > lines + 1 || span.column < 1 || span.endColumn <= span.column) worst++;
    if (bytes.length > 0x100_0000) worst++;
  }
  expect(worst).toBe(0);
}, 60_000);

test('long and deeply nested operands end as diagnostics', () => {
  const sources = [
    ' DC A(' + '('.repeat(50_000),
    ' DC A(1' + '+1'.repeat(50_000) + ')',
    `&A SETA ${'('.repeat(50_000)}`,
    ' DC A(' + '-'.repeat(50_000) + '1)',
    ` AIF (${'NOT '.repeat(60_000)}1).X`,
    `&A SETA ${'&A('.repeat(9_000)}`,
  ];
  for (const source of sources) expect(assembleS370(source).ok || true).toBe(true);
});

test('any bytes can be disassembled', () => {
  const random = seededRandom(7);
  for (let i = 0; i < 3000; i++) {
    const bytes = Uint8Array.from({ length: 1 + random.below(6) }, () => random.below(256));
    const { length } = disassembleS370(bytes);
    expect(length >= 1 && length <= bytes.length).toBe(true);
  }
});
