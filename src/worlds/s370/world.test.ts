// A bare System/370 world: programs come in by source, core image and cards, and end in designed states.
import { expect, test } from 'vitest';
import { S370World } from './world.ts';
import type { S370Configuration } from './configuration.ts';

const NEVER = 10_000_000;

function world(text: string, more: Partial<S370Configuration> = {}): S370World {
  const { world: made, diagnostics } = S370World.create({
    program: { kind: 'source', text, file: 'source' },
    ...more,
  });
  if (!made) throw new Error(JSON.stringify(diagnostics));
  return made;
}

const WAIT = `
         LPSW  DONE
         DS    0D
DONE     DC    X'000A000000000000'
`;

const SUM = `SUM      START X'200'
         BALR  12,0
         USING *,12
         LA    2,10
         SR    3,3
LOOP     AR    3,2
         BCT   2,LOOP
         ST    3,TOTAL
${WAIT}
TOTAL    DS    F
         END   SUM
`;

test('a source runs from its entry to its wait, and the ledger sums to the clock', () => {
  const sum = world(SUM);
  expect(sum.run(NEVER)).toEqual({ kind: 'wait' });
  expect(sum.machine.cpu.gr[3]).toBe(55);
  expect(sum.machine.ledger.total).toBe(sum.clock);
});

test('a source with a PSW at location 0 begins there', () => {
  const made = world(`A        START 0
         DC    X'0008000000000300'
         ORG   A+X'300'
         USING A,0
         LA    5,7
${WAIT}
         END
`);
  expect(made.run(NEVER)).toEqual({ kind: 'wait' });
  expect(made.machine.cpu.gr[5]).toBe(7);
});

test('mistakes in the source are diagnostics and give no world', () => {
  const { world: made, diagnostics } = S370World.create({
    program: { kind: 'source', text: ' FROB 1,2\n', file: 'source' },
  });
  expect(made).toBeNull();
  expect(diagnostics[0]).toMatchObject({ severity: 'error', span: { line: 1 } });
});

test('the code view ties instructions to source lines and marks privileged ones', () => {
  const sum = world(SUM);
  const { code, registers } = sum.parts({
    parts: ['code', 'registers'],
    subject: '',
    storageAt: 0,
    storageLength: 0,
    walk: null,
    strataWindow: null,
    strataCycles: 0,
    strataGrain: 0,
    events: 0,
  });
  expect(code).toMatchObject({ instructionAddress: 0x200, line: 2 });
  expect(code?.lines[0]).toMatchObject({ address: 0x200, bytes: '05C0', text: 'BALR  12,0', line: 2 });
  expect(code?.lines.find(({ text }) => text.startsWith('LPSW'))).toMatchObject({ privileged: true });
  expect(registers?.[0]?.groups[0]?.registers[0]?.value).toBe('00000000 00000200');
});

test('a state that was saved in the middle goes on as the run itself does', () => {
  const one = world(SUM, { storage: 0x2000 });
  one.run(60);
  const state = structuredClone(one.save());
  one.run(NEVER);
  const other = world(SUM, { storage: 0x2000 });
  other.restore(state);
  other.run(NEVER);
  expect(other.save()).toEqual(one.save());
});

test('what a guest prints looks the same under CP', () => {
  // Two lines over each other, then one on a new page.
  const text = `PRINT    START X'200'
         BALR  12,0
         USING *,12
         LA    1,LINES
         ST    1,72
         SIO   14
POLL     TIO   14
         BC    7,POLL
${WAIT}
LINES    CCW   X'01',A,X'60',6
         CCW   X'11',B,X'60',6
         CCW   X'8B',0,X'60',1
         CCW   X'09',B,X'20',6
A        DC    C'FIRST '
B        DC    C'____  '
         END   PRINT
`;
  const printed = [[], [{ name: 'cp' } as const]].map((under) => {
    const made = world(text, { under });
    expect(made.run(NEVER)).toEqual({ kind: 'wait' });
    return made.system.printer();
  });
  expect(printed).toEqual(['FIRST\r____\f____\n', 'FIRST\r____\f____\n']);
});

test('the first SIO finds a loaded reader free', () => {
  const text = `READ     START X'200'
         BALR  12,0
         USING *,12
         LA    1,CARD
         ST    1,72
         SIO   12
         BALR  2,0
${WAIT}
CARD     CCW   2,X'1000',0,80
         END   READ
`;
  const made = world(text, { cards: [new Uint8Array(80)] });
  expect(made.run(NEVER)).toEqual({ kind: 'wait' });
  expect((made.machine.cpu.gr[2] ?? 0) >>> 28).toBe(4); // length code 1, condition code 0
});

test('the load key brings a deck in, also under CP and under CP under CP', () => {
  const card = (hex: string): Uint8Array => {
    const bytes = new Uint8Array(80);
    bytes.set(hex.match(/../g)!.map((byte) => parseInt(byte, 16)));
    return bytes;
  };
  // PSW, and a CCW that reads the next card to 200: LH 2,2 (the device) · LPSW 208.
  const cards = [
    card('0000000000000200' + '0200020020000050'),
    card('4820000282000208' + '000A000000000ACE'),
  ];
  for (const under of [[], ['cp'], ['cp', 'cp']] as const) {
    const { world: made } = S370World.create({
      program: { kind: 'ipl', device: 0x00c },
      cards,
      under: under.map((name) => ({ name })),
    });
    expect(made!.run(NEVER)).toEqual({ kind: 'wait' });
    const guest = made!.system.subjects[0]!;
    expect([guest.psw.instructionAddress, guest.gr[2]]).toEqual([0xace, 0x00c]);
  }
});

test('a program with more pages than CP has frames to load it into is refused in words', () => {
  const text = `
T     START 0
      DC    A(0),A(X'200')
      ORG   T+X'3000'
      DC    F'1'
      END
`;
  const { world } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text, file: 'source' },
    under: [{ name: 'cp', frames: 2 }],
  });
  expect(world!.run(1000)).toEqual({
    kind: 'check',
    reason: 'the program fills 4 pages, and CP has 2 page frames to load it into',
  });
});
