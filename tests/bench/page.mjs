// The page while an engine runs at full speed: time until the lab can run, and tasks that keep the page's thread busy.
// The site must have been built. Times by the clock hold for the machine and the load they were taken at: the worker
// leaves a machine of two cores one for everything else. The processor's time beside them is what the page itself asks.
import { chromium } from '@playwright/test';
import { chromiumPath } from '../../src/build/chromium.mjs';
import { serve } from '../../src/build/serve.mjs';
import { traced } from '../e2e/trace.mjs';

const RUN_MS = 4000;
const PANELS = ['Code', 'Registers', 'Events', 'Ledger'];

const executablePath = await chromiumPath();
if (!executablePath) process.exit(1);
const address = await serve({});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });

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
  const run = await lab.getByRole('button', { name: 'Run', exact: true }).elementHandle();
  const { tasks, wall, longByWall } = await traced(browser, tab, async () => {
    // Clicked by the page itself: to find a button by its role is work that no visitor's click makes.
    await run?.evaluate((button) => /** @type {HTMLElement} */ (button).click());
    await tab.waitForTimeout(RUN_MS);
  });
  const [clock = 0, processor = 0] = [wall[0], tasks[0]].map((time) => Math.round(time ?? 0));
  console.log(
    `${panel.padEnd(10)} ${RUN_MS / 1000} s at full speed: ${longByWall} tasks over 50 ms by the clock, ` +
      `longest ${clock} ms; longest of processor time ${processor} ms`,
  );
  const pause = lab.getByRole('button', { name: 'Pause', exact: true });
  if (await pause.isVisible()) await pause.click();
}
await browser.close();
process.exit(0);
