/**
 * The page's end of the channel: a session whose engine lives behind a port. When the engine fails or does not answer
 * any more, the page is told in words; what was typed is the page's own, and a new connection starts from it.
 */
import type { Grading, Variant, Verdict } from '../../protocol/exercise.ts';
import type { Frame, Setup } from '../../protocol/frame.ts';
import type { Measurement, Opened, Session } from '../../protocol/session.ts';
import { unpack, unpacked, type FromPage, type FromWorker, type Method, type Port } from '../channel.ts';

/** A running lab and the means to end it. */
export interface Connection {
  readonly session: Session;
  readonly grading: Grading;
  /** Ends the worker; commands under way are refused. */
  readonly dispose: () => void;
}

/** Seconds of silence, with a command under way, after which an engine counts as lost. */
const LOST_AFTER = 15;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** Speaks to the engine in `worker`, which is told which lab it is for. */
export function connectWorker(worker: Worker, lab: string): Promise<Connection> {
  const connecting = connectTo(worker as unknown as Port, lab, () => worker.terminate());
  worker.onerror = (event) => {
    event.preventDefault();
    connecting.fail(event.message || 'the engine could not be loaded');
  };
  return connecting.connection;
}

/** Speaks to a worker behind `port`; `end` ends it. */
export function connectTo(
  port: Port,
  lab: string,
  end: () => void,
): { readonly connection: Promise<Connection>; fail(message: string): void } {
  const wire = new Wire(port, end);
  const connection = wire.start(lab).then(() => ({
    session: sessionOver(wire),
    grading: gradingOver(wire),
    dispose: () => wire.dispose(),
  }));
  return { connection, fail: (message) => wire.fail(message) };
}

class Wire {
  onFrame: (frame: Frame) => void = () => undefined;
  onFailure: (message: string) => void = () => undefined;
  onResult: (measurement: Measurement) => void = () => undefined;
  onGraded: (cycles: number) => void = () => undefined;
  onOpened: (done: number) => void = () => undefined;
  private readonly port: Port;
  private readonly end: () => void;
  private readonly waiting = new Map<number, Waiting>();
  private started: Waiting | null = null;
  private next = 1;
  private silence = 0;
  private over = '';
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(port: Port, end: () => void) {
    this.port = port;
    this.end = end;
    port.onmessage = ({ data }) => this.hear(data as FromWorker);
    // Ticks are counted, not time: a laptop that slept has not lost its engine.
    this.timer = setInterval(() => {
      const busy = this.waiting.size > 0 || this.started !== null;
      this.silence = busy ? this.silence + 1 : 0;
      if (this.silence > LOST_AFTER) this.fail('the engine does not answer');
    }, 1000);
  }

  private tell(message: FromPage): void {
    this.port.postMessage(message);
  }

  start(lab: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.started = { resolve, reject };
      this.tell({ kind: 'start', lab });
    });
  }

  request(method: Method, args: readonly unknown[]): Promise<unknown> {
    if (this.over !== '') return Promise.reject(new Error(this.over));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.tell({ kind: 'request', id, method, args });
    });
  }

  private hear(message: FromWorker): void {
    this.silence = 0;
    switch (message.kind) {
      case 'started':
        this.started?.resolve(undefined);
        this.started = null;
        return;
      case 'beat':
        return;
      case 'failure':
        this.fail(message.message);
        return;
      case 'frame':
        this.onFrame(unpack(message.frame));
        return;
      case 'result':
        this.onResult(message.measurement);
        return;
      case 'opened':
        this.onOpened(message.done);
        return;
      case 'graded':
        this.onGraded(message.cycles);
        return;
      case 'done':
        this.waiting.get(message.id)?.resolve(unpacked(message.value));
        this.waiting.delete(message.id);
        return;
      case 'refused':
        this.waiting.get(message.id)?.reject(new Error(message.message));
        this.waiting.delete(message.id);
    }
  }

  /** The engine is lost: everybody who waits is told, and the page. */
  fail(message: string): void {
    if (this.over !== '') return;
    this.finish(message);
    this.onFailure(message);
  }

  dispose(): void {
    if (this.over === '') this.finish('the lab was closed');
  }

  private finish(message: string): void {
    this.over = message;
    clearInterval(this.timer);
    this.end();
    this.started?.reject(new Error(message));
    this.started = null;
    for (const { reject } of this.waiting.values()) reject(new Error(message));
    this.waiting.clear();
  }
}

/** Methods whose arguments and results pass as they are. */
const PLAIN = [
  'offer',
  'load',
  'view',
  'run',
  'pause',
  'step',
  'stepBack',
  'stepOver',
  'nextLine',
  'nextTransfer',
  'previousTransfer',
  'runToAddress',
  'runToEvent',
  'seek',
  'reset',
  'input',
  'breakpoints',
  'recording',
  'replay',
  'measure',
] as const satisfies readonly Method[];
type Plain = Pick<Session, (typeof PLAIN)[number]>;

function sessionOver(wire: Wire): Session {
  const plain = Object.fromEntries(
    PLAIN.map((method) => [method, (...args: readonly unknown[]) => wire.request(method, args)]),
  ) as unknown as Plain;
  return {
    ...plain,
    open: async (file, onProgress) => {
      wire.onOpened = onProgress;
      return (await wire.request('open', [file])) as Opened | null;
    },
    compare: async (workload, techniques, onResult) => {
      wire.onResult = onResult;
      await wire.request('compare', [workload, techniques]);
    },
    survey: async (setups, onResult) => {
      wire.onResult = onResult;
      await wire.request('survey', [setups]);
    },
    subscribe: async (onFrame, onFailure) => {
      wire.onFrame = onFrame;
      wire.onFailure = onFailure;
    },
  };
}

function gradingOver(wire: Wire): Grading {
  return {
    variant: async (exercise, seed) => (await wire.request('variant', [exercise, seed])) as Variant,
    setup: async (exercise, seed, attempt) =>
      (await wire.request('setup', [exercise, seed, attempt])) as Setup,
    grade: async (exercise, seed, attempt, onProgress) => {
      wire.onGraded = onProgress;
      return (await wire.request('grade', [exercise, seed, attempt])) as Verdict | null;
    },
    cancelGrading: async () => {
      await wire.request('cancelGrading', []);
    },
  };
}
