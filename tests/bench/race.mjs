// The race of six techniques in the browser: seconds from the button to the last finish, and pictures a second meanwhile.
// The site must have been built. Figures hold for the machine they were taken on, at the load it had.
import { chromium } from 'playwright';
import { chromiumPath } from '../../src/build/chromium.mjs';
import { serve } from '../../src/build/serve.mjs';

const executablePath = await chromiumPath();
if (!executablePath) process.exit(1);
const address = await serve({});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await tab.goto(`${address}en/race/`);
await tab.getByRole('button', { name: 'Start the race' }).and(tab.locator(':enabled')).waitFor();
await tab.evaluate(() => {
  const drawings = Object.assign(globalThis, { drawings: /** @type {number[]} */ ([]) }).drawings;
  const draw = () => {
    drawings.push(performance.now());
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
});
const began = performance.now();
await tab.getByRole('button', { name: 'Start the race' }).click();
await tab.getByText('6 of 6 have finished').waitFor({ timeout: 120_000 });
const seconds = (performance.now() - began) / 1000;
/** @type {number[]} */
const drawn = await tab.evaluate(
  () => /** @type {{ drawings: number[] }} */ (/** @type {unknown} */ (globalThis)).drawings,
);
const gaps = drawn.slice(1).map((time, index) => time - (drawn[index] ?? time));
gaps.sort((a, b) => a - b);
const at = (/** @type {number} */ share) =>
  (gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? NaN).toFixed(1);
console.log(`six techniques of syscall: ${seconds.toFixed(1)} s`);
console.log(
  `${(drawn.length / seconds).toFixed(1)} pictures a second; ms between two: median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}`,
);
await browser.close();
process.exit(0);
