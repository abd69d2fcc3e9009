import { expect, test } from 'vitest';
import { assembled, standAlone } from './testing.ts';

const SECOND = 1e12 / 202_500;

test('a disabled wait stops the machine, and nothing ends it', () => {
  const { machine } = assembled(standAlone('         LPSW  GOOD'));
  expect(machine.run(1000)).toEqual({ kind: 'wait' });
  const { clock } = machine;
  expect(machine.run(1000)).toEqual({ kind: 'wait' });
  expect(machine.clock).toBe(clock);
});

test('a program new PSW that leads to a program interruption is reported as a loop within the budget', () => {
  const { machine } = assembled(`
T        START 0
         USING T,0
         DC    A(0),A(MAIN)
         ORG   T+X'68'
         DC    A(0),A(X'201')
         ORG   T+X'200'
MAIN     DC    X'0000'
         END   MAIN`);
  expect(machine.run(1e9)).toMatchObject({ kind: 'check' });
});

test('the interval timer at location 80 counts 300 steps a second and interrupts when it passes zero', () => {
  const { machine } = assembled(
    standAlone(
      `         MVC   80(4),TICKS
         LPSW  OPEN
TICKS    DC    A(10*256)
OPEN     DC    0D'0',X'01020000',A(0)`,
      `         ORG   T+X'58'
         DC    X'00020000',A(X'EE')`,
    ),
  );
  expect(machine.run(SECOND)).toEqual({ kind: 'wait' });
  expect(machine.psw.instructionAddress).toBe(0xee);
  expect(machine.clock / SECOND).toBeCloseTo(11 / 300, 4);
  expect(machine.cpu.view.getUint16(0x1a)).toBe(0x0080);
});

test('the clock comparator interrupts once the clock has passed it', () => {
  const { machine } = assembled(
    standAlone(
      `         LPSW  EC
GO       LCTL  0,0,CR0
         STCK  NOW
         LM    2,3,NOW
         AL    3,LATER
         BC    12,NOCARRY
         A     2,ONE
NOCARRY  STM   2,3,NOW
         SCKC  NOW
         LPSW  OPEN
NOW      DC    D'0'
LATER    DC    A(5000*4096)
ONE      DC    F'1'
CR0      DC    X'00000800'
EC       DC    0D'0',X'00080000',A(GO)
OPEN     DC    0D'0',X'010A0000',A(0)`,
      `         ORG   T+X'58'
         DC    X'000A0000',A(X'EE')`,
    ),
  );
  expect(machine.run(SECOND)).toEqual({ kind: 'wait' });
  expect(machine.cpu.view.getUint32(0x84)).toBe(0x1004);
  expect(machine.clock / SECOND).toBeCloseTo(0.005, 3);
});

test('the CPU timer interrupts while it is negative', () => {
  const { machine } = assembled(
    standAlone(
      `         LPSW  EC
GO       LCTL  0,0,CR0
         SPT   TIMER
         LPSW  OPEN
TIMER    DC    0D'0',A(0),A(3000*4096)
CR0      DC    X'00000400'
EC       DC    0D'0',X'00080000',A(GO)
OPEN     DC    0D'0',X'01080000',A(SPIN)
SPIN     B     SPIN`,
      `         ORG   T+X'58'
         DC    X'000A0000',A(X'EE')`,
    ),
  );
  expect(machine.run(SECOND)).toEqual({ kind: 'wait' });
  expect(machine.cpu.view.getUint32(0x84)).toBe(0x1005);
  expect(machine.clock / SECOND).toBeCloseTo(0.003, 3);
});

