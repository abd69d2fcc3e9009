// A session over a real machine: every command a page can give, without a page.
import { describe, expect, test } from 'vitest';
import type { WorldFactory } from '../lab/world.ts';
import type { Frame, Setup, View } from '../protocol/frame.ts';
import type { Measurement } from '../protocol/session.ts';
import { S370World } from '../worlds/s370/world.ts';
import type { Pace } from './pace.ts';
import { LabSession } from './session.ts';

const SOURCE = `T        START 0
         USING T,0
         DC    X'00000000',A(GO)
         ORG   T+X'60'
         DC    X'00000000',A(SERVE)
         ORG   T+X'200'
GO       LA    2,300
         LPSW  USER
         DS    0D
USER     DC    X'00010000',A(LOOP)
LOOP     LA    3,1(3)
         SVC   5
         BCT   2,LOOP
         SVC   0
SERVE    LA    4,1(4)
         CLI   X'23',0
         BE    STOP
         LPSW  X'20'
STOP     LPSW  DONE
         DS    0D
DONE     DC    X'0002000000000000'
         END
`;
const ENDLESS = SOURCE.replace('BCT   2,LOOP', 'B     LOOP   ');

const pace: Pace = {
  now: () => performance.now(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};

const factory: WorldFactory = {
  offer: { workloads: ['loop', 'endless'], techniques: ['bare', 'again'], constants: [] },
  create: (setup) => {
    const source = setup.source ?? (setup.workload === 'endless' ? ENDLESS : SOURCE);
    const { world, diagnostics } = S370World.create({
      storage: 0x4000,
      program: { kind: 'source', text: source, file: 'source' },
      constants: setup.constants,
    });
    return { loaded: { ok: world !== null, source, diagnostics }, world };
  },
  verdict: (world) => (world.peek('', 0, 1).length === 1 ? '' : 'no storage'),
};

const SETUP: Setup = { workload: 'loop', technique: 'bare', source: null, constants: {}, seed: 1 };
const EVERYTHING: View = {
  parts: [
    'registers',
    'code',
    'storage',
    'translation',
    'strata',
    'events',
    'ledger',
    'terminals',
    'devices',
    'tasks',
    'printer',
  ],
  subject: '',
  storageAt: 0,
  storageLength: 64,
  walk: 0x1000,
  strataWindow: null,
  strataCycles: 2_000,
  strataGrain: 1,
  events: 100,
};

async function session(setup: Partial<Setup> = {}): Promise<LabSession> {
  const made = new LabSession({ lab: 'test', factory, pace });
  await made.load({ ...SETUP, ...setup });
  return made;
}

/** A frame without what may differ between two visits of the same moment. */
const essence = ({ registers, code, ledger, clock, instructions, layer, strata, events }: Frame) => ({
  registers,
  code,
  ledger,
  clock,
  instructions,
  layer,
  strata,
  events,
});

const covers = (frame: Frame): void => {
  const { segments, window } = frame.strata!;
  let at = segments[0]?.from ?? 0;
  expect(at).toBeLessThanOrEqual(Math.max(window[0], 0));
  for (const segment of segments) {
    expect(segment.from).toBe(at);
    at += segment.cycles;
  }
};

describe('running', () => {
  test('goes to the end, which is a disabled wait', async () => {
    const lab = await session();
    await lab.run(null);
    const frame = await lab.view(EVERYTHING);
    expect(frame.stop).toEqual({ kind: 'wait', disabled: true, address: 0 });
    expect(frame.ledger!.reduce((sum, row) => sum + row.cycles, 0)).toBe(frame.clock);
    expect(frame.events!.length).toBe(100);
    expect(frame.events!.at(-1)).toMatchObject({ kind: 'svc', detail: { mnemonic: 'SVC', code: 0 } });
    covers(frame);
  });

  test('can be paused, and tells frames at most sixty times a second', async () => {
    const lab = await session({ workload: 'endless' });
    await lab.view(EVERYTHING);
    const frames: Frame[] = [];
    await lab.subscribe(
      (frame) => frames.push(frame),
      (message) => expect.fail(message),
    );
    const began = performance.now();
    const running = lab.run(null);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const paused = await lab.pause();
    await running;
    const most = ((performance.now() - began) / 1000) * 60 + 3;
    expect(paused.stop).toEqual({ kind: 'paused' });
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.length).toBeLessThan(most);
    expect(frames[0]!.stop.kind).toBe('running');
    covers(paused);
  });

  test('keeps a pace in cycles per second', async () => {
    const lab = await session({ workload: 'endless' });
    const running = lab.run(10_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { clock } = await lab.pause();
    await running;
    expect(clock).toBeGreaterThan(500);
    expect(clock).toBeLessThan(30_000);
  });

  test('stops at breakpoints on addresses, events, storage and registers', async () => {
    const lab = await session();
    await lab.breakpoints({ addresses: [0x216], events: [], storage: [], registers: [] });
    await lab.run(null);
    expect((await lab.view(EVERYTHING)).stop).toEqual({ kind: 'breakpoint', reason: '000216' });
    await lab.breakpoints({ addresses: [], events: ['svc'], storage: [], registers: [] });
    await lab.run(null);
    expect((await lab.view(EVERYTHING)).stop).toEqual({ kind: 'breakpoint', reason: 'svc' });
    await lab.breakpoints({ addresses: [], events: [], storage: [0x23], registers: [] });
    await lab.run(null);
    expect((await lab.view(EVERYTHING)).stop).toEqual({ kind: 'breakpoint', reason: '000023' });
    await lab.reset();
    await lab.breakpoints({ addresses: [], events: [], storage: [], registers: ['R3'] });
    const before = (await lab.view(EVERYTHING)).clock;
    await lab.run(null);
    const { stop, clock } = await lab.view(EVERYTHING);
    expect(stop).toEqual({ kind: 'breakpoint', reason: 'R3' });
    expect(clock).toBeGreaterThan(before);
  });

  test('goes to an address and to an event', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    expect((await lab.runToAddress(0x21c)).code!.instructionAddress).toBe(0x21c);
    expect((await lab.runToEvent('svc')).events!.at(-1)).toMatchObject({ kind: 'svc' });
  });
});

