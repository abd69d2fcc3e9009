/**
 * cmi5, the assignable unit's side: launch parameters from the address, the token, and the statements that the
 * standard defines (cmi5 "Quartz", sections 7 to 10). Plain requests; none leaves the page without a launch.
 */
import { isPassed, type Platform, type Progress } from './platform.ts';

/** Section 8.1: the query of the address that the platform opened. */
export interface Launch {
  readonly endpoint: string;
  readonly fetch: string;
  readonly actor: Readonly<Record<string, unknown>>;
  readonly registration: string;
  readonly activityId: string;
}

export function launchOf(search: string): Launch | null {
  const query = new URLSearchParams(search);
  const [endpoint, token, actor] = ['endpoint', 'fetch', 'actor'].map((name) => query.get(name));
  const [registration, activityId] = ['registration', 'activityId'].map((name) => query.get(name));
  if (!endpoint || !token || !actor || !registration || !activityId) return null;
  try {
    const agent = JSON.parse(actor) as unknown;
    if (typeof agent !== 'object' || agent === null) return null;
    return {
      endpoint: endpoint.endsWith('/') ? endpoint : `${endpoint}/`,
      fetch: token,
      actor: agent as Launch['actor'],
      registration,
      activityId,
    };
  } catch {
    return null;
  }
}

export interface Cmi5 extends Platform {
  /** What the course structure gave to this unit: the assignment. */
  readonly launchParameters: string;
  /** Where to go when the session is over, or ''. */
  readonly returnAddress: string;
}

/** What of the outside world the session needs. */
export interface World {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly uuid: () => string;
}

const VERBS = 'http://adlnet.gov/expapi/verbs/';
const CATEGORY = 'https://w3id.org/xapi/cmi5/context/categories/';
const STATE = 'strata';
/** Our own limit: a state document may be large, a page that closes sends little. */
const ROOM = 60_000;

/** Section 10.2: what the platform tells the unit at launch. */
interface LaunchData {
  readonly contextTemplate: {
    readonly contextActivities?: Readonly<Record<string, readonly unknown[]>>;
  } & Readonly<Record<string, unknown>>;
  readonly launchMode: string;
  readonly launchParameters: string;
  readonly returnAddress: string;
}

/** Our own document beside the platform's: what was said in this registration, and the work. */
interface OwnState {
  readonly said: readonly string[];
  readonly resume: string;
}

/** Fetches the token, reads the launch data, and says that the session has begun. Rejects with words. */
export async function startCmi5(launch: Launch, world: World): Promise<Cmi5> {
  const wire = new Wire(launch, world, await tokenFrom(launch.fetch, world));
  const data = launchDataFrom(await wire.state('LMS.LaunchData'));
  await wire.learnerPreferences();
  const own = ownStateFrom(await wire.state(STATE).catch(() => null));
  const session = new Session(launch, world, wire, data, own);
  await session.say('initialized', {});
  return session;
}

/** Section 8.2: the address answers once, with the token for all that follows. */
async function tokenFrom(address: string, { fetch: request }: World): Promise<string> {
  const response = await request(address, { method: 'POST' });
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (typeof answer['auth-token'] === 'string') return answer['auth-token'];
  const reason = answer['error-text'];
  const words = typeof reason === 'string' ? reason : `status ${response.status}`;
  throw new Error(`the platform gave no token: ${words}`);
}

function launchDataFrom(value: unknown): LaunchData {
  if (typeof value !== 'object' || value === null) throw new Error('the platform gave no launch data');
  const data = value as Readonly<Record<string, unknown>>;
  const template = data['contextTemplate'];
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  return {
    contextTemplate:
      typeof template === 'object' && template !== null ? (template as LaunchData['contextTemplate']) : {},
    launchMode: text('launchMode') || 'Normal',
    launchParameters: text('launchParameters'),
    returnAddress: /^https?:/.test(text('returnURL')) ? text('returnURL') : '',
  };
}

function ownStateFrom(value: unknown): OwnState {
  const { said, resume } = (value ?? {}) as Partial<OwnState>;
  return {
    said: Array.isArray(said) ? said.map(String) : [],
    resume: typeof resume === 'string' ? resume : '',
  };
}

/** Requests to the platform's record store, one after the other. */
class Wire {
  private readonly launch: Launch;
  private readonly world: World;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(launch: Launch, world: World, token: string) {
    this.launch = launch;
    this.world = world;
    this.headers = {
      authorization: `Basic ${token}`,
      'content-type': 'application/json',
      'x-experience-api-version': '1.0.3',
    };
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    // The session may end because the page closes: the request outlives it.
    const { fetch: request } = this.world;
    const address = this.launch.endpoint + path;
    return request(address, { ...init, headers: this.headers, keepalive: true });
  }

  private statePath(id: string): string {
    const { activityId, actor, registration } = this.launch;
    const agent = JSON.stringify(actor);
    return `activities/state?${new URLSearchParams({ activityId, agent, registration, stateId: id }).toString()}`;
  }

