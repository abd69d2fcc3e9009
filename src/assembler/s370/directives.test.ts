/** Assembler instructions: sections, addresses, names, literals. */
import { expect, test } from 'vitest';
import { hexBytes } from '../../base/bits.ts';
import { findSymbol } from '../core/assembly.ts';
import { assembleS370 } from './assemble.ts';
import { assembleLines, bytesOf, complaintsOf } from './testing.ts';

test('START says where the first section is loaded, END where execution begins', () => {
  const { origin, entry, ok } = assembleS370("P START X'200'\n DS F\nGO BR 14\n END GO");
  expect({ origin, entry, ok }).toEqual({ origin: 0x200, entry: 0x204, ok: true });
});

test('without an operand of END, execution begins with the first section', () => {
  expect(assembleS370('P START 4096\n BR 14\n END').entry).toBe(4096);
});

test('sections follow each other on doublewords and can be continued', () => {
  const { segments, bytes } = assembleS370(
    "A CSECT\n DC X'01'\nB CSECT\n DC X'02'\nA CSECT\n DC X'03'\n DC A(B)\n END",
  );
  expect(segments.map(({ name, address }) => [name, address])).toEqual([
    ['A', 0],
    ['B', 8],
  ]);
  expect(hexBytes(bytes)).toBe('010300000000000802');
});

test('a dummy section gives displacements and takes no storage', () => {
  const source = ['D DSECT', 'X DS F', 'Y DS H', 'T CSECT', ' USING D,3', ' LH 1,Y', ' DC AL1(Y-D)'];
  expect(bytesOf(...source)).toBe('4810300404');
});

test('EQU gives a value, and the length of its leftmost term or an explicit one', () => {
  const assembly = assembleLines(
    'A DS CL5',
    'B EQU A+1',
    'C EQU *,9',
    'N EQU 3',
    'LATER EQU LAST',
    'LAST DS H',
  );
  const facts = ['B', 'C', 'n', 'LATER'].map((name) => findSymbol(assembly, name)!);
  expect(facts.map(({ value, length, section }) => [value, length, section])).toEqual([
    [1, 5, 'T'],
    [5, 9, 'T'],
    [3, 1, null],
    [6, 2, 'T'],
  ]);
});

test('ORG goes back to overwrite, and without operand to the end', () => {
  expect(bytesOf("A DC X'01020304'", ' ORG A+1', " DC X'FF'", ' ORG', " DC X'05'")).toBe('01FF030405');
});

test('equal literals are pooled once, longer boundaries first', () => {
  const lines = [
    ' USING T,15',
    " L 1,=F'1'",
    " A 1,=f'1'",
    " CLI =C'a',0",
    " LD 0,=D'0'",
    ' LTORG',
    " L 1,=F'1'",
  ];
  expect(bytesOf(...lines)).toBe(
    '5810F018' +
      '5A10F018' +
      '9500F01C' +
      '6800F010' +
      '0000000000000000' +
      '00000001' +
      '8100' +
      '5810F028' +
      '000000000000' +
      '00000001',
  );
});

test('USING takes the smallest displacement, then the highest register', () => {
  expect(bytesOf(' USING T,5', ' USING T,9', ' USING A,4', ' LA 1,A', ' LA 1,T', 'A DS F')).toBe(
    '41104000' + '41109000' + '00000000',
  );
});

test('each further register of USING reaches 4096 bytes further; DROP takes it back', () => {
  const lines = [' USING T,5,6', ' LA 1,FAR', ' DROP 6', ' LA 1,FAR', ' ORG T+4100', 'FAR DS 0C'];
  expect(complaintsOf(...lines)).toEqual([
    "5:7 the address is X'1004' bytes beyond the base in register 5, which reaches X'FFF'",
  ]);
  expect(hexBytes(assembleLines(...lines).bytes.subarray(0, 4))).toBe('41106004');
});

test('PUSH and POP keep the base registers', () => {
  expect(bytesOf(' USING T,5', ' PUSH USING', ' DROP', ' POP USING', ' LA 1,T')).toBe('41105000');
});

