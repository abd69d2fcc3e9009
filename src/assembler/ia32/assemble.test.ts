/** The IA-32 assembler: addresses, symbols, data, and what it says about mistakes. Encodings: tests/conformance. */
import { expect, test } from 'vitest';
import { findSymbol } from '../core/assembly.ts';
import { assembleIa32 } from './assemble.ts';
import { bytesOf, complaintsOf } from './testing.ts';

test('a boot sector ends with its signature at byte 510', () => {
  const { bytes, symbols, origin } = assembleIa32(
    [
      'bits 16',
      'org 0x7c00',
      'start: mov si, text',
      '.next: lodsb',
      ' test al, al',
      ' jz .done',
      ' mov ah, 0x0e',
      ' int 0x10',
      ' jmp .next',
      '.done: hlt',
      ' jmp .done',
      "text: db 'hello', 13, 10, 0",
      ' times 510-($-$$) db 0',
      ' dw 0xaa55',
    ].join('\n'),
  );
  expect([origin, bytes.length, bytes[510], bytes[511]]).toEqual([0x7c00, 512, 0x55, 0xaa]);
  expect([...bytes.subarray(0, 3)]).toEqual([0xbe, 0x11, 0x7c]);
  expect(symbols.map(({ name, value }) => [name, value])).toContainEqual(['start.next', 0x7c03]);
});

test('jumps are short where that reaches, and grow where it does not', () => {
  expect(bytesOf('jmp a', 'times 127 nop', 'a:').slice(0, 4)).toBe('EB7F');
  expect(bytesOf('jmp a', 'times 128 nop', 'a:').slice(0, 10)).toBe('E980000000');
  expect(bytesOf('a: times 126 nop', 'jnz a').slice(-4)).toBe('7580');
  expect(bytesOf('a: times 127 nop', 'jnz a').slice(-12)).toBe('0F857BFFFFFF');
});

test('growing jumps that move each other come to rest', () => {
  const lines = Array.from({ length: 60 }, (_, i) => `l${i}: jmp l${(i * 7 + 30) % 60}\n times ${i % 5} nop`);
  expect(complaintsOf(...lines)).toEqual([]);
});

test('the shortest immediate is taken, but for an address, which may move', () => {
  expect(bytesOf('add ebx, 127')).toBe('83C37F');
  expect(bytesOf('add ebx, 128')).toBe('81C380000000');
  expect(bytesOf('add ebx, 0xffffffff')).toBe('83C3FF');
  expect(bytesOf('x: add ebx, x')).toBe('81C300000000');
  expect(bytesOf('add ebx, strict dword 1')).toBe('81C301000000');
});

test('sections follow each other, and memory that is only reserved comes last', () => {
  const { symbols, segments } = assembleIa32(
    'org 0x1000\nsection .data\nd: dd 1\nsection .bss\nb: resd 4\nsection .text\nt: nop\nsection .data\ne: db 2',
  );
  expect(symbols.map(({ name, value }) => [name, value])).toEqual([
    ['b', 0x100c],
    ['d', 0x1004],
    ['e', 0x1008],
    ['t', 0x1000],
  ]);
  expect(segments.map(({ name, address, bytes }) => [name, address, bytes.length])).toEqual([
    ['.text', 0x1000, 1],
    ['.data', 0x1004, 5],
  ]);
});

test('data of every size, strings, characters and floating-point numbers', () => {
  expect(bytesOf("db 1, 'ab', `\\n\\x41`")).toBe('0161620A41');
  expect(bytesOf("dw 'abc'")).toBe('61626300');
  expect(bytesOf('dd 1.5, -2')).toBe('0000C03FFEFFFFFF');
  expect(bytesOf('dq 0x00cf9a000000ffff')).toBe('FFFF0000009ACF00');
  expect(bytesOf('dt 1.0')).toBe('0000000000000080FF3F');
  expect(bytesOf("mov eax, 'abcd'")).toBe('B861626364');
});

test('numbers may be written in every base', () => {
  expect(bytesOf('db 10, 0ah, 0x0a, 0b1010, 1010b, 12q, 0o12, $0a, 0d10, 1_0')).toBe('0A'.repeat(10));
});

test('expressions keep the order of operators, and 64 bits', () => {
  expect(bytesOf('dd 2+3*4, (2+3)*4, 7/2, -7//2, 7%4, 1<<4|1, ~0&0xff, 5^1, 3 > 2')).toBe(
    [14, 20, 3, 0xfffffffd, 3, 17, 255, 4, 1]
      .map((n) => n.toString(16).padStart(8, '0').match(/../g)!.reverse().join('').toUpperCase())
      .join(''),
  );
  expect(bytesOf('dq (0x9a << 40) | 0xffff')).toBe('FFFF0000009A0000');
});

