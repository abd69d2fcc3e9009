/** What passes between a pool and its threads: the assignment once, then a file, an answer, a file, an answer … */
import type { Assignment } from '../format/assignment.ts';
import type { Checked } from '../format/checked.ts';
import type { CheckWorker, NamedFile } from './pool.ts';

export type ToThread =
  | { readonly kind: 'begin'; readonly assignment: Assignment | null }
  | { readonly kind: 'check'; readonly file: NamedFile };

/** Either end of the channel to a thread; a Worker, or what stands for one in Node. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

/** Serves a pool from inside a thread. */
export function serveThread(
  port: Port,
  check: (file: NamedFile, assignment: Assignment | null) => Promise<Checked>,
): void {
  let assignment: Assignment | null = null;
  port.onmessage = ({ data }) => {
    const message = data as ToThread;
    if (message.kind === 'begin') assignment = message.assignment;
    else void check(message.file, assignment).then((checked) => port.postMessage(checked));
  };
}

/** A thread as the pool wants it. `fail` is for whoever hears that the thread is gone. */
export function threadOver(
  port: Port,
  assignment: Assignment | null,
  end: () => void,
): CheckWorker & { fail(message: string): void } {
  let waiting: { resolve(checked: Checked): void; reject(reason: Error): void } | null = null;
  port.onmessage = ({ data }) => waiting?.resolve(data as Checked);
  const tell = (message: ToThread): void => port.postMessage(message);
  tell({ kind: 'begin', assignment });
  return {
    check: (file) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        tell({ kind: 'check', file });
      }),
    end,
    fail: (message) => waiting?.reject(new Error(message)),
  };
}
