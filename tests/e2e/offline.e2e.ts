// Without a network, and across releases: what was visited opens again, and nothing that runs or was typed is lost.
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Release } from '../../src/offline/release.ts';
import { serve } from '../../src/build/serve.mjs';
import {
  button,
  chapters,
  choose,
  clockOf,
  dist,
  ended,
  lab,
  open,
  step,
  tab,
  test,
  waiting,
} from './pages.ts';

/** The page and all that it may load is in the browser's cache. */
const kept = (page: Page) => expect(page.locator('html')).toHaveAttribute('data-kept', '');

for (const chapter of chapters)
  test(`after one visit ${chapter} opens without a network in both languages, and its lab runs`, async ({
    page,
    context,
  }) => {
    await open(page, `en/${chapter}`);
    await kept(page);
    await context.setOffline(true);
    await page.goto(`ja/${chapter}`);
    await expect(page.locator('[data-lab]')).toHaveAttribute('data-ready', '');
    await expect(clockOf(page)).toBeVisible();
    await page.goto(`en/${chapter}`);
    await button(page, 'Run').click();
    await expect(ended(page).or(waiting(page))).toBeVisible();
    await tab(page, 'Ledger').click();
    await expect(lab(page).getByRole('columnheader', { name: 'Cycles' }).first()).toBeVisible();
  });

test('a page that is not kept says so without a network, and the root still finds the home page', async ({
  page,
  context,
}) => {
  await page.goto('en/');
  await kept(page);
  await context.setOffline(true);
  await page.goto('en/reference/s370/');
  await expect(page.getByRole('heading', { level: 1 }).first()).toHaveText(
    'There is no network, and this page is not kept',
  );
  await page.goto('./');
  await expect(page).toHaveURL(/\/en\/$/);
  // Without the slash, as people type it.
  await page.goto('ja');
  await expect(page).toHaveURL(/\/ja\/$/);
});

test('the whole site can be kept, with its size and progress told, and the download can be ended', async ({
  page,
  context,
}) => {
  await page.goto('en/');
  const box = page.locator('[data-offline]');
  await expect(box.getByText(/Another [\d.]+ MB of [\d.]+ MB/)).toBeVisible();
  // Slow enough to be ended: every file waits until it is let go.
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/reference/**', async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await box.getByRole('button', { name: 'Keep the whole site' }).click();
  await expect(box.getByText(/[\d.]+ of [\d.]+ MB/)).toBeVisible();
  await expect(box.getByRole('progressbar')).toBeVisible();
  await box.getByRole('button', { name: 'Cancel' }).click();
  await expect(box.getByText(/Another [\d.]+ MB/)).toBeVisible();
  release();
  await box.getByRole('button', { name: 'Keep the whole site' }).click();
  await expect(box.getByText(/The whole site is kept/)).toBeVisible();
  await context.setOffline(true);
  await page.goto('ja/reference/s370/');
  await expect(page.locator('tr#LPSW')).toBeVisible();
});

/** Puts another release in place of the one in `folder`: other names for all scripts, as a deploy does. */
async function redeploy(folder: string): Promise<void> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const described = names.find((name) => name.startsWith('release-')) ?? '';
  const release = JSON.parse(await readFile(join(folder, described), 'utf8')) as Release;
  const hashes = names.flatMap((name) => /^assets\/.*-([\w-]{8})\.js$/.exec(name)?.[1] ?? []);
  const change = (text: string) =>
    hashes
      .reduce((changed, hash) => changed.replaceAll(hash, `${hash.slice(0, 4)}next`), text)
      .replaceAll(release.version, 'another00001');
  for (const name of names.filter((each) => /\.(html|js|json)$/.test(each)))
    await writeFile(join(folder, name), change(await readFile(join(folder, name), 'utf8')));
  for (const name of names.filter((each) => change(each) !== each))
    await rename(join(folder, name), join(folder, change(name)));
  const files = await Promise.all(
    Object.keys(release.files)
      .map(change)
      .map(async (address) => {
        const path = /(^|\/)$/.test(address) ? `${address}index.html` : address;
        const content = await readFile(join(folder, path));
        const integrity = `sha256-${createHash('sha256').update(content).digest('base64')}`;
        return [address, { integrity, bytes: content.length }];
      }),
  );
  const next = JSON.parse(change(JSON.stringify(release))) as Release;
  await writeFile(
    join(folder, change(described)),
    JSON.stringify({ ...next, files: Object.fromEntries(files) as Release['files'] }),
  );
}

test('a new release waits until it is asked for, and takes work and place along', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'strata-site-'));
  await cp(dist, folder, { recursive: true });
  const address = await serve({ folder, prefix: '/lab/' });
  await open(page, `${address}en/vm370/`);
  await kept(page);
  await choose(page, 'hello', 'cp');
  const clock = await step(page, 3);

  await redeploy(folder);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const notice = page.getByText('A new version of the site is ready.');
  await expect(notice).toBeVisible();
  // The page goes on as it was, also with a part that the server no longer has.
  await expect(clockOf(page)).toHaveText(clock);
  await tab(page, 'Ledger').click();
  await expect(lab(page).getByRole('columnheader', { name: 'Cycles' }).first()).toBeVisible();

  await page.getByRole('button', { name: 'Load it' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-release', 'another00001');
  await expect(lab(page).getByLabel('Workload')).toHaveValue('hello');
  await expect(clockOf(page)).toHaveText(clock);
  await expect(notice).toBeHidden();
  await kept(page);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(['strata another00001']);
  await rm(folder, { recursive: true });
});
