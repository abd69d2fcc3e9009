import { expect, test } from 'vitest';
import { DIRECTORY, TestSystem } from './testing.ts';

const HOG = `
P     START 0
      USING P,0
      DC    X'00000000',A(GO)
      ORG   P+X'100'
GO    LA    3,1(3)
      B     GO
      END
`;
/** Nothing but privileged operations. */
const STORM = HOG.replace('LA    3,1(3)', 'STIDP SAVE\n      LA    3,1(3)').replace(
  '      END',
  'SAVE  DS    D\n      END',
);
/** Waits for the clock comparator, ten milliseconds from now, again and again; register 3 counts. */
const SLEEPER = `
P     START 0
      USING P,0
      DC    X'00000000',A(GO)
      ORG   P+X'50'
      DC    X'7FFFFF00'
      ORG   P+X'58'
      DC    X'00000000',A(GO)
      ORG   P+X'100'
GO    LA    3,1(3)
      LCTL  0,0,CR0
      STCK  NOW
      LM    4,5,NOW
      AL    5,TENMS
      BC    12,STORE
      LA    4,1(4)
STORE STM   4,5,NOW
      SCKC  NOW
      LPSW  WAIT
      DS    0D
NOW   DS    D
WAIT  DC    X'01020000',A(0)
TENMS DC    F'40960000'
CR0   DC    X'00000800'
      END
`;

test('a machine that waits for its clock comparator is woken while another computes', () => {
  const system = new TestSystem({ directory: DIRECTORY });
  system.type('LOGON ALICE');
  system.type('LOGON BOB', 1);
  const bob = system.load('BOB', SLEEPER);
  system.load('ALICE', HOG);
  system.type('BEGIN', 1, 3_000_000);
  system.type('BEGIN', 0, 3_000_000);
  const before = bob.gr[3]!;
  // A tenth of a second, in which the other machine never traps.
  system.run(Math.round(1e11 / system.cp.system.cyclePicoseconds));
  expect(bob.gr[3]! - before).toBeGreaterThanOrEqual(8);
});

test('who types goes to the front of queue 1; who computes sinks to queue 2 and takes turns', () => {
  const system = new TestSystem({ directory: DIRECTORY });
  system.type('LOGON ALICE');
  system.type('LOGON BOB', 1);
  const [alice, bob] = [system.load('ALICE', HOG), system.load('BOB', HOG)];
  system.type('BEGIN', 0, 3_000_000);
  system.type('BEGIN', 1, 3_000_000);
  system.run(20_000_000);
  expect([alice.state.queue, bob.state.queue]).toEqual([2, 2]);
  const share = alice.gr[3]! / (alice.gr[3]! + bob.gr[3]!);
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.75);
  system.consoles[1]!.type('HELLO');
  for (let i = 0; i < 40 && bob.state.queue !== 1; i++) system.run(50_000);
  expect(bob.state.queue).toBe(1);
  expect(system.type('#CP IND QUEUES', 0, 12_000_000)).toMatch(/^ALICE +Q2 R +\d+\/\d+\nBOB +Q\d R /);
});

test('a storm of privileged operations takes no more than its turn from a machine that computes', () => {
  const system = new TestSystem({ directory: DIRECTORY });
  system.type('LOGON ALICE');
  system.type('LOGON BOB', 1);
  system.load('ALICE', STORM);
  const bob = system.load('BOB', HOG);
  system.type('BEGIN', 0, 3_000_000);
  system.type('BEGIN', 1, 3_000_000);
  const [from, spent] = [system.machine.clock, system.cp.virtualCycles(bob)];
  system.run(60_000_000);
  const share = (system.cp.virtualCycles(bob) - spent) / (system.machine.clock - from);
  expect(share).toBeGreaterThan(0.4);
});
