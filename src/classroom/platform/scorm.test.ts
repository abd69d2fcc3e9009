import { Scorm12API, Scorm2004API } from 'scorm-again';
import { expect, test } from 'vitest';
import { findApi, ROOM_12, scorm12, scorm2004, type Api12, type Api2004 } from './scorm.ts';

/** scorm-again is the learning platform: it checks every element against the standard's data model. */
const platform12 = (cmi: Record<string, unknown> = {}) => {
  const api = new Scorm12API({ autocommit: false, logLevel: 5 });
  api.loadFromJSON(cmi, '');
  return api;
};
const platform2004 = (cmi: Record<string, unknown> = {}) => {
  const api = new Scorm2004API({ autocommit: false, logLevel: 5 });
  api.loadFromJSON(cmi, '');
  return api;
};

function clock() {
  let time = 0;
  return { now: () => time, pass: (seconds: number) => (time += 1000 * seconds) };
}

test('SCORM 1.2: a session is opened, reported, suspended, and resumed where it was', async () => {
  const { now, pass } = clock();
  const api = platform12({ core: { student_name: 'Mori, Aoi' } });
  const session = scorm12(api, now);
  expect([session.learner, session.resumed, session.room]).toEqual(['Mori, Aoi', '', 4096]);
  await session.report({ solved: 1, all: 3, handedIn: false }, 'state');
  expect(api.cmi.core.lesson_status).toBe('incomplete');
  expect(api.cmi.core.score.raw).toBe('33');
  pass(3725);
  await session.end();
  expect(api.isTerminated()).toBe(true);
  const kept = JSON.parse(JSON.stringify(api.cmi)) as { suspend_data: string; core: Record<string, string> };
  expect(kept.core).toMatchObject({ exit: 'suspend', session_time: '01:02:05' });
  const again = scorm12(platform12({ suspend_data: kept.suspend_data }), now);
  expect(again.resumed).toBe('state');
});

test('SCORM 1.2: all solved is passed, handed in with less is completed', async () => {
  const [passed, completed] = [platform12(), platform12()];
  await scorm12(passed, () => 0).report({ solved: 2, all: 2, handedIn: false }, '');
  await scorm12(completed, () => 0).report({ solved: 1, all: 2, handedIn: true }, '');
  expect(passed.cmi.core.lesson_status).toBe('passed');
  expect(completed.cmi.core.lesson_status).toBe('completed');
});

test('SCORM 1.2: more than 4096 characters are refused by us, before the platform cuts them', async () => {
  const api = platform12();
  const session = scorm12(api, () => 0);
  await session.report({ solved: 0, all: 1, handedIn: false }, 'x'.repeat(ROOM_12));
  const more = session.report({ solved: 0, all: 1, handedIn: false }, 'x'.repeat(ROOM_12 + 1));
  await expect(more).rejects.toThrow('4096');
  expect(api.cmi.suspend_data).toHaveLength(ROOM_12);
});

test('SCORM 2004: a session is opened, reported, suspended, and resumed where it was', async () => {
  const { now, pass } = clock();
  const api = platform2004({ learner_name: 'Mori, Aoi' });
  const session = scorm2004(api, now);
  expect([session.learner, session.resumed]).toEqual(['Mori, Aoi', '']);
  await session.report({ solved: 1, all: 4, handedIn: false }, 'state');
  expect(api.cmi).toMatchObject({ completion_status: 'incomplete', success_status: 'unknown' });
  expect(api.cmi.score.scaled).toBe('0.25');
  pass(90);
  await session.end();
  expect(api.isTerminated()).toBe(true);
  expect(JSON.parse(JSON.stringify(api.cmi))).toMatchObject({ exit: 'suspend', session_time: 'PT90S' });
  expect(scorm2004(platform2004({ suspend_data: 'state' }) as unknown as Api2004, now).resumed).toBe('state');
});

test('SCORM 2004: completion and success are told apart', async () => {
  const api = platform2004();
  const session = scorm2004(api, () => 0);
  await session.report({ solved: 1, all: 2, handedIn: true }, '');
  expect(api.cmi).toMatchObject({ completion_status: 'completed', success_status: 'failed' });
  await session.report({ solved: 2, all: 2, handedIn: true }, '');
  expect(api.cmi).toMatchObject({ completion_status: 'completed', success_status: 'passed' });
  await session.end();
  await expect(session.report({ solved: 0, all: 2, handedIn: false }, '')).rejects.toThrow('over');
});

test('a platform that refuses is quoted', () => {
  const api = platform12();
  api.lmsInitialize();
  expect(() => scorm12(api as unknown as Api12, () => 0)).toThrow(/initialize: 101/);
});

test('the platform is found above, in the opener, and not where a window hides itself', () => {
  const top: Record<string, unknown> = { API: 'found' };
  top['parent'] = top;
  const middle = { parent: top };
  const alone: Record<string, unknown> = {};
  alone['parent'] = alone;
  const hidden = {
    get API(): unknown {
      throw new Error('cross-origin');
    },
  };
  const find = (from: unknown) => findApi('API', from as Parameters<typeof findApi>[1]);
  expect(find({ parent: middle })).toBe('found');
  expect(find({ parent: alone, opener: middle })).toBe('found');
  expect(find({ parent: alone })).toBeNull();
  expect(find({ parent: hidden })).toBeNull();
});
