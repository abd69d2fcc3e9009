// What every browser test needs: a page that complains is a failure, and a list of the built pages.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test as base, type Page } from '@playwright/test';

export const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Every page of the built site, as a path below its root: `en/`, `ja/first-chapter/`. Widgets are none of them. */
export const paths: readonly string[] = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name !== 'index.html' && name.endsWith('index.html') && !name.startsWith('embed'))
  .map((name) => name.slice(0, -'index.html'.length).replaceAll('\\', '/'))
  .sort();

/** Playwright's test, which fails when the page logs an error, breaks its policy, throws, misses a file, or asks another host. */
export const test = base.extend<{ address: string; complaints: string[]; hosts: string[] }>({
  /** Where the lab of the VM/370 chapter stands: its page, or the file that holds it alone. */
  address: ['en/vm370/', { option: true }],
  /** Names of the hosts that the page may ask. */
  hosts: [['127.0.0.1'], { option: true }],
  complaints: [
    async ({ page, hosts }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      // Scripts, styles, fonts, frames: everything comes from the site itself.
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith('http') && !hosts.includes(hostname))
          complaints.push(`a request to ${request.url()}`);
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
      });
      await use(complaints);
      if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join('\n')}`);
    },
    { auto: true },
  ],
});

/** Chapters with a lab, as paths below the language. */
export const chapters: readonly string[] = readdirSync(new URL('../../labs/', import.meta.url))
  .filter((folder) => existsSync(new URL(`../../labs/${folder}/Lab.svelte`, import.meta.url)))
  .flatMap((folder) => /^\d+-(.+)$/.exec(folder)?.[1] ?? [])
  .map((slug) => `${slug}/`);

// The lab on a page, by what a visitor sees of it.
export const lab = (page: Page) => page.locator('.lab-shell');
export const clockOf = (page: Page) => lab(page).locator('.status dd').first();
export const ended = (page: Page) => lab(page).getByText('The program has ended').first();
/** It runs, but nothing will happen until somebody types. */
export const waiting = (page: Page) => lab(page).getByText('Waiting for something to happen');
/** The lab stands still, at the start of a run or somewhere in it, and has done all that it was asked for. */
export const still = (page: Page) =>
  page
    .locator('.lab-shell:not(.busy) .status')
    .getByText(/Paused|Ready/)
    .first();
export const button = (page: Page, name: string) => lab(page).getByRole('button', { name, exact: true });
export const tab = (page: Page, name: string) => lab(page).getByRole('tab', { name, exact: true });

export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(still(page)).toBeVisible();
}

/** Steps, and gives what the clock says then. */
export async function step(page: Page, times: number): Promise<string> {
  for (let i = 0; i < times; i++) {
    await button(page, 'Step').click();
    await expect(still(page)).toBeVisible();
  }
  return (await clockOf(page).textContent()) ?? '';
}

export async function choose(page: Page, workload: string, technique: string): Promise<void> {
  await lab(page).getByLabel('Workload').selectOption(workload);
  await lab(page).getByLabel('Technique').selectOption(technique);
  await expect(still(page)).toBeVisible();
}
