import { describe, expect, test } from 'vitest';
import { ioProgram, TestSystem } from './testing.ts';
import { UNIT_RECORD, type Directory } from './commands/directory.ts';
import { formattedImage } from '../../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { pagingDevice } from './paging-device.ts';

const PAGES = 24;
const user = (name: string): Directory[number] => ({
  name,
  password: '',
  storage: PAGES * 4096,
  devices: [...UNIT_RECORD, { type: 'disk', address: 0x191, real: 0x130, start: 10, cylinders: 5 }],
});
const USERS: Directory = [user('ALICE'), user('BOB')];

/** Writes its number into every page from 2 on, then adds them up again, `times` times; the sum is in register 5. */
const sweep = (times: number): string => `
P     START 0
      USING P,0
      DC    X'00000000',A(GO)
      ORG   P+X'50'
      DC    X'7FFFFF00'
      ORG   P+X'68'
      DC    X'00020000',A(X'BAD')
      ORG   P+X'100'
GO    LA    9,${times}
      L     8,=X'00001000'
ROUND SR    5,5
      LA    2,2
      LR    3,8
      AR    3,8
WRITE ST    2,0(3)
      AR    3,8
      LA    2,1(2)
      C     2,=F'${PAGES}'
      BC    4,WRITE
      LA    2,2
      LR    3,8
      AR    3,8
ADD   A     5,0(3)
      AR    3,8
      LA    2,1(2)
      C     2,=F'${PAGES}'
      BC    4,ADD
      BCT   9,ROUND
      LPSW  END
      DS    0D
END   DC    X'00020000',A(X'E0D')
      END
`;
const SUM = ((PAGES - 1) * PAGES) / 2 - 1;
/** Sixteen frames for forty-eight pages. */
const tight = (): TestSystem =>
  new TestSystem({
    directory: USERS,
    pageable: 16 * 4096,
    drum: true,
    disks: { 0x130: formattedImage(GEOMETRY_3330, 4096) },
  });

function place(system: TestSystem, name: string, source: string): void {
  // With few frames a page may have to come first, which takes an interruption: so one store at a time.
  const vm = system.user(name);
  for (;;)
    try {
      system.load(name, source);
      return;
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      system.run();
      if (vm.state.waitPage >= 0) throw new Error('the page does not come', { cause: thrown });
    }
}

