// Installs the npm packages when they are missing or not those of the lock file. No dependencies: runs before they exist.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { at, root } from './paths.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} Locked
 * @param {string} path
 * @returns {Record<string, Locked>}
 */
const packages = (path) => JSON.parse(readFileSync(at(path), 'utf8')).packages;

/** npm keeps a copy of what it installed; a package missing there is fine only if it was optional. */
function upToDate() {
  try {
    const there = packages('node_modules/.package-lock.json');
    return Object.entries(packages('package-lock.json')).every(
      ([path, { version, optional, devOptional }]) =>
        path === '' || (there[path] ? there[path].version === version : (optional ?? devOptional) === true),
    );
  } catch {
    return false;
  }
}

/** Leaves stdout alone, so that commands with output of their own may call it. */
export function install() {
  if (upToDate()) return;
  console.error('Installing npm packages …');
  const windows = process.platform === 'win32';
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (status !== 0) {
    console.error('npm ci failed: see above. Node >= 20.19 and the npm registry are needed.');
    process.exit(1);
  }
}
