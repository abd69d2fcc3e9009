/** The worker's end of the channel: one session, its commands from messages, its frames into messages. */
import type { WorldFactory } from '../../lab/world.ts';
import type { Measurement, Session } from '../../protocol/session.ts';
import type { Pace } from '../../session/pace.ts';
import { LabSession } from '../../session/session.ts';
import type { Sandbox } from '../../sandbox/contract.ts';
import { pack, packed, type FromPage, type FromWorker, type Port, type Request } from '../channel.ts';

const BEAT_MILLISECONDS = 1000;

/** A student's code is rare, and its engine large. */
const openSandbox = async (): Promise<Sandbox> => (await import('../../sandbox/sandbox.ts')).openSandbox();

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Serves the page behind `port`; `factoryOf` finds a lab by its folder's name. */
export function serve(port: Port, pace: Pace, factoryOf: (lab: string) => Promise<WorldFactory>): void {
  let session: Session | null = null;
  const tell = (message: FromWorker): void => port.postMessage(message);
  const fail = (error: unknown): void => tell({ kind: 'failure', message: messageOf(error) });

  const start = async (lab: string): Promise<void> => {
    session = new LabSession({ lab, factory: await factoryOf(lab), pace: beating(pace, tell), openSandbox });
    await session.subscribe(
      (frame) => tell({ kind: 'frame', frame: pack(frame) }),
      (message) => tell({ kind: 'failure', message }),
    );
    tell({ kind: 'started' });
  };

  const answer = async ({ id, method, args }: Request): Promise<void> => {
    try {
      if (!session) throw new Error(`${method} before the lab was started`);
      const value = await call(session, method, args, (measurement) => tell({ kind: 'result', measurement }));
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
  session: Session,
  method: Request['method'],
  args: readonly unknown[],
  onResult: (measurement: Measurement) => void,
): Promise<unknown> {
  if (method === 'subscribe') return Promise.resolve();
  const all = method === 'compare' ? [...args, onResult] : args;
  const commands = session as unknown as Commands;
  return commands[method](...all);
}

type Commands = Record<Request['method'], (...given: readonly unknown[]) => Promise<unknown>>;

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
