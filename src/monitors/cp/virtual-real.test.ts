import { describe, expect, test } from 'vitest';
import { fromEbcdic } from '../../base/ebcdic.ts';
import { S370World } from '../../worlds/s370/world.ts';
import type { MonitorChoice } from '../../worlds/s370/configuration.ts';
import type { Directory } from './commands/directory.ts';
import { TestSystem } from './testing.ts';

/** Writes a record of two CCWs, then runs a channel program that reads that record over its own end. */
const SELF_MODIFYING = `
T        START 0
         USING T,0
         DC    A(0),A(MAIN)
         ORG   T+X'78'
         DC    A(0),A(DONE)
         ORG   T+X'1000'
MAIN     BALR  10,0
         USING *,10
         DROP  0
         LA    1,FORMAT
         BAL   14,START
         LA    1,PROGRAM
         BAL   14,START
         L     2,WORD            what the CCW that was read in brought
         LPSW  GOOD
START    ST    1,X'48'
         SIO   X'190'
         BC    7,BAD
WAIT     TIO   X'190'
         BC    2,WAIT
         TM    X'44',X'02'
         BO    BAD
         TM    X'44',X'04'
         BZ    WAIT
         BR    14
BAD      LPSW  WRONG
DONE     LPSW  WRONG
GOOD     DC    0D'0',X'00020000',A(0)
WRONG    DC    0D'0',X'00020000',A(X'BAD')
FORMAT   CCW   X'07',SEEK,X'40',6
         CCW   X'31',RECORD0,X'40',5
         CCW   X'08',*-8,0,1
         CCW   X'1D',COUNT,X'80',8
         CCW   X'1D',TAIL,0,16
PROGRAM  CCW   X'07',SEEK,X'40',6
         CCW   X'31',COUNT,X'40',5
         CCW   X'08',*-8,0,1
         CCW   X'06',CHANGED,X'40',16
CHANGED  CCW   X'FF',0,0,1       no channel accepts this
         DC    D'0'
SEEK     DC    H'0,0,0'
RECORD0  DC    AL2(0,0),X'00'
COUNT    DC    AL2(0,0),X'01',X'00',AL2(16)
TAIL     CCW   X'06',WORD,X'20',4
         DC    D'0'
WORD     DC    F'0'
         END   MAIN
`;

function run(choice: Partial<MonitorChoice>) {
  const { world, diagnostics } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text: SELF_MODIFYING, file: 'source' },
    under: [{ name: 'cp', ...choice }],
  });
  if (!world) throw new Error(JSON.stringify(diagnostics));
  world.run(1e8);
  const { gr, psw } = world.system.subjects[0]!;
  return { world, word: gr[2]! >>> 0, ended: psw.instructionAddress };
}

describe('the machine in the virtual=real area', () => {
  test('has its pages where real storage has them, but page 0', () => {
    const { world } = run({ virtualReal: true });
    const { bytes } = world.machine.cpu;
    expect([...bytes.subarray(0x1000, 0x1400)]).toEqual([...world.peek('', 0x1000, 0x400)]);
    expect([...bytes.subarray(0x10000, 0x10200)]).toEqual([...world.peek('', 0, 0x200)]);
  });

  test('may run a channel program that reads in its own CCWs, once NOTRANS is set', () => {
    const { word, ended, world } = run({ virtualReal: true, noTranslation: true });
    expect({ ended, word }).toEqual({ ended: 0, word: 0x0600_0000 | (word & 0xffffff) });
    expect(world.machine.ledger.total).toBe(world.clock);
    // Translated, the channel executes the copy that was made when it began.
    expect(run({ virtualReal: true }).word).toBe(0);
  });
});

const user = (name: string, virtualReal: boolean): Directory[number] => ({
  name,
  password: '',
  storage: 0x20000,
  virtualReal,
  devices: [{ type: 'console', address: 0x009 }],
});

describe('the area', () => {
  const system = () =>
    new TestSystem({
      directory: [user('ALICE', true), user('BOB', true), user('CAROL', false)],
      virtualReal: 0x20000,
    });

  test('is for one user of the directory at a time', () => {
    const cp = system();
    expect(cp.type('LOGON ALICE')).toMatch(/^LOGON AT/);
    expect(cp.type('LOGON BOB', 1)).toBe('DMKLOG170E VIRTUAL=REAL AREA IN USE; LOGON IGNORED');
    expect(cp.type('QUERY VIRTUAL STORAGE')).toBe('STORAGE = 00128K V=R');
    expect(cp.type('SET NOTRANS ON')).toBe('');
    expect(cp.type('QUERY SET')).toMatch(/NOTRANS ON$/);
    expect(cp.type('SYSTEM CLEAR')).toMatch(/CCW TRANSLATION IN EFFECT/);
    expect(cp.type('QUERY SET')).toMatch(/NOTRANS OFF$/);
    cp.type('LOGOFF');
    expect(cp.type('LOGON BOB', 1)).toMatch(/^LOGON AT/);
  });

  test('grows no further than it is, and holds nothing of the one before', () => {
    const cp = system();
    cp.type('LOGON ALICE');
    expect(cp.type('STORE 5000 C1C2C3C4')).toMatch(/STORE COMPLETE/);
    expect(cp.type('DEFINE STORAGE 256K')).toBe('DMKDEF094E STORAGE EXCEEDS ALLOWED MAXIMUM');
    expect(cp.type('DEFINE STORAGE 64K')).toMatch(/^STORAGE = 00064K V=R/);
    cp.type('LOGOFF');
    cp.type('LOGON BOB');
    expect(cp.type('DISPLAY 5000.4')).toMatch(/00000000/);
    expect(fromEbcdic(cp.machine.cpu.bytes.subarray(0x5000, 0x5004))).not.toContain('A');
  });

  test('gives nobody else the right to SET NOTRANS', () => {
    const cp = system();
    cp.type('LOGON CAROL');
    expect(cp.type('SET NOTRANS ON')).toBe('DMKCFS006E NOTRANS NOT ALLOWED; NOT A VIRTUAL=REAL MACHINE');
  });
});
