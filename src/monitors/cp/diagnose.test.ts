import { describe, expect, test } from 'vitest';
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import { emptyImage, setRecords } from '../../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { diagnoseProgram, DIRECTORY, TestSystem } from './testing.ts';
import type { VirtualMachine } from './virtual-machine.ts';

interface Outcome {
  readonly vm: VirtualMachine;
  readonly end: string;
  readonly cc: number;
  readonly output: string;
}

function diagnose(code: number, setup: string, data = '', name = 'ALICE'): Outcome {
  const image = emptyImage(GEOMETRY_3330);
  setRecords(image, 10, 0, [ebcdicBytes('TEN', 20)]);
  const system = new TestSystem({ directory: DIRECTORY, disks: { 0x130: image } });
  system.type(`LOGON ${name} OPER`.replace('ALICE OPER', 'ALICE'));
  const vm = system.load(name, diagnoseProgram(code, setup, data));
  const output = system.type('BEGIN');
  return {
    vm,
    end: vm.state.psw.instructionAddress.toString(16),
    cc: (vm.gr[6]! >>> 28) & 3,
    output,
  };
}
/** Ended by a specification exception. */
const refused = (o: Outcome): boolean => o.end === 'bad' && o.vm.fetchHalf(0x2a) === 6;

test('00 stores who and what, as much as is asked for', () => {
  const { vm, end } = diagnose(0x00, "      LA    2,X'400'\n      LA    4,24");
  expect([end, fromEbcdic(vm.fetch(0x400, 8)), fromEbcdic(vm.fetch(0x410, 8)), vm.gr[4]]).toEqual([
    'e0d',
    'STRATACP',
    'ALICE   ',
    0,
  ]);
});

test('04 shows real storage to operators only', () => {
  const setup = "      LA    2,LIST\n      LA    4,1\n      LA    5,X'400'";
  const list = "LIST  DC    A(X'58')";
  const operator = diagnose(0x04, setup, list, 'OPERATOR');
  expect([operator.end, operator.vm.fetchWord(0x400) >>> 16]).toEqual(['e0d', 0x0008]);
  const user = diagnose(0x04, setup, list);
  expect([user.end, user.vm.fetchHalf(0x2a)]).toEqual(['bad', 2]);
});

describe('08', () => {
  const setup = "      LA    2,TEXT\n      LA    4,L'TEXT";
  test('gives a command to CP, types its answer and gives the number of its error', () => {
    const good = diagnose(0x08, setup, "TEXT  DC    C'QUERY USERID'");
    expect([good.vm.gr[4], good.output.split('\n')[0]]).toEqual([0, 'ALICE']);
    const bad = diagnose(0x08, setup, "TEXT  DC    C'NONSENSE'");
    expect([bad.vm.gr[4], bad.output.split('\n')[0]]).toEqual([1, 'DMKCFC001E ?CP: NONSENSE']);
  });
  test('puts the answer into a buffer', () => {
    const { vm, cc } = diagnose(
      0x08,
      `${setup}\n      O     4,FLAG\n      LA    3,X'400'\n      LA    5,8`,
      "FLAG  DC    X'40000000'\nTEXT  DC    C'Q USERID'",
    );
    expect([cc, vm.gr[4], vm.gr[5], fromEbcdic(vm.fetch(0x400, 5))]).toEqual([0, 0, 5, 'ALICE']);
  });
  test('refuses a length that no command has', () => {
    expect(refused(diagnose(0x08, '      LA    2,0\n      LA    4,133'))).toBe(true);
  });
});

test('0C stores date, time and processor time, on a doubleword only', () => {
  const { vm } = diagnose(0x0c, "      LA    2,X'400'");
  expect(fromEbcdic(vm.fetch(0x400, 16))).toMatch(/^08\/02\/7200:0\d:\d\d$/);
  expect(refused(diagnose(0x0c, "      LA    2,X'404'"))).toBe(true);
});

test('10 makes pages into zeros, and refuses what is no range of pages', () => {
  const setup = '      LA    2,1\n      SLL   2,13\n      MVI   0(2),1\n      LR    4,2';
  const { vm, end } = diagnose(0x10, setup);
  expect([end, vm.fetchWord(0x2000), vm.storageKey(0x2000) & 0xf0]).toEqual(['e0d', 0, 0]);
  expect(refused(diagnose(0x10, "      LA    2,X'100'\n      LA    4,X'200'"))).toBe(true);
  const wild = diagnose(0x10, "      SR    2,2\n      L     4,=X'00FFF000'");
  expect([wild.end, wild.vm.fetchHalf(0x2a)]).toEqual(['bad', 5]);
});

