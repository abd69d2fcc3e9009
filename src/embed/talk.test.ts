// The conversation between a widget and the page around it, with a made-up window around.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { FakeSession, noGrading } from '../ui/fixtures/session.ts';
import { LabState } from '../ui/lab/lab-state.svelte.ts';
import { pageSources } from '../ui/lab/sources.ts';
import { obey } from './obey.ts';
import { messagesOf, NOTICES, REQUESTS, type Notice } from './schema/messages.ts';
import { Talk, type Around } from './talk.ts';

const HOST = 'https://course.example';

async function talking(origin: string | null = HOST) {
  const session = new FakeSession();
  const lab = new LabState({
    ...{ lab: 'made', locale: 'en', workload: null, technique: 'cp', panel: 'registers', layerNames: {} },
    ...{ seed: 1, speed: null, sources: pageSources() },
    connect: async () => ({ session, grading: noGrading, dispose: () => session.stop() }),
  });
  await lab.start();
  const sent: { readonly message: Record<string, unknown>; readonly target: string }[] = [];
  let heard: Parameters<Around['listen']>[0] = () => undefined;
  const parent = {
    postMessage: (message: unknown, target: string) => {
      sent.push({ message: message as Record<string, unknown>, target });
    },
  };
  const talk = new Talk(
    { parent, origin, listen: (hear) => (heard = hear) },
    { obey: (request) => obey(lab, request) },
  );
  const post = (data: unknown, from: { source?: unknown; origin?: string } = {}) =>
    heard({ source: parent, origin: HOST, data, ...from });
  const ask = async (data: unknown) => {
    const before = sent.length;
    post(data);
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(before));
    return sent.slice(before).map(({ message }) => message);
  };
  return { lab, sent, talk, ask, post };
}
const request = (type: string, fields = {}) => ({ source: 'strata', v: 1, id: 7, type, ...fields });

beforeAll(() => {
  vi.stubGlobal('Worker', () => undefined);
});

describe('a widget', () => {
  test('answers each request under its number', async () => {
    const { ask, lab } = await talking();
    const [answer] = await ask(request('step'));
    expect(answer).toMatchObject({ source: 'strata', v: 1, id: 7, type: 'state', running: false });
    expect(answer?.['clock']).toBe(lab.frame?.clock);
    expect(lab.frame?.clock).toBeGreaterThan(0);
  });

  test('gives its state away, and takes it back to the cycle', async () => {
    const { ask, lab } = await talking();
    await ask(request('load', { technique: 'cp-assist' }));
    for (let i = 0; i < 3; i++) await ask(request('step', { stride: 'transfer' }));
    const clock = lab.frame?.clock;
    const [state] = await ask(request('getState'));
    await ask(request('load', { technique: 'bare' }));
    const [back] = await ask(request('setState', { fragment: state?.['fragment'] }));
    expect(back).toMatchObject({ type: 'state', clock, technique: 'cp-assist' });
  });

  test('does many requests in order, and none is dropped', async () => {
    const { ask, lab, sent } = await talking();
    const first = lab.frame?.clock ?? 0;
    await Promise.all(Array.from({ length: 8 }, () => ask(request('step'))));
    await vi.waitFor(() => expect(sent).toHaveLength(8));
    const clocks = sent.map(({ message }) => Number(message['clock']));
    expect(new Set([first, ...clocks]).size).toBe(9);
    expect(clocks).toEqual(clocks.toSorted((a, b) => a - b));
  });

  test.each([
    ['an unknown type', request('explode'), 'type', /play, pause, step/],
    ['a type that every object has', request('constructor'), 'type', /Unknown type/],
    ['another version', { ...request('play'), v: 2 }, 'version', /version 1/],
    ['a missing field', request('seek'), 'fields', /clock/],
    ['a clock before the beginning', request('seek', { clock: -1 }), 'fields', /clock/],
    ['an unknown workload', request('load', { workload: 'nosuch' }), 'fields', /hello, sort/],
    ['a source with errors', request('load', { program: ' BAD\n' }), 'source', /Line 1/],
    ['a damaged state', request('setState', { fragment: '#s=AAAA' }), 'state', /damaged/],
  ])('answers %s by an error', async (_, data, code, message) => {
    const { ask } = await talking();
    const [answer] = await ask(data);
    expect(answer).toMatchObject({ type: 'error', id: 7, code, versions: [1] });
    expect(answer?.['message']).toMatch(message);
  });

  test.each([
    ['another window', request('step'), { source: {} }],
    ['another origin', request('step'), { origin: 'https://evil.example' }],
    ['another library', { type: 'step' }, {}],
    ['nobody', null, {}],
  ])('does not listen to %s', async (_, data, from) => {
    const { ask, post, sent } = await talking();
    post(data, from);
    // Requests are answered in order: had it been heard, its answer would stand first.
    await ask({ ...request('getState'), id: 8 });
    expect(sent.map(({ message }) => message['id'])).toEqual([8]);
  });

  test('speaks to the page around only, and to anybody until it knows that page', async () => {
    const known = await talking();
    known.talk.tell({ type: 'resize', height: 10 });
    expect(known.sent.at(-1)?.target).toBe(HOST);
    const unknown = await talking(null);
    unknown.talk.tell({ type: 'resize', height: 10 });
    expect(unknown.sent.at(-1)?.target).toBe('*');
    await unknown.ask(request('getState'));
    expect(unknown.sent.at(-1)?.target).toBe(HOST);
    unknown.post(request('step'), { origin: 'https://evil.example' });
    expect(await unknown.ask({ ...request('getState'), id: 8 })).toMatchObject([{ id: 8 }]);
  });
});

test('a page from a disk has no origin to be addressed by, and is heard all the same', async () => {
  const { talk, sent, post } = await talking('file://');
  talk.tell({ type: 'resize', height: 10 });
  post({ source: 'strata', v: 1, id: 1, type: 'getState' }, { origin: 'null' });
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map(({ target }) => target)).toEqual(['*', '*']);
});

test('every message of the schema is a complete envelope', () => {
  const state: Notice = {
    ...{ type: 'state', clock: 0, instructions: 0, running: false, stop: 'off' },
    ...{ workload: '', technique: '', fragment: null },
  };
  expect(
    messagesOf(NOTICES)['state']?.safeParse({ source: 'strata', v: 1, id: null, ...state }).success,
  ).toBe(true);
  for (const [type, schema] of Object.entries({ ...messagesOf(REQUESTS), ...messagesOf(NOTICES) }))
    expect(schema.safeParse({ source: 'other', v: 1, id: null, type }).success, type).toBe(false);
});
