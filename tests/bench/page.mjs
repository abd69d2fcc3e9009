// The page while an engine runs at full speed: time until the lab can run, and tasks that keep the page's thread busy.
// The site must have been built. Figures hold for the machine they were taken on, at the load it had.
import { chromium } from 'playwright';
import { chromiumPath } from '../../src/build/chromium.mjs';
import { serve } from '../../src/build/serve.mjs';

/** A task longer than this is felt, and is what the browser reports. */
const LONG_MS = 50;
const RUN_MS = 4000;
const PANELS = ['Code', 'Registers', 'Events', 'Ledger'];

const executablePath = await chromiumPath();
if (!executablePath) process.exit(1);
const address = await serve({});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await tab.addInitScript(() => {
  const tasks = Object.assign(globalThis, { longTasks: /** @type {number[]} */ ([]) }).longTasks;
  new PerformanceObserver((list) => {
    tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)));
  }).observe({ type: 'longtask', buffered: true });
});
/** What was observed since the last call. @returns {Promise<number[]>} */
const longTasks = () =>
  tab.evaluate(() =>
    /** @type {{ longTasks: number[] }} */ (/** @type {unknown} */ (globalThis)).longTasks.splice(0),
  );

const began = performance.now();
await tab.goto(`${address}en/vm370/`);
const lab = tab.locator('#lab');
await lab
  .locator('.status')
  .getByText(/Paused|Ready/)
  .first()
  .waitFor();
console.log(`lab ready after ${Math.round(performance.now() - began)} ms`);
await lab.getByLabel('Technique').selectOption('cp-cp');
for (const panel of PANELS) {
  await lab.getByRole('button', { name: 'Reset', exact: true }).click();
  const shown = lab.getByRole('tab', { name: panel, exact: true });
  if (await shown.isVisible()) await shown.click();
  await tab.waitForTimeout(500);
  await longTasks();
  await lab.getByRole('button', { name: 'Run', exact: true }).click();
  await tab.waitForTimeout(RUN_MS);
  const tasks = await longTasks();
  const worst = tasks.length === 0 ? 'none' : `${tasks.length}, longest ${Math.max(...tasks)} ms`;
  console.log(`${panel.padEnd(10)} tasks over ${LONG_MS} ms in ${RUN_MS / 1000} s at full speed: ${worst}`);
  const pause = lab.getByRole('button', { name: 'Pause', exact: true });
  if (await pause.isVisible()) await pause.click();
}
await browser.close();
process.exit(0);
