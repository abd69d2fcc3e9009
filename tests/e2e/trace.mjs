// What the page's thread did, from Chromium's own trace: in processor time, because wall time on a shared machine says
// how busy the others were.

/**
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {string} ph
 * @property {number} pid
 * @property {number} tid
 * @property {number} [dur] microseconds by the clock on the wall
 * @property {number} [tdur] microseconds of processor time
 * @property {{ name?: string }} args
 *
 * @typedef {object} Work
 * @property {readonly number[]} tasks processor time of each task in milliseconds, longest first
 * @property {readonly number[]} wall the same by the clock: with all that the task waited for a processor
 * @property {number} longByWall tasks that took longer than 50 ms by the clock
 * @property {number} layouts
 */

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** @param {readonly number[]} microseconds @returns {number[]} milliseconds, longest first */
const longestFirst = (microseconds) => microseconds.map((time) => time / 1000).sort((a, b) => b - a);

/**
 * Traces the page's main thread while `act` goes on.
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<void>} act
 * @returns {Promise<Work>}
 */
export async function traced(browser, page, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  /** @type {{ traceEvents: readonly TraceEvent[] }} */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid}:${tid}`);
  const byThread = threads.map((thread) =>
    traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && `${pid}:${tid}` === thread),
  );
  const [own = []] = byThread.sort((a, b) => b.length - a.length);
  const tasks = own.filter(({ name }) => name.endsWith('RunTask') && !name.includes('::'));
  const wall = longestFirst(tasks.map(({ dur = 0 }) => dur));
  return {
    tasks: longestFirst(tasks.map(({ tdur = 0 }) => tdur)),
    wall,
    longByWall: wall.filter((milliseconds) => milliseconds > 50).length,
    layouts: own.filter(({ name }) => name === 'Layout').length,
  };
}
