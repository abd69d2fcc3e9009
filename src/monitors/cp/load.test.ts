import { expect, test } from 'vitest';
import { ebcdicBytes } from '../../base/ebcdic.ts';
import { packCcw, SLI } from '../../machines/s370/channels/ccw.ts';
import { emptyImage, setRecords } from '../../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { assembled, DIRECTORY, TestSystem } from './testing.ts';

/** Written on the console by a program at X'200', which then waits disabled at X'BAD'. */
const [segment] = assembled(`
P     START 0
      USING P,0
      ORG   P+X'200'
      LA    1,CCW
      ST    1,X'48'
      MVC   X'78'(8),DONE
      SIO   9
      LPSW  WAIT
      DS    0D
CCW   CCW   X'09',TEXT,X'20',5
WAIT  DC    X'FE020000',A(0)
DONE  DC    X'00020000',A(X'BAD')
TEXT  DC    C'READY'
      END
`);
const PROGRAM = segment!.bytes.slice(0x200 - segment!.address);

const FIRST = [0, 0, 0, 0, 0, 0, 2, 0, ...packCcw(0x02, 0x200, SLI, 80)];

function card(bytes: ArrayLike<number>): number[] {
  return Array.from({ length: 80 }, (_, i) => bytes[i] ?? 0);
}

test('IPL 00C loads the deck that waits in the virtual reader', () => {
  const system = new TestSystem({ directory: DIRECTORY });
  system.type('LOGON ALICE');
  system.cp.spool.add({
    kind: 'punch',
    owner: 'ALICE',
    queue: 'reader',
    origin: 'BOB',
    spoolClass: 'A',
    copies: 1,
    hold: false,
    name: '',
    type: '',
    records: [card(FIRST), card(PROGRAM)],
  });
  expect(system.type('IPL 00C')).toBe("READY\nDMKDSP450W CP ENTERED; DISABLED WAIT PSW '00020000 00000BAD'");
  // The I/O address is where an interruption would have left it.
  expect(system.user('ALICE').fetchHalf(2)).toBe(0x00c);
});

test('IPL 191 loads from the first cylinder of the minidisk, wherever that is', () => {
  const image = emptyImage(GEOMETRY_3330);
  setRecords(image, 10, 0, [
    Uint8Array.of(0, 0, 0, 0, 0, 0, 2, 0, ...packCcw(0x06, 0x200, SLI, 80), ...new Uint8Array(8)),
    PROGRAM,
  ]);
  setRecords(image, 0, 0, [ebcdicBytes('NOT YOURS', 24)]);
  const system = new TestSystem({ directory: DIRECTORY, disks: { 0x130: image } });
  system.type('LOGON ALICE');
  expect(system.type('I 191')).toBe("READY\nDMKDSP450W CP ENTERED; DISABLED WAIT PSW '00020000 00000BAD'");
});

test('a load that fails says so, and the machine stays stopped', () => {
  const system = new TestSystem({ directory: DIRECTORY, disks: { 0x130: emptyImage(GEOMETRY_3330) } });
  system.type('LOGON ALICE');
  expect(system.type('IPL 00C')).toBe('DMKDSP450W CP ENTERED; IPL 00C FAILED; STATUS 0200');
  expect(system.type('IPL 191')).toBe('DMKDSP450W CP ENTERED; IPL 191 FAILED; STATUS 0E00');
  expect(system.type('IPL 009')).toBe('DMKCFG006E INVALID DEVICE TYPE - 009');
});

test('a saved system is loaded by name, as a core image', () => {
  const system = new TestSystem({
    directory: DIRECTORY,
    savedSystem: (name) =>
      name === 'TINY' ? { segments: [{ address: 0x200, bytes: PROGRAM }], psw: [0, 0x200] } : null,
  });
  system.type('LOGON ALICE');
  expect(system.type('IPL TINY CLEAR')).toContain('READY');
  expect(system.type('IPL HUGE')).toBe('DMKCFG044E HUGE DOES NOT EXIST');
});
