// Packages on a learning platform: scorm-again plays the platform, on another origin than the site's.
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { at } from '../../src/build/paths.mjs';
import { test } from './pages.ts';

/** A platform: a page with the standard's object, and the package in a frame below it. */
function platform(files: Readonly<Record<string, Uint8Array>>, standard: '12' | '2004'): Promise<Server> {
  const [script, make] =
    standard === '12'
      ? ['scorm12.min.js', 'window.API = new Scorm12API({ autocommit: false })']
      : ['scorm2004.min.js', 'window.API_1484_11 = new Scorm2004API({ autocommit: false })'];
  // What the platform kept of an earlier session comes back with the next one.
  const page = `<!doctype html><title>Platform</title><script src="/${script}"></script><script>
${make};
const api = window.API ?? window.API_1484_11;
const learner = window.API ? { core: { student_name: 'Mori, Aoi' } } : { learner_name: 'Mori, Aoi' };
api.loadFromJSON({ ...learner, suspend_data: sessionStorage.getItem('suspended') ?? '' }, '');
const keep = () => sessionStorage.setItem('suspended', api.cmi.suspend_data);
api.on(window.API ? 'LMSCommit' : 'Commit', keep);
</script><iframe src="/package/index.html" style="width:1200px;height:900px"></iframe>`;
  const server = createServer(({ url = '' }, response) => {
    const path = url.replace(/[?#].*/, '').slice(1);
    const type = path.endsWith('.js')
      ? 'text/javascript'
      : path.endsWith('.json')
        ? 'application/json'
        : 'text/html';
    response.setHeader('content-type', `${type}; charset=utf-8`);
    if (path === '') response.end(page);
    else if (path === script) response.end(readFileSync(at(`node_modules/scorm-again/dist/${script}`)));
    else if (files[path.replace('package/', '')]) response.end(files[path.replace('package/', '')]);
    else response.writeHead(path === 'favicon.ico' ? 204 : 404).end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function packageFor(page: Page, name: string): Promise<Record<string, Uint8Array>> {
  await page.goto('en/classroom/');
  await expect(page.locator('[data-classroom][data-ready]')).toBeAttached();
  await page.getByLabel('Title').fill('Week 3');
  await page.getByLabel('Count the traps before you run').check();
  await page.getByRole('button', { name: 'Make one' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return unzipSync(readFileSync(await download.path()));
}

/** The answers, from the values that the text shows. */
async function solve(page: Page): Promise<void> {
  const assignment = page.frameLocator('iframe').frameLocator('iframe');
  // The platform knows who it is.
  await expect(assignment.getByText('Working as Aoi Mori.')).toBeVisible();
  await assignment.locator('.exercise button').first().click();
  await expect(assignment.getByText('The lab stands at the beginning')).toBeVisible();
  const values = await assignment.locator('.exercise-text data').allTextContents();
  const [rounds = 0, calls = 0] = values.map(Number);
  const svc = rounds * calls;
  await assignment.getByLabel(/^SVC interruptions/).fill(String(svc + 1));
  await assignment.getByLabel(/^Privileged-operation/).fill(String(2 * svc + 2 * rounds + 2));
  await assignment.getByLabel(/^Interruptions that CP/).fill(String(svc + 1 + rounds));
  await assignment.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(assignment.getByText('1 of 1 solved')).toBeVisible();
}

/** The platform's record of the session. */
const stateOf = (page: Page): Promise<Record<string, unknown>> =>
  page.evaluate(() => {
    const platform = window as unknown as Record<string, { readonly cmi: unknown } | undefined>;
    const { cmi } = (platform['API'] ?? platform['API_1484_11'])!;
    return JSON.parse(JSON.stringify(cmi)) as Record<string, unknown>;
  });

for (const [standard, name] of [
  ['12', 'SCORM 1.2 package'],
  ['2004', 'SCORM 2004 package, 4th edition'],
] as const)
  test(`a ${name} reports, is suspended, and resumes on the platform`, async ({ page, browser }) => {
    const server = await platform(await packageFor(page, name), standard);
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await solve(page);
      await expect.poll(async () => JSON.stringify(await stateOf(page))).toContain('"passed"');
      expect(String((await stateOf(page))['suspend_data']).length).toBeLessThanOrEqual(4096);

      // Another computer: nothing in its browser, everything from the platform.
      const kept = await page.evaluate(() => sessionStorage.getItem('suspended') ?? '');
      const elsewhere = await (await browser.newContext()).newPage();
      await elsewhere.addInitScript((text) => sessionStorage.setItem('suspended', text), kept);
      await elsewhere.goto(page.url());
      const assignment = elsewhere.frameLocator('iframe').frameLocator('iframe');
      await assignment.locator('.exercise button').first().click();
      await expect(assignment.getByLabel(/^SVC interruptions/)).not.toHaveValue('');
      expect(JSON.stringify(await stateOf(elsewhere))).not.toContain('"incomplete"');
      await elsewhere.context().close();
    } finally {
      server.close();
    }
  });

test('the page that cmi5 platforms open may speak to them; every other page only to the site', async ({
  page,
}) => {
  const policyOf = async (path: string) => {
    await page.goto(path);
    return page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
  };
  expect(await policyOf('en/assignment/cmi5/')).toContain('connect-src');
  expect(await policyOf('en/assignment/')).not.toContain('connect-src');
});