describe('demand paging with a 2305', () => {
  test('a machine larger than real storage computes what it should', () => {
    const system = tight();
    system.type('LOGON ALICE');
    place(system, 'ALICE', sweep(3));
    system.type('BEGIN');
    const { gr, state } = system.user('ALICE');
    expect([state.psw.instructionAddress, gr[5]]).toEqual([0xe0d, SUM]);
    expect(system.cp.paging.writes).toBeGreaterThan(20);
    expect(system.cp.paging.reads).toBeGreaterThan(20);
  });

  test('two machines share the frames, and neither sees the other’s pages', () => {
    const system = tight();
    system.type('LOGON ALICE');
    system.type('LOGON BOB', 1);
    place(system, 'ALICE', sweep(2));
    place(system, 'BOB', sweep(2));
    system.consoles[0]!.type('BEGIN');
    system.consoles[1]!.type('BEGIN');
    system.run(200_000_000);
    for (const name of ['ALICE', 'BOB']) {
      const { gr, state } = system.user(name);
      expect([name, state.psw.instructionAddress, gr[5]]).toEqual([name, 0xe0d, SUM]);
    }
    expect(system.cp.machines.map((vm) => vm.state.pages.map((p) => p.locks).join(''))).toEqual([
      '0'.repeat(PAGES),
      '0'.repeat(PAGES),
    ]);
  });

  test('commands of the user wait for the pages they show', () => {
    const system = tight();
    system.type('LOGON ALICE');
    for (let page = 0; page < PAGES; page++)
      expect(system.type(`STORE ${(page * 4096 + 16).toString(16)} ${page + 1}`)).toBe('STORE COMPLETE');
    for (let page = 0; page < PAGES; page++)
      expect(system.type(`D ${(page * 4096 + 16).toString(16)}.4`)).toMatch(
        new RegExp(`^0*${(page * 4096 + 16).toString(16)}  ${(page + 1).toString(10).padStart(8, '0')}`, 'i'),
      );
  });

  test('a user who leaves while pages are on their way gives all frames and slots back', () => {
    const system = tight();
    system.type('LOGON ALICE');
    const free = system.cp.paging.freeFrames;
    place(system, 'ALICE', sweep(1000));
    system.consoles[0]!.type('BEGIN');
    for (let i = 0; i < 1000 && system.cp.paging.save().queue.length === 0; i++) system.run(5_000);
    expect(system.cp.paging.save().queue.length).toBeGreaterThan(0);
    system.type('#CP LOGOFF');
    system.run();
    const { queue, slotsUsed, frames } = system.cp.paging.save();
    expect([queue.length, slotsUsed.length, frames.filter((f) => f.owner >= 0).length]).toEqual([0, 0, 0]);
    expect(system.cp.paging.freeFrames).toBe(free);
  });

  test('a channel program that would lock every frame is refused, one that fits goes through', () => {
    const run = (length: number): number => {
      const system = tight();
      system.type('LOGON ALICE');
      place(system, 'ALICE', ioProgram(0x191, `      CCW   X'06',X'1000',X'20',${length}`));
      system.type('BEGIN');
      return system.user('ALICE').state.psw.instructionAddress;
    };
    expect([run(60_000), run(8_000)]).toEqual([0xc01, 0xe0d]);
  });

  test('the guest’s own view of its storage keys survives paging', () => {
    const system = tight();
    system.type('LOGON ALICE');
    place(
      system,
      'ALICE',
      sweep(1)
        .replace(
          'GO    LA    9,1',
          "GO    L     1,=F'48'\n      L     2,=X'00004000'\n      SSK   1,2\n      LA    9,1",
        )
        .replace('      LPSW  END', "      L     2,=X'00004000'\n      ISK   7,2\n      LPSW  END"),
    );
    system.type('BEGIN');
    const { gr, state } = system.user('ALICE');
    expect([state.psw.instructionAddress, gr[7]! & 0xff]).toEqual([0xe0d, 0x30]);
  });
});

describe('save and restore', () => {
  test('CP and machine put away in the middle of paging and I/O go on in the same way', () => {
    const start = (): TestSystem => {
      const system = tight();
      system.type('LOGON ALICE');
      system.type('LOGON BOB', 1);
      place(system, 'ALICE', sweep(2));
      place(system, 'BOB', sweep(2));
      system.consoles[0]!.type('BEGIN');
      system.consoles[1]!.type('BEGIN');
      return system;
    };
    const digest = (s: TestSystem): unknown => [
      s.machine.clock,
      s.machine.instructions,
      s.cp.machines.map((vm) => [...vm.gr, vm.state.virtualCycles, vm.state.psw.instructionAddress]),
      s.cp.paging.reads,
      s.cp.paging.writes,
      s.consoles.map((c) => c.output),
    ];
    const straight = start();
    straight.run(1_500_000);
    const machineState = straight.machine.save();
    const cpState = straight.cp.save();
    straight.run(200_000_000);
    const other = tight();
    other.type('LOGON BOB');
    other.machine.restore(machineState);
    other.cp.restore(cpState);
    other.run(200_000_000);
    expect(digest(other)).toEqual(digest(straight));
    // What was saved has not been changed by going on.
    const again = tight();
    again.machine.restore(machineState);
    again.cp.restore(cpState);
    again.run(200_000_000);
    expect(digest(again)).toEqual(digest(straight));
  });
});

test('slots lie record by record over the tracks of the device', () => {
  const image = formattedImage(GEOMETRY_3330, 4096);
  const device = pagingDevice(0x131, image);
  const perTrack = image.format.records;
  expect([device.slots, ...[0, perTrack, perTrack * 19].map((slot) => device.locate(slot))]).toEqual([
    perTrack * GEOMETRY_3330.heads * GEOMETRY_3330.cylinders,
    { cylinder: 0, head: 0, record: 1 },
    { cylinder: 0, head: 1, record: 1 },
    { cylinder: 1, head: 0, record: 1 },
  ]);
});