test('every cycle has an account, and the same run twice takes the same cycles', () => {
  const source = standAlone(
    `         LA    5,1000
LOOP     SVC   7
         BCT   5,LOOP
         LPSW  GOOD
SERVE    LPSW  32`,
    `         ORG   T+X'60'
         DC    A(0),A(SERVE)`,
  );
  const runs = [1, 2].map(() => {
    const { machine } = assembled(source);
    machine.run(1e9);
    expect(machine.ledger.total).toBe(machine.clock);
    return { clock: machine.clock, rows: machine.ledger.rows() };
  });
  expect(runs[0]).toEqual(runs[1]);
  const trap = runs[0]!.rows.find(({ reason }) => reason === 'trap');
  expect(trap).toMatchObject({ count: 1000, cycles: 1000 * 40 });
});

test('a restored state goes on exactly as the saved one did', () => {
  const source = standAlone(`         LA    5,500
LOOP     STC   5,BYTES(5)
         BCT   5,LOOP
         LPSW  GOOD
BYTES    DS    CL501`);
  const { machine } = assembled(source);
  machine.run(3000);
  const saved = machine.save();
  machine.run(1e9);
  const { machine: other } = assembled(source);
  other.restore(saved);
  other.run(1e9);
  expect(other.save()).toEqual(machine.save());
});

test('the restart key takes the PSW at location 0', () => {
  const { machine } = assembled(standAlone('         LPSW  GOOD'));
  machine.run(1000);
  machine.restart();
  expect(machine.run(1000)).toEqual({ kind: 'wait' });
  expect(machine.cpu.view.getUint32(0x0c)).toBe(0);
});

test('EX of a long move goes through though the move changes the base of EX', () => {
  const rig = assembled(
    standAlone(
      `         L     2,=A(X'3000')
         L     3,=A(1000)
         L     4,=A(SUBJECT)
         L     5,=A(1000)
         EX    0,0(,4)
         LPSW  GOOD
SUBJECT  MVCL  2,4`,
    ),
  );
  const { machine } = rig;
  expect([machine.run(1e6), machine.psw.instructionAddress]).toEqual([{ kind: 'wait' }, 0]);
  const { gr, view } = machine.cpu;
  expect([gr[2], gr[3], gr[4]]).toEqual([0x3000 + 1000, 0, rig.at('SUBJECT') + 1000]);
  expect(view.getUint16(0x3000)).toBe(0x0e24);
});

const MACHINE_CHECK = standAlone(
  `         LA    5,1234
         LCTL  14,14,MASKS
         LPSW  OPEN
MASKS    DC    X'C0000000'
OPEN     DC    0D'0',X'00040000',A(SPIN)
SPIN     B     SPIN`,
  `         ORG   T+X'70'
         DC    X'00020000',A(X'EE')`,
);

test('a machine check logs out what the processor holds and says what failed', () => {
  const { machine } = assembled(MACHINE_CHECK);
  machine.run(1000);
  machine.fail({ damage: 'instruction-processing', storageAt: 0x2468 });
  expect(machine.run(1000)).toEqual({ kind: 'wait' });
  const { view } = machine.cpu;
  expect(machine.psw.instructionAddress).toBe(0xee);
  expect(view.getUint32(0xe8).toString(16)).toBe('40008f9d');
  expect(view.getUint32(0xf8)).toBe(0x2468);
  expect(view.getUint32(0x180 + 5 * 4)).toBe(1234);
  expect(view.getUint32(0x1c0 + 14 * 4)).toBe(0xc000_0000);
  expect(view.getUint8(0x31)).toBe(0x04);
});

test('a mask of control register 14 delays a condition, and PSW bit 13 an exigent one stops the processor', () => {
  const { machine } = assembled(MACHINE_CHECK);
  machine.run(1000);
  machine.fail({ damage: 'timing-facility' });
  expect(machine.run(1000)).toEqual({ kind: 'budget' });
  machine.cpu.setControl(14, 0xc200_0000 | 0);
  expect(machine.run(1000)).toEqual({ kind: 'wait' });
  expect((machine.cpu.view.getUint32(0xe8) >>> 16).toString(16)).toBe('801');
  machine.fail({ damage: 'system' });
  const stop = machine.run(1000);
  expect(stop.kind === 'check' && stop.reason).toMatch(/^check-stop: system damage/);
});
