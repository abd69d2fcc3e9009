// Page and worker over a message channel: commands through, frames back, failures in words.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import type { WorldFactory } from '../lab/world.ts';
import { defineExercise } from '../lab/exercise.ts';
import type { Frame, Setup, View } from '../protocol/frame.ts';
import type { Measurement } from '../protocol/session.ts';
import { S370World } from '../worlds/s370/world.ts';
import { pack, unpack, type Port } from './channel.ts';
import { connectTo, type Connection } from './client/wire.ts';
import { serve } from './host/serve.ts';

const SOURCE = `T        START X'200'
         BALR  12,0
         USING *,12
LOOP     LA    3,1(3)
         B     LOOP
         END
`;
const SETUP: Setup = { workload: 'loop', technique: 'bare', source: null, constants: {}, seed: 1 };
const VIEW: View = {
  parts: ['registers', 'code', 'storage', 'strata', 'events', 'ledger', 'terminals', 'devices'],
  subject: '',
  storageAt: 0,
  storageLength: 256,
  walk: null,
  strataWindow: null,
  strataCycles: 4000,
  strataGrain: 1,
  events: 100,
};

const factory: WorldFactory = {
  offer: { workloads: ['loop'], techniques: ['bare'], constants: [] },
  create: (setup) => {
    const text = setup.source ?? SOURCE;
    const { world, diagnostics } = S370World.create({ program: { kind: 'source', text, file: 'source' } });
    if (world && setup.seed === 13)
      world.run = () => {
        throw new Error('number 13');
      };
    return { loaded: { ok: world !== null, source: text, diagnostics }, world };
  },
  verdict: () => '',
};

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** Node's ports hand over the data in an event, as the browser's do. */
const asPort = (port: MessagePort): Port => port as unknown as Port;

function connect(lab = 'test'): Promise<Connection> {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const pace = {
    now: () => performance.now(),
    breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  serve(asPort(port2), pace, {
    factoryOf: (id) => (id === 'test' ? Promise.resolve(factory) : Promise.reject(new Error(`no lab ${id}`))),
    exerciseOf: () => Promise.resolve(EXERCISE),
  });
  return connectTo(asPort(port1), lab, () => port1.close()).connection;
}

/** Answered rightly by the number of cycles after which the loop is stopped. */
const EXERCISE = defineExercise({
  kind: 'predict',
  cycles: 1e9,
  variant: (seed) => ({
    values: { cycles: 1000 * seed },
    setup: SETUP,
    files: {},
    fields: [{ id: 'cycles', kind: 'number' }],
  }),
  grade: async ({ answers }, { setup, values }, bench) => {
    const cycles = Number(values['cycles']);
    await bench.run(setup, { cycles });
    return { checks: [{ id: 'cycles', passed: answers['cycles'] === String(cycles), data: {}, at: null }] };
  },
});

describe('a connection', () => {
  test('makes variants, judges attempts beside the session, and can be told to stop', async () => {
    const { grading, session, dispose } = await connect();
    await session.load(SETUP);
    await session.step();
    expect((await grading.variant('test/loop', 3)).values).toEqual({ cycles: 3000 });
    const attempt = { answers: { cycles: '3000' }, files: {}, recording: null };
    const quiet = (): void => undefined;
    expect(await grading.grade('test/loop', 3, attempt, quiet)).toMatchObject({ passed: true });
    expect(await grading.grade('test/loop', 2, attempt, quiet)).toMatchObject({ passed: false });
    const heard: number[] = [];
    const long = grading.grade('test/loop', 900_000, attempt, (cycles) => heard.push(cycles));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await grading.cancelGrading();
    expect(await long).toBe(null);
    expect(heard.length).toBeGreaterThan(0);
    expect((await session.view(VIEW)).instructions).toBe(1);
    await expect(grading.variant('elsewhere/loop', 1)).rejects.toThrow('no exercise of lab test');
    dispose();
  });

  test('loads, steps and looks', async () => {
    const { session, dispose } = await connect();
    expect(await session.offer()).toEqual(factory.offer);
    expect((await session.load(SETUP)).ok).toBe(true);
    await session.view(VIEW);
    await session.step();
    const frame = await session.step();
    expect(frame.instructions).toBe(2);
    expect(frame.strata?.segments[0]).toMatchObject({ layer: 'guest-kernel', reason: 'direct' });
    dispose();
  });

  test('tells frames while it runs, none larger than 64 kB', async () => {
    const { session, dispose } = await connect();
    const frames: Frame[] = [];
    await session.subscribe(
      (frame) => frames.push(frame),
      (message) => expect.fail(message),
    );
    await session.load(SETUP);
    await session.view(VIEW);
    const running = session.run(null);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await session.pause();
    await running;
    expect(frames.length).toBeGreaterThan(1);
    dispose();
  });

  test('compares, and tells each result', async () => {
    const { session, dispose } = await connect();
    await session.load({
      ...SETUP,
      source: " LPSW X\n DS 0D\nX DC X'0002000000000000'\n END\n".replace(
        ' LPSW',
        ' BALR 12,0\n USING *,12\n LPSW',
      ),
    });
    const results: Measurement[] = [];
    await session.compare('loop', ['bare'], (result) => results.push(result));
    expect(results).toMatchObject([{ ok: true, technique: 'bare' }]);
    dispose();
  });

  test('tells a failing engine in words, and refuses what comes after', async () => {
    const { session } = await connect();
    const failures: string[] = [];
    await session.subscribe(
      () => undefined,
      (message) => failures.push(message),
    );
    await session.load({ ...SETUP, seed: 13 });
    await expect(session.run(null)).rejects.toThrow('number 13');
    expect(failures).toEqual(['number 13']);
    await expect(session.step()).rejects.toThrow('number 13');
  });

  test('to a lab that does not exist is refused', async () => {
    await expect(connect('nowhere')).rejects.toThrow('no lab nowhere');
  });

  test('that is closed refuses what was under way', async () => {
    const { session, dispose } = await connect();
    await session.load(SETUP);
    const running = session.run(null);
    dispose();
    await expect(running).rejects.toThrow('closed');
  });
});

test('the busiest frame fits into 64 kB and comes out as it went in', async () => {
  const { session, dispose } = await connect();
  await session.load(SETUP);
  const frame = await session.view(VIEW);
  const segments = Array.from({ length: 2000 }, (_, i) => ({
    from: i * 7,
    cycles: 7,
    layer: ['hardware', 'monitor', 'guest-user'][i % 3]!,
    level: i % 2,
    reason: 'direct',
  }));
  const busy: Frame = { ...frame, strata: { window: [0, 14_000], segments } };
  expect(unpack(structuredClone(pack(busy)))).toEqual(busy);
  const { serialize } = await import('node:v8');
  expect(serialize(pack(busy)).length).toBeLessThan(65_536);
  dispose();
});
