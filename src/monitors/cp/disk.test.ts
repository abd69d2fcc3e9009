import { describe, expect, test } from 'vitest';
import { formattedImage, setRecords, emptyImage } from '../../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import { DIRECTORY, ioProgram, TestSystem } from './testing.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** A pack with a record at the start of each cylinder that names the cylinder. */
function pack() {
  const image = emptyImage(GEOMETRY_3330);
  for (let cylinder = 0; cylinder < 40; cylinder++)
    for (let head = 0; head < 2; head++)
      setRecords(image, cylinder, head, [
        ebcdicBytes(`CYL ${String(cylinder).padStart(2, '0')} HEAD ${head}`, 20),
        ebcdicBytes('SECOND', 20),
      ]);
  return image;
}
const system = (): TestSystem => new TestSystem({ directory: DIRECTORY, disks: { 0x130: pack() } });

function start(s: TestSystem, name: string, ccws: string, device = 0x191, terminal = 0): VirtualMachine {
  if (!s.cp.machineOf(name)) s.type(`LOGON ${name}`, terminal);
  const vm = s.load(name, ioProgram(device, ccws));
  s.type('BEGIN', terminal);
  return vm;
}
const ended = (vm: VirtualMachine): string => vm.state.psw.instructionAddress.toString(16);
const text = (vm: VirtualMachine, at: number, length: number): string => fromEbcdic(vm.fetch(at, length));
const csw = (vm: VirtualMachine): string =>
  [vm.fetchWord(0x40), vm.fetchWord(0x44)].map((w) => w.toString(16).padStart(8, '0')).join(' ');

const READ = (cylinder: number, head = 0): string => `
      CCW   X'07',ARG,X'40',6
      CCW   X'16',0,X'70',8
      CCW   X'06',BUF,X'20',20
ARG   DC    X'0000',AL2(${cylinder}),AL2(${head})
      DS    0D
      ORG   P+X'400'
BUF   DS    CL20`;

