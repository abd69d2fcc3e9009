// What the page's thread did, from Chromium's own trace: in processor time, because wall time on a shared machine says
// how busy the others were.
import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of wall and of processor time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

export interface Work {
  /** Processor time of each task in milliseconds, longest first. */
  readonly tasks: readonly number[];
  /** Tasks that took longer than 50 ms by the clock on the wall. */
  readonly longByWall: number;
  readonly layouts: number;
}

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Traces the page's main thread while `act` goes on. */
export async function traced(browser: Browser, page: Page, act: () => Promise<void>): Promise<Work> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const threads = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid}:${tid}`);
  const byThread = threads.map((thread) =>
    traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && `${pid}:${tid}` === thread),
  );
  const [own = []] = byThread.sort((a, b) => b.length - a.length);
  const tasks = own.filter(({ name }) => name.endsWith('RunTask') && !name.includes('::'));
  return {
    tasks: tasks.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a),
    longByWall: tasks.filter(({ dur = 0 }) => dur > 50_000).length,
    layouts: own.filter(({ name }) => name === 'Layout').length,
  };
}
