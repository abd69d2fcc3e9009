/** A thread of `strata verify`: the bundle of the command itself, which serves instead when it finds it was spawned. */
import { isMainThread, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import type { CheckWorker, NamedFile } from '../../classroom/batch/pool.ts';
import { serveThread, threadOver, type Port } from '../../classroom/batch/thread.ts';
import { checkHandIn } from '../../classroom/check/check.ts';
import { chapterGrader } from '../../classroom/check/grader.ts';
import type { Assignment } from '../../classroom/format/assignment.ts';
import type { Checked } from '../../classroom/format/checked.ts';
import { ENGINE } from '../../classroom/format/engine.ts';

const TASK = 'strata verify';
/** What a hostile file may make a thread hold. */
const MOST_MEGABYTES = 1024;

/** Nobody waits for a thread but the pool: it need not breathe. */
const grade = chapterGrader({ now: () => performance.now(), breathe: () => Promise.resolve() });

const check = ({ name, bytes }: NamedFile, assignment: Assignment | null): Promise<Checked> =>
  checkHandIn(name, bytes, { grade, engine: ENGINE, assignment });

/** Node's port speaks in events where a browser's has a handler. */
function asPort(port: Worker | MessagePort): Port {
  const shaped: Port = { onmessage: null, postMessage: (message) => port.postMessage(message) };
  port.on('message', (data: unknown) => shaped.onmessage?.({ data }));
  return shaped;
}

if (!isMainThread && workerData === TASK && parentPort) serveThread(asPort(parentPort), check);

export function spawnThread(assignment: Assignment | null): CheckWorker {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: TASK,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  const thread = threadOver(asPort(worker), assignment, () => void worker.terminate());
  worker.on('error', (error: unknown) => thread.fail(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => thread.fail('the thread ended'));
  return thread;
}

/** One at a time needs no thread. */
export const inProcess = (assignment: Assignment | null): CheckWorker => ({
  check: (file) => check(file, assignment),
  end: () => undefined,
});