describe('18 and 20', () => {
  const ccws = `
      DS    0D
CCWS  CCW   X'07',ARG,X'40',6
      CCW   X'16',0,X'70',8
      CCW   X'06',X'400',X'20',20
ARG   DC    X'000000000000'`;
  const setup = "      LA    2,X'191'\n      LA    4,CCWS\n      LA    15,1";
  test('read a record while the guest waits, without an interruption', () => {
    for (const code of [0x18, 0x20]) {
      const { vm, cc } = diagnose(code, setup, ccws);
      expect([cc, fromEbcdic(vm.fetch(0x400, 3)), vm.state.devices.some((d) => d.pending ?? d.held)]).toEqual(
        [0, 'TEN', false],
      );
    }
  });
  test('tell by condition code and register 15 what is wrong', () => {
    const of = (code: number, s: string, data = ccws): number[] => {
      const { cc, vm } = diagnose(code, s, data);
      return [cc, vm.gr[15]!];
    };
    expect({
      absent: of(0x18, setup.replace('191', '333')),
      printer: of(0x18, setup.replace('191', '00E')),
      unaligned: of(0x18, setup.replace('4,CCWS', '4,CCWS+4')),
      outside: of(0x18, "      LA    2,X'191'\n      L     4,=X'00FFFFF8'\n      LA    15,1"),
      count: of(0x18, setup.replace('15,1', '15,99')),
      cylinder: of(0x18, setup, ccws.replace('000000000000', '000000990000')),
      noRecord: of(0x18, setup, ccws.replace('000000000000', '000000010000')),
      general: of(0x20, setup, ccws.replace('000000000000', '000000010000')),
      length: of(0x20, setup, ccws.replace("X'400',X'20',20", "X'400',0,10")),
    }).toEqual({
      absent: [1, 1],
      printer: [1, 2],
      unaligned: [2, 5],
      outside: [2, 6],
      count: [2, 11],
      cylinder: [1, 4],
      noRecord: [3, 13],
      general: [3, 13],
      length: [2, 3],
    });
  });
  test('20 writes on the console', () => {
    const { output, cc } = diagnose(
      0x20,
      '      LA    2,9\n      LA    4,CCWS',
      "      DS    0D\nCCWS  CCW   X'09',TEXT,X'20',5\nTEXT  DC    C'HELLO'",
    );
    expect([cc, output.split('\n')[0]]).toEqual([0, 'HELLO']);
  });
});

test('24 tells class and type of virtual devices', () => {
  const of = (load: string): (number | string)[] => {
    const { vm, cc } = diagnose(0x24, load);
    return [cc, (vm.gr[4]! >>> 0).toString(16), (vm.gr[5]! >>> 16).toString(16)];
  };
  expect({
    console: of("      L     2,=F'-1'").slice(0, 2),
    disk: of("      LA    2,X'191'"),
    reader: of("      LA    2,X'00C'").slice(0, 2),
    absent: of("      LA    2,X'444'")[0],
  }).toEqual({
    console: [0, '80000000'],
    disk: [0, '4100000', '410'],
    reader: [2, '20820000'],
    absent: 3,
  });
});

test('5C cuts a message to what SET EMSG wants; 60 tells the size of storage', () => {
  const { vm } = diagnose(0x5c, "      LA    2,X'400'\n      LA    4,30");
  expect([vm.gr[2], vm.gr[4]]).toEqual([0x400, 30]);
  expect(diagnose(0x60, '      SR    2,2').vm.gr[2]).toBe(0x20000);
});

test('14 reads the next buffer of a spool file, then tells its end', () => {
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
    records: [[...ebcdicBytes('ONE', 80)], [...ebcdicBytes('TWO', 80)]],
  });
  const setup = "      LA    2,1\n      SLL   2,12\n      LA    4,X'00C'\n      SR    5,5";
  const codes: number[] = [];
  for (let i = 0; i < 3; i++) {
    const vm = system.load('ALICE', diagnoseProgram(0x14, setup));
    system.type('BEGIN');
    codes.push((vm.gr[6]! >>> 28) & 3);
  }
  const vm = system.user('ALICE');
  expect([codes, vm.fetchWord(0x1008), fromEbcdic(vm.fetch(0x1018, 3))]).toEqual([[0, 1, 2], 2, 'ONE']);
});

test('codes that this CP does not have are specification exceptions', () => {
  for (const code of [0x58, 0x64, 0x7c, 0xffc]) expect(refused(diagnose(code, '      SR    2,2'))).toBe(true);
});

test('wild addresses are addressing exceptions of the guest', () => {
  for (const code of [0x00, 0x08, 0x0c]) {
    const { end, vm } = diagnose(code, "      L     2,=X'00FFFFF8'\n      LA    4,16");
    expect([code, end, vm.fetchHalf(0x2a)]).toEqual([code, 'bad', 5]);
  }
});
