// A visitor's own image: dropped or chosen, opened with progress, run, refused in words, and left out of links.
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { gzipSync } from 'fflate';
import { tar } from '../tar.ts';
import { button, lab, open, tab, test } from './pages.ts';

const program = (name: string) =>
  readFileSync(new URL(`../../labs/+shared/pc/built/programs/${name}.elf`, import.meta.url));

/** As `docker save` writes it, with one layer. */
const image = (layer: Uint8Array, architecture = '386') =>
  tar({
    'manifest.json': JSON.stringify([{ Config: 'config.json', Layers: ['layer.tar'] }]),
    'config.json': JSON.stringify({
      architecture,
      os: 'linux',
      config: { Cmd: ['/bin/echo', 'hello from the image'] },
    }),
    'layer.tar': layer,
  });
const noiseOf = (length: number) => Uint8Array.from({ length }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 24);
/** With something that no link bears. */
const layer = tar({ 'bin/echo': program('echo'), noise: noiseOf(1 << 16) });

const chapter = 'en/containers/';
const zone = (page: Page) => lab(page).locator('.host[data-panel=image]');

async function choose(page: Page, name: string, file: Uint8Array) {
  await zone(page)
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/x-tar', buffer: Buffer.from(file) });
}

test('an image that is dropped runs, and a link to it asks for the file', async ({ page, context }) => {
  await open(page, chapter);
  await tab(page, 'Your own image').click();
  const dropped = await page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], 'mine.tar.gz'));
      return transfer;
    },
    [...gzipSync(image(layer))],
  );
  await zone(page).locator('.zone').dispatchEvent('drop', { dataTransfer: dropped });
  await expect(zone(page).getByText('mine.tar.gz is loaded')).toBeVisible();
  await button(page, 'Run').click();
  await tab(page, 'Terminal').click();
  await expect(lab(page).getByText('hello from the image').first()).toBeVisible();

  await button(page, 'Share link').click();
  await expect(lab(page).getByText('It leaves out the file that you opened')).toBeVisible();
  expect(page.url().length).toBeLessThan(1000);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(lab(other).getByText('made with a file of its sender’s')).toBeVisible();
  await choose(other, 'mine.tar', image(layer));
  await expect(zone(other).getByText('mine.tar is loaded')).toBeVisible();
  await expect(lab(other).getByText('made with a file of its sender’s')).toHaveCount(0);
});

test('an image for another machine and a hostile one are refused with their names, and the one before stays', async ({
  page,
}) => {
  await open(page, chapter);
  await tab(page, 'Your own image').click();
  await choose(page, 'mine.tar', image(layer));
  await expect(zone(page).getByText('mine.tar is loaded')).toBeVisible();
  await choose(page, 'theirs.tar', image(layer, 'amd64'));
  await expect(zone(page).getByRole('alert')).toHaveText(/^theirs\.tar.*linux\/amd64.*linux\/386/);
  await choose(page, 'hostile.tar', image(tar({ '../../etc/passwd': 'root' })));
  await expect(zone(page).getByRole('alert')).toHaveText(/^hostile\.tar.*leads out of the archive/);
  await button(page, 'Run').click();
  await tab(page, 'Terminal').click();
  await expect(lab(page).getByText('hello from the image').first()).toBeVisible();
});

test('the opening of a large image tells how far it is, and can be cancelled', async ({ page }) => {
  await open(page, chapter);
  await tab(page, 'Your own image').click();
  await choose(page, 'large.tar', gzipSync(image(tar({ noise: noiseOf(16 << 20) })), { level: 1 }));
  await expect(zone(page).getByRole('progressbar')).toBeVisible();
  await zone(page).getByRole('button', { name: 'Stop' }).click();
  await expect(zone(page).getByRole('progressbar')).toHaveCount(0);
  await expect(zone(page).getByText('Stopped; the lab is as it was.')).toBeVisible();
});
