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

describe('14', () => {
  const punched = (
    records: readonly string[],
    name = '',
  ): Parameters<TestSystem['cp']['spool']['add']>[0] => ({
    kind: 'punch',
    owner: 'ALICE',
    queue: 'reader',
    origin: 'BOB',
    spoolClass: 'A',
    copies: 1,
    hold: false,
    name,
    type: 'DATA',
    records: records.map((text) => [...ebcdicBytes(text, 80)]),
  });
  function withFiles(...files: readonly ReturnType<typeof punched>[]) {
    const system = new TestSystem({ directory: DIRECTORY });
    system.type('LOGON ALICE');
    for (const file of files) system.cp.spool.add(file);
    /** Condition code and what register 5 has then. */
    const ask = (subcode: number, operand = 0x1000, ry = 0x00c): number => {
      const setup = `      L     2,=F'${operand}'\n      LA    4,${ry}\n      LA    5,${subcode}`;
      const vm = system.load('ALICE', diagnoseProgram(0x14, setup));
      system.type('BEGIN');
      return (vm.gr[6]! >>> 28) & 3;
    };
    return { ask, vm: system.user('ALICE'), system };
  }
  const textAt = (vm: VirtualMachine, at: number): string => fromEbcdic(vm.fetch(at, 8)).trimEnd();

  test('reads the next buffer, records with their CCWs, then tells the end', () => {
    const { ask, vm } = withFiles(punched(['ONE', 'TWO']));
    expect([ask(0), ask(0), ask(0)]).toEqual([0, 1, 2]);
    // SPLINK: no next, no previous, two records; CCW, TIC to the next, data.
    expect([0, 4, 12].map((offset) => vm.fetchWord(0x1000 + offset))).toEqual([0, 0, 2]);
    expect([16, 20, 24].map((offset) => vm.fetchWord(0x1000 + offset))).toEqual([
      0x42000020, 0x60000050, 0x08000070,
    ]);
    expect([textAt(vm, 0x1020), textAt(vm, 0x1080)]).toEqual(['ONE', 'TWO']);
  });

  test('goes through the buffers of a long file, back, and to its beginning', () => {
    const { ask, vm } = withFiles(punched(Array.from({ length: 100 }, (_, i) => `CARD ${i}`)));
    const seen: string[] = [];
    for (const subcode of [0, 0, 0, 0x18, 0x18, 0x18, 0x14, 0]) {
      expect(ask(subcode)).toBe(0);
      seen.push(`${textAt(vm, 0x1020)} of ${vm.fetchWord(0x100c)}`);
    }
    expect(seen).toEqual([
      'CARD 0 of 42',
      'CARD 42 of 42',
      'CARD 84 of 16',
      'CARD 42 of 42',
      'CARD 0 of 42',
      'CARD 0 of 42',
      'CARD 0 of 42',
      'CARD 0 of 42',
    ]);
    expect([vm.fetchWord(0x1000), vm.fetchWord(0x1004)]).toEqual([2, 0]);
  });

  test('gives file blocks one after the other, and takes a file forward', () => {
    const { ask, vm } = withFiles(punched(['A'], 'FIRST'), punched(['B', 'C'], 'SECOND'));
    expect(ask(8)).toBe(0);
    expect([textAt(vm, 0x1008), textAt(vm, 0x1010), textAt(vm, 0x1028)]).toEqual(['ALICE', 'BOB', 'FIRST']);
    expect([ask(8), textAt(vm, 0x1028), vm.fetchWord(0x1018)]).toEqual([0, 'SECOND', 2]);
    const id = vm.fetchHalf(0x101e);
    expect([ask(8), ask(4)]).toEqual([1, 2]);
    expect([ask(0xc, id), ask(0xc, 999)]).toEqual([0, 2]);
    expect([ask(0), textAt(vm, 0x1020)]).toEqual([0, 'B']);
  });

  test('refuses what is no reader', () => {
    const { ask, vm } = withFiles(punched(['A']));
    expect([ask(0, 0x1000, 0x009), vm.gr[5], ask(0, 0x1000, 0x555), vm.gr[5]]).toEqual([3, 8, 3, 4]);
  });
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
