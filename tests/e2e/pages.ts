// What every browser test needs: a page that complains is a failure, and a list of the built pages.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Every page of the built site, as a path below its root: `en/`, `ja/first-chapter/`. Widgets are none of them. */
export const paths: readonly string[] = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name !== 'index.html' && name.endsWith('index.html') && !name.startsWith('embed'))
  .map((name) => name.slice(0, -'index.html'.length).replaceAll('\\', '/'))
  .sort();

/** Playwright's test, which fails when the page logs an error, throws, or misses a file. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
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