test('CNOP fills with no-operations', () => {
  expect(bytesOf(' CNOP 2,8', ' BR 14', ' CNOP 0,4')).toBe('070007FE'.replace('07000', '07000'));
});

test('CCW makes a channel command word', () => {
  expect(bytesOf(" CCW X'09',T,X'20',80")).toBe('0900000020000050');
});

test('PRINT, TITLE, EJECT and SPACE are accepted; PRINT NOGEN hides what macros generate', () => {
  const macro = [' MACRO', ' M', " DC X'AA'", ' MEND'];
  const { listing, ok } = assembleLines(...macro, " TITLE 'A B'", ' EJECT', ' SPACE 2', ' PRINT NOGEN', ' M');
  expect([ok, /AA\s+\d+\+/.test(listing())]).toEqual([true, false]);
});

test('lengths are implied by the first operand, or written out', () => {
  const lines = [
    ' MVC A,B',
    ' MVC A(2),B',
    ' MVC 0(3,1),0(2)',
    ' MVC 0(0,1),0(2)',
    ' AP A,B',
    ' SRP A,3,5',
    'A DS CL4',
    'B DS CL5',
  ];
  expect(bytesOf(' USING T,15', ...lines)).toBe(
    'D203F024F028' +
      'D201F024F028' +
      'D20210002000' +
      'D20010002000' +
      'FA34F024F028' +
      'F035F0240003' +
      '00'.repeat(9),
  );
});

test('extended mnemonics imply the mask', () => {
  expect(bytesOf(' B 4(1)', ' BE 4(1)', ' NOP 0', ' BR 14', ' BNZR 2', ' NOPR 0')).toBe(
    '47F10004' + '47810004' + '47000000' + '07FE' + '0772' + '0700',
  );
});

test('a card continues when column 72 is marked, and columns 73 to 80 number it', () => {
  const card = (text: string, mark = ' '): string => `${text.padEnd(71)}${mark}00000010`;
  expect(bytesOf(card("         DC    C'AB',", 'X'), card("               C'CD'"))).toBe('C1C2C3C4');
});

test('long free-form lines need no columns', () => {
  expect(bytesOf(`A DC X'01' ${'a remark that runs on past every card '.repeat(3)}`)).toBe('01');
});

test('the source map tells which line made which bytes', () => {
  const { sourceMap } = assembleS370(" BALR 15,0\nA DC F'1'\n MACRO\n M\n LR 1,2\n MEND\n M\n END", {
    file: 'x',
  });
  expect(sourceMap).toEqual([
    { address: 0, length: 2, file: 'x', line: 1, kind: 'instruction' },
    { address: 4, length: 4, file: 'x', line: 2, kind: 'data' },
    { address: 8, length: 2, file: 'x', line: 7, kind: 'instruction', model: { file: 'x', line: 5 } },
  ]);
});

test('COPY puts another source in its place', () => {
  const options = { copy: (name: string) => (name === 'REGS' ? 'R1 EQU 1\n LR R1,R9' : null) };
  const { diagnostics, sourceMap } = assembleS370(' COPY REGS\n COPY NONE\n END', options);
  expect(
    diagnostics.map(({ span, message }) => `${span.file}:${span.line}:${span.column} ${message}`),
  ).toEqual(['source:2:7 there is no NONE to copy', 'REGS:2:8 the symbol R9 is not defined']);
  expect(sourceMap.map(({ file, line }) => [file, line])).toEqual([['REGS', 2]]);
});

test('the listing shows location, object code, addresses, statement and source', () => {
  const { listing } = assembleS370("P START X'200'\n USING P,15\n MVC A,A\nA DS CL2\n END");
  expect(listing().split('\n').slice(0, 6)).toEqual([
    '  LOC  OBJECT CODE    ADDR1  ADDR2   STMT   SOURCE STATEMENT',
    "000200                                   1  P START X'200'",
    '000200                                   2   USING P,15',
    '000200 D201 F006 F006   000206 000206    3   MVC A,A',
    '000206                                   4  A DS CL2',
    '                                         5   END',
  ]);
});
