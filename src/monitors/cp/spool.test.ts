import { expect, test } from 'vitest';
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import { DIRECTORY, ioProgram, TestSystem } from './testing.ts';

const PUNCH = `
      CCW   X'01',CARD1,X'60',80
      CCW   X'01',CARD2,X'20',80
CARD1 DC    CL80'FIRST CARD'
CARD2 DC    CL80'SECOND CARD'`;
const PRINT = `
      CCW   X'09',LINE1,X'60',8
      CCW   X'09',LINE2,X'20',8
LINE1 DC    CL8'HEADING'
LINE2 DC    CL8'TEXT'`;
const READ = `
      CCW   X'02',X'400',X'60',80
      CCW   X'02',X'450',X'60',80
      CCW   X'02',X'4A0',X'20',80`;

function logOn(printer = false): TestSystem {
  const system = new TestSystem({ directory: DIRECTORY, printer });
  system.type('LOGON ALICE');
  system.type('LOGON BOB', 1);
  return system;
}
function execute(system: TestSystem, name: string, device: number, ccws: string): void {
  system.load(name, ioProgram(device, ccws));
  system.type('BEGIN', name === 'ALICE' ? 0 : 1);
}

test('cards punched to another user are read there, with an end of file behind the last', () => {
  const system = logOn();
  expect(system.type('SPOOL PUNCH TO BOB CLASS B')).toBe('');
  execute(system, 'ALICE', 0x00d, PUNCH);
  expect(system.type('CLOSE PUNCH NAME MY DECK')).toBe('PUN FILE 0001 TO BOB COPY 01 NOHOLD');
  expect(system.output(1)).toContain('PUN FILE 0001 FROM ALICE COPY 01 NOHOLD');
  expect(system.type('Q RDR ALL', 1)).toBe(
    'ORIGINID FILE CLASS RECDS CPY HOLD NAME     TYPE\nALICE    0001 B PUN 000002 01 NONE MY       DECK',
  );
  execute(system, 'BOB', 0x00c, READ);
  const bob = system.user('BOB');
  expect(fromEbcdic(bob.fetch(0x400, 10))).toBe('FIRST CARD');
  expect(fromEbcdic(bob.fetch(0x450, 11))).toBe('SECOND CARD');
  // Unit exception: the end of the file.
  expect(bob.fetchHalf(0x44) & 0x0100).toBe(0x0100);
  expect(system.type('Q F', 1)).toBe('FILES: NO  RDR, NO  PRT, NO  PUN');
});

test('TRANSFER moves a reader file on, PURGE throws it away, SPOOL READER HOLD keeps it', () => {
  const system = logOn();
  system.type('SPOOL PUNCH TO *');
  execute(system, 'ALICE', 0x00d, PUNCH);
  system.type('CLOSE PUNCH');
  expect(system.type('TRANSFER ALL TO BOB')).toBe('0001 FILES TRANSFERRED');
  expect(system.output(1)).toContain('RDR FILE 0001 TRANSFERRED FROM ALICE');
  system.type('SPOOL READER HOLD', 1);
  execute(system, 'BOB', 0x00c, READ);
  expect(system.type('Q F', 1)).toBe('FILES: 001 RDR, NO  PRT, NO  PUN');
  expect(system.type('PURGE READER 1', 1)).toBe('0001 FILES PURGED');
  expect(system.type('Q F', 1)).toBe('FILES: NO  RDR, NO  PRT, NO  PUN');
});

test('closed printer files wait in a queue where CP has no printer', () => {
  const system = logOn();
  execute(system, 'ALICE', 0x00e, PRINT);
  expect(system.type('CLOSE PRT')).toBe('PRT FILE 0001 FOR ALICE COPY 01 NOHOLD');
  expect(system.type('Q PRT')).toContain('ALICE    0001 A PRT 000002 01 NONE');
  expect(system.type('CHANGE PRT 1 COPY 3 CLASS X')).toBe('0001 FILES CHANGED');
  expect(system.type('Q PRT')).toContain('ALICE    0001 X PRT 000002 03 NONE');
});

test('closed printer files come out on the real printer, as often as COPY says', () => {
  const system = logOn(true);
  system.type('SPOOL PRINTER COPY 2');
  execute(system, 'ALICE', 0x00e, PRINT);
  expect(system.printer.output).toBe('');
  system.type('CLOSE PRINTER');
  system.run();
  expect(system.printer.lines.map((line) => line.strikes.join())).toEqual([
    'HEADING',
    'TEXT',
    'HEADING',
    'TEXT',
  ]);
  expect(system.type('Q F')).toBe('FILES: NO  RDR, NO  PRT, NO  PUN');
});

test('a file that is held stays until CHANGE NOHOLD', () => {
  const system = logOn(true);
  system.type('SPOOL PRINTER HOLD');
  execute(system, 'ALICE', 0x00e, PRINT);
  system.type('CLOSE PRINTER');
  expect(system.printer.output).toBe('');
  system.type('CHANGE PRT ALL NOHOLD');
  system.run();
  expect(system.printer.output).toContain('TEXT');
});

test('what LOGOFF finds open is closed and printed', () => {
  const system = logOn(true);
  execute(system, 'ALICE', 0x00e, PRINT);
  system.type('LOGOFF');
  system.run();
  expect(system.printer.output).toContain('HEADING');
});

test('a reader that gets a file calls its guest by device end', () => {
  const system = logOn();
  system.load(
    'BOB',
    `
P     START 0
      DC    X'FE020000',A(0)
      ORG   P+X'78'
      DC    X'00020000',A(X'111')
      END
`,
  );
  system.type('BEGIN', 1);
  system.cp.spool.add({
    kind: 'punch',
    owner: 'BOB',
    queue: 'reader',
    origin: 'ALICE',
    spoolClass: 'A',
    copies: 1,
    hold: false,
    name: '',
    type: '',
    records: [[...ebcdicBytes('CARD', 80)]],
  });
  system.type('MSG BOB THERE IS A FILE');
  const bob = system.user('BOB');
  expect([bob.state.psw.instructionAddress, bob.fetchHalf(0x44), bob.fetchHalf(0x3a)]).toEqual([
    0x111, 0x400, 0x00c,
  ]);
});
