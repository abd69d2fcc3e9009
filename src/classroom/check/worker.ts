/** The checking thread of a teacher's page. */
import { serveThread, type Port } from '../batch/thread.ts';
import { ENGINE } from '../format/engine.ts';
import { checkHandIn } from './check.ts';
import { chapterGrader } from './grader.ts';

/** Nobody waits for this thread but the pool: it need not breathe. */
const grade = chapterGrader({ now: () => performance.now(), breathe: () => Promise.resolve() });

serveThread(globalThis as unknown as Port, ({ name, bytes }, assignment) =>
  checkHandIn(name, bytes, { grade, engine: ENGINE, assignment }),
);
