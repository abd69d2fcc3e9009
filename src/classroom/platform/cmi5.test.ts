import { beforeEach, expect, test } from 'vitest';
import { launchOf, startCmi5, type World } from './cmi5.ts';

const actor = {
  objectType: 'Agent',
  name: 'Mori Aoi',
  account: { homePage: 'https://lms.example', name: '17' },
};
const search = `?${new URLSearchParams({
  endpoint: 'https://lms.example/xapi',
  fetch: 'https://lms.example/token?once',
  actor: JSON.stringify(actor),
  registration: 'a1b2',
  activityId: 'https://lms.example/activity/1',
}).toString()}`;

interface Statement {
  readonly verb: { readonly id: string };
  readonly result?: Record<string, unknown>;
  readonly context: { readonly contextActivities: { readonly category: { readonly id: string }[] } };
}

/** A platform with one registration: it hands out a token once, keeps documents and statements. */
class Platform {
  readonly statements: Statement[] = [];
  readonly requests: string[] = [];
  readonly documents = new Map<string, unknown>();
  private time = 1_000_000;
  private tokens = 0;

  constructor(launchMode = 'Normal') {
    this.documents.set('LMS.LaunchData', {
      contextTemplate: {
        extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': 's1' },
        contextActivities: { grouping: [{ id: 'https://lms.example/course' }] },
      },
      launchMode,
      launchParameters: 'the assignment',
      returnURL: 'https://lms.example/back',
    });
  }

  pass(seconds: number): void {
    this.time += 1000 * seconds;
  }

  readonly world: World = {
    now: () => this.time,
    uuid: () => `uuid-${this.statements.length}`,
    fetch: async (input, init) => this.answer(new URL(input as string), init ?? {}),
  };

  private answer(address: URL, { method = 'GET', headers, body }: RequestInit): Response {
    this.requests.push(`${method} ${address.pathname}`);
    if (address.pathname === '/token')
      return this.tokens++ === 0
        ? Response.json({ 'auth-token': 'secret' })
        : Response.json({ 'error-code': '1', 'error-text': 'already fetched' });
    const { authorization } = headers as Record<string, string>;
    if (authorization !== 'Basic secret') return new Response(null, { status: 401 });
    if (address.pathname.endsWith('/statements')) {
      this.statements.push(JSON.parse(body as string) as Statement);
      return new Response(null, { status: 204 });
    }
    const id = address.searchParams.get('stateId') ?? '';
    if (method === 'PUT') {
      this.documents.set(id, JSON.parse(body as string));
      return new Response(null, { status: 204 });
    }
    return this.documents.has(id)
      ? Response.json(this.documents.get(id))
      : new Response(null, { status: 404 });
  }

  /** The same registration, launched once more. */
  relaunch(): void {
    this.tokens = 0;
  }

  get verbs(): string[] {
    return this.statements.map(({ verb }) => verb.id.split('/').at(-1) ?? '');
  }
}

let platform: Platform;
beforeEach(() => {
  platform = new Platform();
});
const launch = launchOf(search)!;

test('an address without a complete launch is none, and nothing is sent', () => {
  expect(launchOf('')).toBeNull();
  expect(launchOf('?endpoint=https://x/&fetch=https://y')).toBeNull();
  expect(launchOf(search.replace('actor=%7B', 'actor=%'))).toBeNull();
  expect(launch.endpoint).toBe('https://lms.example/xapi/');
});

test('a launch begins with the token, the launch data, the preferences, and “initialized”', async () => {
  const session = await startCmi5(launch, platform.world);
  expect(platform.requests).toEqual([
    'POST /token',
    'GET /xapi/activities/state',
    'GET /xapi/agents/profile',
    'GET /xapi/activities/state',
    'PUT /xapi/statements',
  ]);
  expect(platform.verbs).toEqual(['initialized']);
  expect(session).toMatchObject({
    learner: 'Mori Aoi',
    launchParameters: 'the assignment',
    returnAddress: 'https://lms.example/back',
  });
});

test('solving everything says completed and passed, once, and the end says terminated with its duration', async () => {
  const session = await startCmi5(launch, platform.world);
  await session.report({ solved: 1, all: 2, handedIn: false }, 'half');
  expect(platform.verbs).toEqual(['initialized']);
  platform.pass(90);
  await session.report({ solved: 2, all: 2, handedIn: false }, 'whole');
  await session.report({ solved: 2, all: 2, handedIn: true }, 'whole');
  await session.end();
  await session.end();
  expect(platform.verbs).toEqual(['initialized', 'completed', 'passed', 'terminated']);
  const [, completed, passed, terminated] = platform.statements;
  expect(completed?.result).toEqual({ completion: true, duration: 'PT90.00S' });
  expect(passed?.result).toMatchObject({ success: true, score: { scaled: 1, raw: 2, min: 0, max: 2 } });
  expect(terminated?.result).toEqual({ duration: 'PT90.00S' });
});

test('statements carry the template, the registration, and the categories that the standard asks for', async () => {
  const session = await startCmi5(launch, platform.world);
  await session.report({ solved: 1, all: 1, handedIn: false }, '');
  const categories = platform.statements.map(({ context }) =>
    context.contextActivities.category.map(({ id }) => id.split('/').at(-1)),
  );
  expect(categories).toEqual([['cmi5'], ['cmi5', 'moveon'], ['cmi5', 'moveon']]);
  expect(platform.statements[0]).toMatchObject({
    actor,
    object: { id: launch.activityId },
    context: {
      registration: 'a1b2',
      extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': 's1' },
      contextActivities: { grouping: [{ id: 'https://lms.example/course' }] },
    },
  });
});

test('handing in with less than everything is completed and failed; a later session passes', async () => {
  const first = await startCmi5(launch, platform.world);
  await first.report({ solved: 1, all: 2, handedIn: true }, 'work');
  await first.end();
  platform.relaunch();
  const second = await startCmi5(launch, platform.world);
  expect(second.resumed).toBe('work');
  await second.report({ solved: 2, all: 2, handedIn: true }, 'work');
  expect(platform.verbs).toEqual([
    ...['initialized', 'completed', 'failed', 'terminated'],
    ...['initialized', 'passed'],
  ]);
});

test('browsing is not judged', async () => {
  platform = new Platform('Browse');
  const session = await startCmi5(launch, platform.world);
  await session.report({ solved: 1, all: 1, handedIn: true }, '');
  await session.end();
  expect(platform.verbs).toEqual(['initialized', 'terminated']);
});

test('a token that was fetched already is told in the platform’s words', async () => {
  await startCmi5(launch, platform.world);
  await expect(startCmi5(launch, platform.world)).rejects.toThrow('already fetched');
});