describe('stepping', () => {
  test('back gives what was seen on the way forward', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    const seen = [];
    for (let i = 0; i < 40; i++) seen.push(essence(await lab.step()));
    for (let i = 38; i >= 0; i--) expect(essence(await lab.stepBack())).toEqual(seen[i]);
  });

  test('over a supervisor call comes out behind it', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    await lab.runToAddress(0x214);
    const frame = await lab.stepOver();
    expect(frame.code!.instructionAddress).toBe(0x216);
    expect(frame.layer.layer).toBe('guest-user');
  });

  test('the next source line is reached over the call that serves the one before', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    await lab.runToAddress(0x214);
    const before = lab.view(EVERYTHING);
    const frame = await lab.nextLine();
    expect(frame.code!.line).toBe((await before).code!.line! + 1);
    expect(frame.code!.instructionAddress).toBe(0x216);
  });

  test('to the next transfer and back to the previous one visits the same moments', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    const forward = [];
    for (let i = 0; i < 12; i++) forward.push((await lab.nextTransfer()).clock);
    expect(new Set(forward).size).toBe(12);
    const back = [];
    for (let i = 0; i < 11; i++) back.push((await lab.previousTransfer()).clock);
    expect(back).toEqual(forward.slice(0, -1).toReversed());
    expect((await lab.previousTransfer()).clock).toBe(0);
  });
});

describe('the past', () => {
  test('can be sought, and shows the same picture as then', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    const then = essence(await lab.runToAddress(0x21c));
    await lab.run(null);
    const end = await lab.view(EVERYTHING);
    expect(essence(await lab.seek(then.clock))).toEqual(then);
    expect((await lab.seek(end.clock)).clock).toBe(end.clock);
    expect((await lab.reset()).clock).toBe(0);
  });

  test('is cut off by a new input, and a recording replays to the cycle', async () => {
    const lab = await session({ workload: 'endless' });
    await lab.view(EVERYTHING);
    await lab.seek(100_000);
    await lab.seek(50_000);
    const frame = await lab.input({ kind: 'set-register', register: 9, value: 99 });
    expect(frame.span[1]).toBe(frame.clock);
    const last = essence(await lab.seek(200_000));
    covers(await lab.view({ ...EVERYTHING, strataWindow: [0, 200_000], strataGrain: 80 }));
    const recording = await lab.recording();
    expect(recording.inputs).toHaveLength(1);

    const other = new LabSession({ lab: 'test', factory, pace });
    await other.replay(structuredClone(recording));
    expect(essence(await other.view(EVERYTHING))).toEqual(last);
  });

  test('is looked at closely without leaving the present, however long ago', async () => {
    const lab = await session({ workload: 'endless' });
    await lab.view(EVERYTHING);
    await lab.seek(30_000);
    const closely = { ...EVERYTHING, strataWindow: [10_000, 12_000] as const };
    const early = (await lab.view(closely)).strata;
    await lab.seek(10_000_000);
    const late = await lab.view(closely);
    expect(late.strata).toEqual(early);
    expect(late.clock).toBeGreaterThanOrEqual(10_000_000);
    const whole = await lab.view({ ...EVERYTHING, strataWindow: late.span, strataGrain: 12_000 });
    covers(whole);
    expect(whole.strata!.segments.length).toBeLessThanOrEqual(2000);
  });
});

describe('loading', () => {
  test('a source with mistakes leaves the lab as it was', async () => {
    const lab = await session();
    await lab.view(EVERYTHING);
    const { clock } = await lab.step();
    const loaded = await lab.load({ ...SETUP, source: ' FROB\n' });
    expect(loaded).toMatchObject({ ok: false, source: ' FROB\n' });
    expect((await lab.view(EVERYTHING)).clock).toBe(clock);
  });

  test('an engine that throws is told as a failure, and a new load works again', async () => {
    const broken: WorldFactory = {
      ...factory,
      create: (setup) => {
        const made = factory.create(setup);
        if (made.world && setup.seed === 13)
          made.world.step = () => {
            throw new Error('number 13');
          };
        return made;
      },
    };
    const lab = new LabSession({ lab: 'test', factory: broken, pace });
    const failures: string[] = [];
    await lab.subscribe(
      () => undefined,
      (message) => failures.push(message),
    );
    await lab.load({ ...SETUP, seed: 13 });
    await expect(lab.step()).rejects.toThrow('number 13');
    expect(failures).toEqual(['number 13']);
    await lab.load(SETUP);
    expect((await lab.step()).instructions).toBe(1);
  });
});

test('comparing runs fresh worlds to their end and tells each result', async () => {
  const lab = await session();
  const results: Measurement[] = [];
  await lab.compare('loop', ['bare', 'again'], (result) => results.push(result));
  expect(results).toHaveLength(2);
  expect(results[0]).toMatchObject({ ok: true, failure: '' });
  expect(results[0]!.cycles).toBe(results[1]!.cycles);
});

test('comparing can be ended', async () => {
  const lab = await session({ workload: 'endless' });
  const comparing = lab.compare('endless', ['bare'], () => expect.fail('an endless run has a result'));
  await lab.pause();
  await comparing;
});
