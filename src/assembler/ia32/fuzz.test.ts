/** Mangled sources: the assembler answers every one with diagnostics, and soon. */
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { mangle } from '../core/mangle.ts';
import { assembleIa32 } from './assemble.ts';
import { disassembleIa32 } from './disassemble.ts';

const PROGRAM = `bits 16
org 0x7c00
%define PORT(n) (0x3f8 + (n) * 8)
%assign count 3
%macro put 1-2 0
%%loop: mov al, %1
        add al, %2
%if %0 > 1
        out dx, al
%else
        loop %%loop
%endif
%endmacro
start:  xor ax, ax
        mov ds, ax
        mov dx, PORT(1)
        lgdt [gdt.pointer]
        put 'a'
        put [es:bx+si+2], 1
        jmp dword 8:.there
bits 32
.there: mov eax, [ebx+ecx*4+table]
        rep movsd
        fld qword [eax]
        faddp st1
        jnz start
%rep count
        dd count, $-$$, 'xy', 1.5e1
%assign count count-1
%endrep
struc point
.x:     resd 1
.y:     resw 2
endstruc
gdt:    istruc point
        at point.y, dw 1, 2
        iend
.pointer: dw 23
        dd gdt
table:  times 4 dd ~0 & 0xff | 1 << 4
        align 16, db 0
section .bss
stack:  resb 64
section .text
%include "more"
        times 510-($-$$) db 0
        dw 0xaa55
`;

const PIECES = [
  ...[
    "'",
    '"',
    '`',
    '(',
    ')',
    ',',
    ':',
    '[',
    ']',
    '{',
    '}',
    '%',
    '%%',
    '$',
    '$$',
    '.',
    ' ',
    '\n',
    '\t',
    '\\\n',
  ],
  ...[
    '+',
    '-',
    '*',
    '/',
    '<<',
    '~',
    '0x',
    '99999999',
    '0b2',
    '1e999',
    'é',
    '%1',
    '%{',
    '%0',
    '%rep 9',
    '%if',
  ],
  ...[
    '%endmacro',
    '%macro',
    '%define',
    '%include "more"',
    'times ',
    'equ',
    'st(',
    'far ',
    'word ',
    'org',
    'o16 ',
  ],
  ...['lock ', 'struc a', 'section ', '((((((', 'esp*8', 'put ', 'resb -1', 'align 3', 'bits 64'],
];

test('the source that is mangled is right', () => {
  expect(assembleIa32(PROGRAM, { include: () => 'nop' }).diagnostics).toEqual([]);
});

test('600 mangled sources are assembled without a crash, each within its lines', () => {
  const random = seededRandom(1985);
  let wrong = 0;
  for (let i = 0; i < 600; i++) {
    const source = mangle(PROGRAM, PIECES, random);
    const { diagnostics } = assembleIa32(source, { include: () => (i % 97 === 0 ? source : 'nop') });
    const lines = source.split('\n').length;
    for (const { span } of diagnostics)
      if (span.line < 1 || span.line > lines || span.column < 1 || span.endColumn <= span.column) wrong++;
  }
  expect(wrong).toBe(0);
});

test('long and deeply nested operands end as diagnostics', () => {
  const sources = [
    `db ${'('.repeat(50_000)}`,
    `db 1${'+1'.repeat(50_000)}`,
    `db ${'-'.repeat(50_000)}1`,
    `%define f(x) (x)\ndb ${'f('.repeat(5_000)}1${')'.repeat(5_000)}`,
    '%if 1\n'.repeat(5_000),
    `mov eax, [${'eax+'.repeat(20_000)}1]`,
  ];
  for (const source of sources) expect(assembleIa32(source).bytes.length).toBeLessThan(100);
});

test('any bytes can be disassembled', () => {
  const random = seededRandom(7);
  const bytes = Uint8Array.from({ length: 20_000 }, () => random.below(256));
  for (const bits of [16, 32] as const)
    for (let at = 0; at < bytes.length;) {
      const { length, text } = disassembleIa32(bytes, at, { bits });
      expect(length > 0 && text !== '').toBe(true);
      at += length;
    }
});
