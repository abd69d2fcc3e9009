import { expect, test } from 'vitest';
import { assembleS370 } from '../../assembler/s370/assemble.ts';
import type { AssistLevel } from '../../machines/s370/assist/vm-assist.ts';
import { S370World } from '../../worlds/s370/world.ts';

const SOURCE = `
T        START 0
         USING T,0
         DC    A(0),A(MAIN)
         ORG   T+X'50'
         DC    X'7FFFFFFF'
         ORG   T+X'60'
         DC    A(0),A(SERVE)
         DC    X'00020000',A(X'BAD')
         ORG   T+X'200'
MAIN     SR    2,2
         LA    5,50
LOOP     LPSW  USER
BACK     STNSM SAVE,X'00'
         STOSM SAVE,X'80'
         SSM   ZERO
         STCTL 0,15,CONTROLS
         IPK
         SPKA  X'10'
         SPKA  0
         BCT   5,LOOP
         LPSW  GOOD
USER     DC    0D'0',X'00010000',A(CALL)
CALL     LA    2,1(2)
         SVC   9
SERVE    CLI   35,9
         BE    BACK
         LPSW  WRONG
SAVE     DC    X'00'
ZERO     DC    X'00'
GOOD     DC    0D'0',X'00020000',A(0)
WRONG    DC    0D'0',X'00020000',A(X'BAD')
CONTROLS DS    16F
         END   MAIN
`;

function run(assist: AssistLevel) {
  expect(assembleS370(SOURCE).diagnostics).toEqual([]);
  const { world } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text: SOURCE, file: 'source' },
    under: [{ name: 'cp', assist }],
  });
  if (!world) throw new Error('the source was rejected');
  world.run(1e9);
  const guest = world.system.subjects[0]!;
  return { world, gr: Array.from(guest.gr), psw: guest.psw, storage: world.peek('', 0x200, 0x200) };
}

test('the assist leaves the guest as CP would, and takes away its traps', () => {
  const plain = run('none');
  const assisted = run('vma');
  expect(plain.psw.instructionAddress).toBe(0);
  expect({ gr: assisted.gr, psw: assisted.psw, storage: assisted.storage }).toEqual({
    gr: plain.gr,
    psw: plain.psw,
    storage: plain.storage,
  });
  expect(plain.world.traps['privileged operation']).toBeGreaterThan(300);
  expect(plain.world.traps['svc']).toBe(50);
  // What is left: the last LPSW loads a wait, which is for CP.
  expect(assisted.world.traps['privileged operation']).toBeLessThan(5);
  expect(assisted.world.traps['svc']).toBeUndefined();
});

test('assisted operations are booked to the assist, one by one', () => {
  const { world } = run('vma');
  const rows = world.machine.ledger.rows();
  const assist = rows.find(({ reason }) => reason === 'assist');
  // Each round: LPSW, SVC, STNSM, STOSM, SSM, STCTL, IPK, SPKA twice.
  expect(assist?.count).toBe(50 * 9);
  expect(world.machine.ledger.total).toBe(world.clock);
});

/** A guest with address translation: keys, a shadow entry for each of many pages, timers, TCH and PTLB. */
const WIDE = `
T        START 0
         USING T,0
         DC    A(0),A(MAIN)
         ORG   T+X'68'
         DC    A(0),A(X'BAD')
         ORG   T+X'200'
MAIN     L     2,=A(TABLE)        page table: virtual = real
         LA    3,1
         SLL   3,20
         LA    4,16
         SR    5,5
FILL     STH   5,0(,2)
         LA    2,2(,2)
         LA    5,16(,5)
         BCT   4,FILL
         LCTL  0,1,CONTROL
         LPSW  ON
DAT      LA    6,20
ROUND    LA    7,14
         L     8,=F'4096'
TOUCH    L     9,0(,8)            each page misses its shadow entry after PTLB
         AL    8,=F'4096'
         BCT   7,TOUCH
         PTLB
         L     8,=X'8000'
         SSK   6,8                (rounds left: as good a key as any)
         ISK   9,8
         RRB   X'800'
         SPT   TIME
         STPT  AFTER
         SCKC  FAR
         STCKC BEFORE
         TCH   0
         BCT   6,ROUND
         LPSW  GOOD
ON       DC    0D'0',X'04080000',A(DAT)
GOOD     DC    0D'0',X'000A0000',A(0)
CONTROL  DC    X'00800000',A(SEGMENT)
TIME     DC    0D'0',X'7000000000000000'
FAR      DC    0D'0',X'F000000000000000'
AFTER    DS    D
BEFORE   DS    D
         LTORG
         ORG   T+X'3C0'
SEGMENT  DC    X'F0',AL3(TABLE)
         DC    3X'00000001'
         ORG   T+X'400'
TABLE    DS    16H
         END   MAIN
`;

function wide(assist: AssistLevel) {
  const { world, diagnostics } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text: WIDE, file: 'source' },
    under: [{ name: 'cp', assist }],
  });
  if (!world) throw new Error(JSON.stringify(diagnostics));
  world.run(1e9);
  const guest = world.system.subjects[0]!;
  const [, , , , , , r6, , , r9] = Array.from(guest.gr);
  expect(guest.psw.instructionAddress).toBe(0);
  return { traps: world.traps, seen: [r6, r9, world.peek('', 0x3c0, 0x80)], world };
}

test('VM assist does keys and fills shadow entries; ECPS also does PTLB, the timers and TCH', () => {
  const [plain, vma, ecps] = (['none', 'vma', 'ecps'] as const).map(wide);
  expect(vma!.seen).toEqual(plain!.seen);
  expect(ecps!.seen).toEqual(plain!.seen);
  // Every round: SSK, ISK, RRB, PTLB, SPT, STPT, SCKC, STCKC, TCH.
  expect(plain!.traps['privileged operation']).toBeGreaterThanOrEqual(180);
  expect(vma!.traps['privileged operation']).toBeGreaterThanOrEqual(120);
  expect(vma!.traps['privileged operation']).toBeLessThan(126);
  // STCKC and what loads the control registers are left.
  expect(ecps!.traps['privileged operation']).toBeLessThan(26);
  const translations = (run: typeof plain): number =>
    (run!.traps['page translation'] ?? 0) + (run!.traps['segment translation'] ?? 0);
  expect(translations(plain)).toBeGreaterThan(280);
  // CP makes the shadow page table anew after each of its purges; the microcode fills the rest.
  expect(translations(vma)).toBeLessThan(translations(plain) / 5);
  expect(translations(ecps)).toBeLessThan(30);
});

test('with ECPS the paths of CP that it names take a tenth, and are booked to the assist', () => {
  const cyclesOf = (assist: AssistLevel, reason: string): number =>
    wide(assist)
      .world.machine.ledger.rows()
      .filter((row) => row.reason === reason)
      .reduce((sum, { cycles }) => sum + cycles, 0);
  expect(cyclesOf('vma', 'scheduling')).toBeGreaterThan(0);
  expect(cyclesOf('ecps', 'scheduling')).toBe(0);
});
