// Finds a Chromium for the browser tests, or installs one by whatever means this machine has.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { at } from './paths.mjs';

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** @param {string} name */
const onPath = (name) =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

const ofPlaywright = async () => {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
};

const find = async () => names.map(onPath).find((path) => path !== undefined) ?? (await ofPlaywright());

/** @param {string} command @param {string[]} args */
const run = (command, args) => spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0;

/** Debian's packages; the fonts, because Japanese text would be boxes without. */
const fromDebian = () =>
  process.getuid?.() === 0 &&
  onPath('apt-get') !== undefined &&
  run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', 'update']) &&
  run('env', [
    'DEBIAN_FRONTEND=noninteractive',
    ...['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends'],
    ...['chromium-headless-shell', 'fonts-noto-cjk'],
  ]);

const fromPlaywright = () =>
  run(process.execPath, [
    at('node_modules/playwright/cli.js'),
    'install',
    'chromium-headless-shell',
    'chromium',
  ]);

/** The browser's path, or undefined after saying on stderr what to do. */
export async function chromiumPath() {
  const given = process.env['CHROMIUM_PATH'];
  if (given) return given;
  const found = await find();
  if (found) return found;
  console.error('Installing Chromium for the browser tests …');
  const installed = (fromDebian() || fromPlaywright()) && (await find());
  if (installed) return installed;
  console.error('No Chromium: install one, or set CHROMIUM_PATH to its executable.');
  return undefined;
}