describe('a minidisk', () => {
  test('is found at its place on the pack, and the CSW tells the guest’s own addresses', () => {
    const vm = start(system(), 'ALICE', READ(3, 1));
    expect([ended(vm), text(vm, 0x400, 13)]).toEqual(['e0d', 'CYL 13 HEAD 1']);
    expect(csw(vm)).toMatch(/^00000\w\w\w 0c000000$/);
    expect(vm.fetchWord(0x40) & 0xffffff).toBe((vm.fetchWord(0x48) & 0xffffff) + 24);
  });

  test('has no cylinder beyond its extent: the seek ends in unit check, and SENSE tells why', () => {
    const s = system();
    const vm = start(s, 'ALICE', READ(5));
    expect([ended(vm), csw(vm).slice(9, 13)]).toEqual(['e0d', '0e00']);
    start(s, 'ALICE', "      CCW   X'04',BUF,X'20',24\n      ORG   P+X'400'\nBUF   DS    CL24");
    // Command reject.
    expect(vm.fetch(0x400, 1)[0]).toBe(0x80);
  });

  test('keeps recalibrate, programs without a seek and READ IPL inside the extent', () => {
    const s = system();
    const tail = "\n      ORG   P+X'400'\nBUF   DS    CL20";
    const recalibrated = start(
      s,
      'ALICE',
      `      CCW   X'13',0,X'60',1
      CCW   X'16',0,X'70',8
      CCW   X'06',BUF,X'20',20${tail}`,
    );
    expect(text(recalibrated, 0x400, 6)).toBe('CYL 10');
    // The real arm is moved by another user in between.
    start(s, 'BOB', READ(4), 0x191, 1);
    const unsought = start(
      s,
      'ALICE',
      `      CCW   X'16',0,X'70',8
      CCW   X'06',BUF,X'20',20${tail}`,
    );
    expect(text(unsought, 0x400, 6)).toBe('CYL 10');
    const loaded = start(s, 'ALICE', `      CCW   X'02',BUF,X'20',20${tail}`);
    expect(text(loaded, 0x400, 6)).toBe('CYL 10');
  });

  test('keeps a multitrack search inside the cylinder', () => {
    const vm = start(
      system(),
      'ALICE',
      `      CCW   X'07',ARG,X'40',6
LOOP  CCW   X'B1',WANT,X'40',5
      CCW   X'08',LOOP,0,0
      CCW   X'06',BUF,X'20',20
ARG   DC    X'000000040000'
WANT  DC    X'0015000001'
      ORG   P+X'400'
BUF   DS    CL20`,
    );
    expect(ended(vm)).toBe('e0d');
    expect(csw(vm).slice(9, 13)).toMatch(/^0e[04]0$/);
  });

  test('a read-only link cannot be written, whatever file mask the guest sets', () => {
    const s = system();
    s.type('LOGON BOB', 1);
    s.type('LINK ALICE 191 291 RR', 1);
    const vm = start(
      s,
      'BOB',
      `      CCW   X'07',ARG,X'40',6
      CCW   X'1F',MASK,X'40',1
LOOP  CCW   X'31',ARG2,X'40',5
      CCW   X'08',LOOP,0,0
      CCW   X'05',BUF,X'20',20
ARG   DC    X'000000000000'
ARG2  DC    X'000A000001'
MASK  DC    X'C0'
      ORG   P+X'400'
BUF   DC    CL20'OVERWRITTEN'`,
      0x291,
      1,
    );
    expect(csw(vm).slice(9, 13)).toMatch(/^0[2e]00$/);
    expect(text(start(s, 'ALICE', READ(0)), 0x400, 6)).toBe('CYL 10');
  });

  test('writes are there for the next reader', () => {
    const s = system();
    start(
      s,
      'ALICE',
      `      CCW   X'07',ARG,X'40',6
LOOP  CCW   X'31',ARG2,X'40',5
      CCW   X'08',LOOP,0,0
      CCW   X'05',BUF,X'20',20
ARG   DC    X'000000010000'
ARG2  DC    X'000B000001'
      ORG   P+X'400'
BUF   DC    CL20'WRITTEN'`,
    );
    expect(text(start(s, 'ALICE', READ(1)), 0x400, 7)).toBe('WRITTEN');
  });

  test('two users at one drive: each gets its own record, and its own sense after the other’s program', () => {
    const s = system();
    s.type('LOGON ALICE');
    s.type('LOGON BOB', 1);
    const alice = s.load('ALICE', ioProgram(0x191, READ(9)));
    const bob = s.load('BOB', ioProgram(0x191, READ(2)));
    s.consoles[0]!.type('BEGIN');
    s.consoles[1]!.type('BEGIN');
    s.run();
    expect([csw(alice).slice(9, 13), text(bob, 0x400, 6)]).toEqual(['0e00', 'CYL 22']);
    start(s, 'ALICE', "      CCW   X'04',BUF,X'20',24\n      ORG   P+X'400'\nBUF   DS    CL24");
    expect(alice.fetch(0x400, 1)[0]).toBe(0x80);
  });

  test('a buffer across pages comes by indirect addresses', () => {
    const image = formattedImage(GEOMETRY_3330, 4096);
    const s = new TestSystem({ directory: DIRECTORY, disks: { 0x130: image } });
    const vm = start(
      s,
      'ALICE',
      `      CCW   X'07',ARG,X'40',6
      CCW   X'16',0,X'70',8
      CCW   X'06',X'1801',X'20',4096
ARG   DC    X'000000000000'`,
    );
    expect([ended(vm), csw(vm).slice(9)]).toEqual(['e0d', '0c000000']);
  });
});

describe('status as the machine itself would tell it', () => {
  test('an immediate command alone ends with condition code 1, channel end and device end', () => {
    const vm = start(system(), 'ALICE', "      CCW   X'03',0,X'20',1", 0x009);
    expect([ended(vm), vm.fetchHalf(0x44).toString(16)]).toEqual(['c01', 'c00']);
  });
  test('a TIC or an invalid CCW to begin with is a program check of SIO', () => {
    for (const ccw of ["CCW   X'08',CCWS,0,1", "CCW   X'00',0,0,1", "CCW   X'09',0,0,0"])
      for (const device of [0x009, 0x191]) {
        const vm = start(system(), 'ALICE', `      ${ccw}`, device);
        expect([ended(vm), vm.fetchHalf(0x44)]).toEqual(['c01', 0x20]);
      }
  });
  test('a device that is not there is not operational', () => {
    expect(ended(start(system(), 'ALICE', "      CCW   X'03',0,X'20',1", 0x333))).toBe('c03');
  });
  test('an empty reader asks for intervention', () => {
    const vm = start(system(), 'ALICE', "      CCW   X'02',X'400',X'20',80", 0x00c);
    expect([ended(vm), vm.fetchHalf(0x44).toString(16)]).toEqual(['c01', '200']);
  });
});