  async state(id: string): Promise<unknown> {
    const response = await this.request(this.statePath(id), { method: 'GET' });
    if (!response.ok) throw new Error(`${id}: the platform answered ${response.status}`);
    return response.json();
  }

  async keep(id: string, value: unknown): Promise<void> {
    const response = await this.request(this.statePath(id), { method: 'PUT', body: JSON.stringify(value) });
    if (!response.ok) throw new Error(`${id}: the platform answered ${response.status}`);
  }

  /** Section 11: a unit must ask for them; ours have no use here, and there may be none. */
  async learnerPreferences(): Promise<void> {
    const agent = JSON.stringify(this.launch.actor);
    const query = new URLSearchParams({ agent, profileId: 'cmi5LearnerPreferences' });
    await this.request(`agents/profile?${query.toString()}`, { method: 'GET' });
  }

  async send(statement: Readonly<Record<string, unknown>> & { readonly id: string }): Promise<void> {
    const path = `statements?${new URLSearchParams({ statementId: statement.id }).toString()}`;
    const response = await this.request(path, { method: 'PUT', body: JSON.stringify(statement) });
    if (!response.ok) throw new Error(`the platform answered ${response.status} to a statement`);
  }
}

type Verb = 'initialized' | 'completed' | 'passed' | 'failed' | 'terminated';

class Session implements Cmi5 {
  readonly room = ROOM;
  readonly learner: string;
  readonly resumed: string;
  readonly launchParameters: string;
  readonly returnAddress: string;
  private readonly launch: Launch;
  private readonly world: World;
  private readonly wire: Wire;
  private readonly data: LaunchData;
  private readonly began: number;
  /** Verbs said in this registration: each of them once. */
  private readonly said: Set<string>;
  private over = false;

  constructor(launch: Launch, world: World, wire: Wire, data: LaunchData, own: OwnState) {
    [this.launch, this.world, this.wire, this.data] = [launch, world, wire, data];
    this.began = world.now();
    this.said = new Set(own.said);
    this.resumed = own.resume;
    this.learner = typeof launch.actor['name'] === 'string' ? launch.actor['name'] : '';
    this.launchParameters = data.launchParameters;
    this.returnAddress = data.returnAddress;
  }

  async report(progress: Progress, resume: string): Promise<void> {
    if (this.over) throw new Error('the session is over');
    if (resume.length > ROOM) throw new Error(`more than ${ROOM} characters to keep`);
    // Section 10.2.2: browsing and reviewing are not judged.
    if (this.data.launchMode === 'Normal') await this.judge(progress);
    await this.wire.keep(STATE, { said: [...this.said], resume } satisfies OwnState);
  }

  private async judge(progress: Progress): Promise<void> {
    const duration = this.duration();
    const scaled = progress.all === 0 ? 0 : progress.solved / progress.all;
    const score = { scaled, raw: progress.solved, min: 0, max: progress.all };
    if (progress.handedIn || isPassed(progress))
      await this.sayOnce('completed', { completion: true, duration });
    if (isPassed(progress)) await this.sayOnce('passed', { success: true, score, duration });
    else if (progress.handedIn && !this.said.has('passed'))
      await this.sayOnce('failed', { success: false, score, duration });
  }

  async end(): Promise<void> {
    if (this.over) return;
    this.over = true;
    await this.say('terminated', { duration: this.duration() });
  }

  private async sayOnce(verb: Verb, result: object): Promise<void> {
    if (this.said.has(verb)) return;
    await this.say(verb, result);
    this.said.add(verb);
  }

  async say(verb: Verb, result: object): Promise<void> {
    const { actor, activityId } = this.launch;
    await this.wire.send({
      id: this.world.uuid(),
      timestamp: new Date(this.world.now()).toISOString(),
      actor,
      verb: { id: VERBS + verb, display: { en: verb } },
      object: { objectType: 'Activity', id: activityId },
      context: this.context(verb),
      ...(Object.keys(result).length > 0 ? { result } : {}),
    });
  }

  /** Section 9.6: the platform's template, our registration, and the categories of the verb. */
  private context(verb: Verb): object {
    const { contextTemplate } = this.data;
    const judged = verb === 'completed' || verb === 'passed' || verb === 'failed';
    const categories = ['cmi5', ...(judged ? ['moveon'] : [])].map((name) => ({ id: CATEGORY + name }));
    const given = contextTemplate.contextActivities?.['category'] ?? [];
    return {
      ...contextTemplate,
      registration: this.launch.registration,
      contextActivities: { ...contextTemplate.contextActivities, category: [...given, ...categories] },
    };
  }

  /** ISO 8601, to the hundredth of a second. */
  private duration(): string {
    return `PT${(Math.max(0, this.world.now() - this.began) / 1000).toFixed(2)}S`;
  }
}