test('macros take parameters, defaults and the rest of a line, and have labels of their own', () => {
  expect(
    bytesOf(
      '%macro wait_for 1-2 5',
      '%%again: dec %1',
      ' cmp %1, %2',
      ' jnz %%again',
      '%endmacro',
      'wait_for ecx',
      'wait_for edx, 6',
    ),
  ).toBe('4983F90575FA' + '4A83FA0675FA');
  expect(bytesOf('%macro text 1+', 'db %1, 0', '%endmacro', "text 'a', 'b'")).toBe('616200');
  expect(
    bytesOf('%macro all 1-*', '%rep %0', 'db %1', '%rotate 1', '%endrep', '%endmacro', 'all 1, 2, 3'),
  ).toBe('010203');
  expect(bytesOf('%macro isr 1', 'isr%1: db 0x%1', '%endmacro', 'isr 1f', 'dd isr1f')).toBe('1F00000000');
});

test('definitions, conditions and repetition', () => {
  expect(bytesOf('%define TWICE(x) ((x)*2)', '%define N 4', 'db TWICE(N+1)')).toBe('0A');
  expect(bytesOf('%assign i 0', '%rep 3', 'db i', '%assign i i+1', '%endrep')).toBe('000102');
  expect(bytesOf('%ifdef A', 'db 1', '%elif 2 > 1', 'db 2', '%else', 'db 3', '%endif')).toBe('02');
  expect(bytesOf('%rep 9', 'db 1', '%exitrep', '%endrep')).toBe('01');
  expect(bytesOf('%ifidni eax, EAX', 'db 1', '%endif')).toBe('01');
});

test('structures name offsets, and are filled in', () => {
  expect(
    bytesOf(
      'struc point',
      '.x: resw 1',
      '.y: resw 1',
      'endstruc',
      'istruc point',
      'at point.y, dw 7',
      'iend',
      'db point_size',
    ),
  ).toBe('0000070004');
});

test('included files are part of the source', () => {
  const { bytes, sourceMap } = assembleIa32('nop\n%include "more.inc"', {
    include: (name) => (name === 'more.inc' ? '\nhlt' : null),
  });
  expect([...bytes]).toEqual([0x90, 0xf4]);
  expect(sourceMap.map(({ line }) => line)).toEqual([1, 2]);
});

test('the source map leads from a macro to its call', () => {
  const { sourceMap } = assembleIa32('%macro two 0\nnop\nhlt\n%endmacro\n\ntwo');
  expect(sourceMap.map(({ address, line, model }) => [address, line, model?.line])).toEqual([
    [0, 6, 2],
    [1, 6, 3],
  ]);
});

test('the symbol at which a program begins is its entry', () => {
  const assembly = assembleIa32('db 1\n_start: nop', { origin: 0x100000 });
  expect(assembly.entry).toBe(0x100001);
  expect(findSymbol(assembly, '_START')?.value).toBe(0x100001);
});

test('mistakes say where they are, several at a time', () => {
  expect(
    complaintsOf(
      'movv eax, 1',
      'mov eax, [ebx+ecx*3]',
      'mov [ebx], 1',
      'jmp nowhere',
      'mov al, ebx',
      "db 'a",
    ),
  ).toEqual([
    '1:1 movv is no operation',
    '2:15 a register beside another cannot be multiplied by 3',
    '3:1 the size of the memory operand is not given',
    '4:5 the symbol nowhere is not defined',
    '5:1 MOV does not take an 8-bit register and a 32-bit register',
    '6:4 the string has no end',
  ]);
});

test('a mistake within a macro names the call', () => {
  expect(complaintsOf('%macro bad 0', 'mov eax', '%endmacro', '', 'bad')).toEqual([
    '2:1 MOV takes 2 operands, here are 1, in macro bad called in line 5',
  ]);
});

test('what does not fit is cut, with a warning', () => {
  expect(complaintsOf('mov al, 300', 'db 256')).toEqual([
    '1:9 the number 300 does not fit in 1 bytes and was cut',
    '2:4 the value does not fit and was cut',
  ]);
});

test('sources that would never end are ended', () => {
  expect(complaintsOf('%macro again 0', 'again', '%endmacro', 'again')[0]).toContain('too deep');
  expect(complaintsOf('%rep 10000000', 'nop', '%endrep')[0]).toContain('200000 lines');
  expect(complaintsOf('times 100000000 db 0')[0]).toContain('more than 4 MB');
  expect(complaintsOf('a: times a-b+1 nop', 'b:').at(-1)).toBeDefined();
});
