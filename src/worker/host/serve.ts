/** The worker's end of the channel: one session, its commands from messages, its frames into messages. */
import type { WorldFactory } from '../../lab/world.ts';
import type { Grading } from '../../protocol/exercise.ts';
import type { Measurement, Session } from '../../protocol/session.ts';
import type { Pace } from '../../session/pace.ts';
import { LabSession } from '../../session/session.ts';
import type { Sandbox } from '../../sandbox/contract.ts';
import { LabGrading, type FindExercise } from './grading.ts';
import { pack, packed, type FromPage, type FromWorker, type Port, type Request } from '../channel.ts';

const BEAT_MILLISECONDS = 1000;

/** A student's code is rare, and its engine large. */
const openSandbox = async (): Promise<Sandbox> => (await import('../../sandbox/sandbox.ts')).openSandbox();

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What chapters bring, found by name. */
export interface Chapters {
  readonly factoryOf: (lab: string) => Promise<WorldFactory>;
  readonly exerciseOf: FindExercise;
}

/** All that a page can ask of its lab. */
interface Lab {
  readonly session: Session;
  readonly grading: Grading;
}

/** Serves the page behind `port`. */
export function serve(port: Port, pace: Pace, { factoryOf, exerciseOf }: Chapters): void {
  let running: Lab | null = null;
  const tell = (message: FromWorker): void => port.postMessage(message);
  const fail = (error: unknown): void => tell({ kind: 'failure', message: messageOf(error) });

  const start = async (lab: string): Promise<void> => {
    const surroundings = { factory: await factoryOf(lab), pace: beating(pace, tell), openSandbox };
    const session = new LabSession({ lab, ...surroundings });
    const grading = new LabGrading(lab, exerciseOf, surroundings);
    running = { session, grading };
    await session.subscribe(
      (frame) => tell({ kind: 'frame', frame: pack(frame) }),
      (message) => tell({ kind: 'failure', message }),
    );
    tell({ kind: 'started' });
  };

  const answer = async ({ id, method, args }: Request): Promise<void> => {
    try {
      if (!running) throw new Error(`${method} before the lab was started`);
      const value = await call(running, method, args, tell);
      tell({ kind: 'done', id, value: packed(value) });
    } catch (error) {
      tell({ kind: 'refused', id, message: messageOf(error) });
    }
  };

  port.onmessage = ({ data }) => {
    const message = data as FromPage;
    if (message.kind === 'start') start(message.lab).catch(fail);
    else void answer(message);
  };
}

/** The page's arguments come as they were typed there; callbacks are put in here. */
function call(
  { session, grading }: Lab,
  method: Request['method'],
  args: readonly unknown[],
  tell: (message: FromWorker) => void,
): Promise<unknown> {
  switch (method) {
    case 'subscribe':
      return Promise.resolve();
    case 'compare':
    case 'survey':
      return does(session, method)(...args, (measurement: Measurement) =>
        tell({ kind: 'result', measurement }),
      );
    case 'open':
      return does(session, method)(...args, (done: number) => tell({ kind: 'opened', done }));
    case 'grade':
      return does(grading, method)(...args, (cycles: number) => tell({ kind: 'graded', cycles }));
    case 'variant':
    case 'setup':
    case 'cancelGrading':
      return does(grading, method)(...args);
    default:
      return does(session, method)(...args);
  }
}

type Command = (...given: readonly unknown[]) => Promise<unknown>;
const does = <Owner extends object>(owner: Owner, method: keyof Owner): Command =>
  (owner[method] as Command).bind(owner);

/** Tells the page now and then that a long command is still under way. */
function beating(pace: Pace, tell: (message: FromWorker) => void): Pace {
  let last = pace.now();
  return {
    now: () => pace.now(),
    breathe: (milliseconds) => {
      if (pace.now() - last > BEAT_MILLISECONDS) {
        last = pace.now();
        tell({ kind: 'beat' });
      }
      return pace.breathe(milliseconds);
    },
  };
}
