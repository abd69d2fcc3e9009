/**
 * SCORM, the content's side: a handful of calls on an object that the platform's page provides. SCORM 1.2 Run-Time
 * Environment, sections 3.3 and 3.4; SCORM 2004 4th Edition Run-Time Environment, sections 3.1 and 4.2.
 */
import { isPassed, type Platform, type Progress } from './platform.ts';

/** `API` of SCORM 1.2. All arguments and results are strings; numbers pass too in some platforms. */
export interface Api12 {
  LMSInitialize(nothing: ''): unknown;
  LMSGetValue(element: string): unknown;
  LMSSetValue(element: string, value: string): unknown;
  LMSCommit(nothing: ''): unknown;
  LMSFinish(nothing: ''): unknown;
  LMSGetLastError(): unknown;
  LMSGetErrorString(code: string): unknown;
}

/** `API_1484_11` of SCORM 2004. */
export interface Api2004 {
  Initialize(nothing: ''): unknown;
  GetValue(element: string): unknown;
  SetValue(element: string, value: string): unknown;
  Commit(nothing: ''): unknown;
  Terminate(nothing: ''): unknown;
  GetLastError(): unknown;
  GetErrorString(code: string): unknown;
}

/** Characters of cmi.suspend_data: CMIString4096, and characterstring (SPM 64000). */
export const ROOM_12 = 4096;
export const ROOM_2004 = 64_000;

/** Milliseconds since some moment. */
export type Now = () => number;

type Elements = Readonly<Record<string, string>>;

/** What the two standards have in common, once their names are set aside. */
interface Dialect {
  readonly room: number;
  readonly learner: string;
  readonly initialize: () => unknown;
  readonly get: (element: string) => string;
  readonly set: (element: string, value: string) => unknown;
  readonly commit: () => unknown;
  readonly finish: () => unknown;
  readonly error: () => string;
  readonly status: (progress: Progress) => Elements;
  readonly ending: (seconds: number, done: boolean) => Elements;
}

const NOTHING: Progress = { solved: 0, all: 0, handedIn: false };
const percent = ({ solved, all }: Progress): number => (all === 0 ? 0 : Math.round((100 * solved) / all));
const isDone = (progress: Progress): boolean => progress.handedIn || isPassed(progress);

export function scorm12(api: Api12, now: Now): Platform {
  return session(
    {
      room: ROOM_12,
      learner: 'cmi.core.student_name',
      initialize: () => api.LMSInitialize(''),
      get: (element) => textOf(api.LMSGetValue(element)),
      set: (element, value) => api.LMSSetValue(element, value),
      commit: () => api.LMSCommit(''),
      finish: () => api.LMSFinish(''),
      error: () => api12Error(api),
      status: (progress) => ({
        'cmi.core.score.min': '0',
        'cmi.core.score.max': '100',
        'cmi.core.score.raw': String(percent(progress)),
        'cmi.core.lesson_status': isPassed(progress)
          ? 'passed'
          : progress.handedIn
            ? 'completed'
            : 'incomplete',
      }),
      ending: (seconds, done) => ({
        'cmi.core.session_time': timespan(seconds),
        'cmi.core.exit': done ? '' : 'suspend',
      }),
    },
    now,
  );
}

export function scorm2004(api: Api2004, now: Now): Platform {
  return session(
    {
      room: ROOM_2004,
      learner: 'cmi.learner_name',
      initialize: () => api.Initialize(''),
      get: (element) => textOf(api.GetValue(element)),
      set: (element, value) => api.SetValue(element, value),
      commit: () => api.Commit(''),
      finish: () => api.Terminate(''),
      error: () => api2004Error(api),
      status: (progress) => ({
        'cmi.score.min': '0',
        'cmi.score.max': '100',
        'cmi.score.raw': String(percent(progress)),
        'cmi.score.scaled': String(percent(progress) / 100),
        'cmi.progress_measure': String(percent(progress) / 100),
        'cmi.completion_status': isDone(progress) ? 'completed' : 'incomplete',
        'cmi.success_status': isPassed(progress) ? 'passed' : progress.handedIn ? 'failed' : 'unknown',
      }),
      ending: (seconds, done) => ({
        'cmi.session_time': `PT${seconds}S`,
        'cmi.exit': done ? 'normal' : 'suspend',
      }),
    },
    now,
  );
}

function session(dialect: Dialect, now: Now): Platform {
  const began = now();
  let last = NOTHING;
  let over = false;
  const must = (answer: unknown, what: string): void => {
    if (String(answer) !== 'true') throw new Error(`${what}: ${dialect.error()}`);
  };
  const setAll = (elements: Elements): void => {
    for (const [element, value] of Object.entries(elements)) must(dialect.set(element, value), element);
  };
  must(dialect.initialize(), 'initialize');
  return {
    room: dialect.room,
    learner: dialect.get(dialect.learner),
    resumed: dialect.get('cmi.suspend_data'),
    report: async (progress, resume) => {
      if (over) throw new Error('the session is over');
      // Platforms cut what is too long, or refuse it: neither may happen to a student's work.
      if (resume.length > dialect.room) throw new Error(`more than ${dialect.room} characters to keep`);
      last = progress;
      setAll({ ...dialect.status(progress), 'cmi.suspend_data': resume });
      must(dialect.commit(), 'commit');
    },
    end: async () => {
      if (over) return;
      over = true;
      setAll(dialect.ending(Math.max(0, Math.round((now() - began) / 1000)), isDone(last)));
      must(dialect.finish(), 'finish');
    },
  };
}

/** Platforms that have nothing to say return '' or, against the standard, null. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** HHHH:MM:SS, as CMITimespan wants it. */
function timespan(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const api12Error = (api: Api12): string => {
  const code = String(api.LMSGetLastError());
  return `${code} ${String(api.LMSGetErrorString(code))}`;
};

const api2004Error = (api: Api2004): string => {
  const code = String(api.GetLastError());
  return `${code} ${String(api.GetErrorString(code))}`;
};

/** Frames above frames that are looked through, as the standards' own example does. */
const MOST_FRAMES = 500;

/** A window as far as the search for the platform needs it. */
interface Frame {
  readonly parent: Frame;
  readonly opener?: Frame | null;
}

/**
 * The platform's object: in the windows above this one, then in those above the one that opened it. Windows of another
 * origin hide theirs.
 */
export function findApi(name: 'API' | 'API_1484_11', from: Frame): unknown {
  return above(name, from.parent) ?? (from.opener ? above(name, from.opener) : null);
}

function above(name: string, from: Frame): unknown {
  let frame = from;
  for (let i = 0; i < MOST_FRAMES; i++) {
    try {
      const found = (frame as unknown as Record<string, unknown>)[name];
      if (found !== undefined && found !== null) return found;
      if (frame.parent === frame) return null;
      frame = frame.parent;
    } catch {
      return null;
    }
  }
  return null;
}
