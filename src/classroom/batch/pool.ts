/**
 * Many files over several workers: each is given the next file when it is done with one, so that no more are in memory
 * than there are workers. A worker that does not answer in time is ended, and another takes its place.
 */
import { unread, type Checked } from '../format/checked.ts';

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A thread that checks one file at a time. */
export interface CheckWorker {
  check(file: NamedFile): Promise<Checked>;
  end(): void;
}

export interface PoolOptions {
  readonly spawn: () => CheckWorker;
  readonly workers: number;
  /** Seconds that one file may take. */
  readonly patience: number;
  readonly onChecked: (checked: Checked) => void;
  readonly cancelled: () => boolean;
}

export async function checkAll(
  files: AsyncIterable<NamedFile> | Iterable<NamedFile>,
  options: PoolOptions,
): Promise<void> {
  const source = (async function* (): AsyncGenerator<NamedFile, undefined> {
    yield* files;
  })();
  await Promise.all(Array.from({ length: options.workers }, () => workThrough(source, options)));
}

async function workThrough(
  source: AsyncGenerator<NamedFile, undefined>,
  { spawn, patience, onChecked, cancelled }: PoolOptions,
): Promise<void> {
  let worker: CheckWorker | null = null;
  try {
    while (!cancelled()) {
      const { value: file } = await source.next();
      if (!file) return;
      worker ??= spawn();
      const checked = await inTime(worker.check(file), patience).catch((error: unknown) => {
        worker?.end();
        worker = null;
        return unread(file.name, reasonOf(error, patience));
      });
      if (!cancelled()) onChecked(checked);
    }
  } finally {
    worker?.end();
  }
}

class TooSlow extends Error {}

function inTime<Result>(work: Promise<Result>, seconds: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooSlow()), 1000 * seconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const reasonOf = (error: unknown, seconds: number) =>
  error instanceof TooSlow
    ? ({ kind: 'too-slow', exercise: '', seconds } as const)
    : ({
        kind: 'broke-off',
        exercise: '',
        message: error instanceof Error ? error.message : String(error),
      } as const);
