/** Checking on the teacher's page: files in, several threads, results as they come. */
import { checkAll, type CheckWorker, type NamedFile } from '../batch/pool.ts';
import { sideBySide } from '../batch/side-by-side.ts';
import { threadOver } from '../batch/thread.ts';
import { handInsIn, unpacked } from '../batch/unpack.ts';
import type { Assignment } from '../format/assignment.ts';
import type { Checked } from '../format/checked.ts';
import { MOST } from '../format/limits.ts';

/** Seconds for one file; a student's page needs a few. */
const PATIENCE = 60;
const MOST_THREADS = 8;

function spawn(assignment: Assignment | null): CheckWorker {
  const worker = new Worker(new URL('../check/worker.ts', import.meta.url), { type: 'module' });
  const thread = threadOver(worker as Parameters<typeof threadOver>[0], assignment, () => worker.terminate());
  worker.onerror = (event) => {
    event.preventDefault();
    thread.fail(event.message || 'the engine could not be loaded');
  };
  return thread;
}

export class CheckRun {
  results = $state.raw<readonly Checked[]>([]);
  /** Files known so far: those of a zip are counted when it is opened. */
  all = $state(0);
  running = $state(false);
  stopped = $state(false);
  failure = $state('');

  /** Adds the files to what was checked before. */
  async check(files: readonly File[], assignment: Assignment | null): Promise<void> {
    if (this.running || files.length === 0) return;
    [this.running, this.stopped, this.failure] = [true, false, ''];
    const before = this.results;
    const found: Checked[] = [];
    this.all = before.length + files.length;
    await checkAll(this.source(files), {
      spawn: () => spawn(assignment),
      workers: Math.min(MOST_THREADS, Math.max(1, navigator.hardwareConcurrency || 1)),
      patience: PATIENCE,
      cancelled: () => this.stopped,
      onChecked: (checked) => {
        found.push(checked);
        this.results = [...before, ...found];
      },
    }).catch((error: unknown) => (this.failure = error instanceof Error ? error.message : String(error)));
    this.results = sideBySide(this.results);
    this.all = this.results.length;
    this.running = false;
  }

  /** Each file read when its turn comes. */
  private async *source(files: readonly File[]): AsyncGenerator<NamedFile> {
    for (const file of files) {
      const named = await readNamed(file);
      try {
        this.all += handInsIn(named) - 1;
        yield* unpacked(named);
      } catch (error) {
        this.failure = error instanceof Error ? error.message : String(error);
      }
    }
  }

  stop(): void {
    this.stopped = true;
  }

  clear(): void {
    [this.results, this.all, this.failure, this.stopped] = [[], 0, '', false];
  }
}

/** A file far larger than any hand-in or zip is not even read. */
async function readNamed(file: File): Promise<NamedFile> {
  const large = file.size > 500_000_000;
  return {
    name: file.name,
    bytes: large ? new Uint8Array(MOST.handIn + 1) : new Uint8Array(await file.arrayBuffer()),
  };
}
