import { expect, test } from 'vitest';
import { assembleS370 } from '../../assembler/s370/assemble.ts';
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

function run(assist: boolean) {
  expect(assembleS370(SOURCE).diagnostics).toEqual([]);
  const { world } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text: SOURCE, file: 'source' },
    under: [{ name: 'cp', options: { assist } }],
  });
  if (!world) throw new Error('the source was rejected');
  world.run(1e9);
  const guest = world.system.subjects[0]!;
  return { world, gr: Array.from(guest.gr), psw: guest.psw, storage: world.peek('', 0x200, 0x200) };
}

test('the assist leaves the guest as CP would, and takes away its traps', () => {
  const plain = run(false);
  const assisted = run(true);
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
  const { world } = run(true);
  const rows = world.machine.ledger.rows();
  const assist = rows.find(({ reason }) => reason === 'assist');
  // Each round: LPSW, SVC, STNSM, STOSM, SSM, STCTL, IPK, SPKA twice.
  expect(assist?.count).toBe(50 * 9);
  expect(world.machine.ledger.total).toBe(world.clock);
});
