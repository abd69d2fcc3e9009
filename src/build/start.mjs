// `npm start`: with only Node and npm on the machine, installs what is missing, builds if stale, serves the site.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fingerprint } from './fingerprint.mjs';
import { install } from './install.mjs';
import { at, cache, root } from './paths.mjs';
import { serve } from './serve.mjs';

function build() {
  const stamp = `${cache}/site.stamp`;
  const state = fingerprint(['src', 'labs', 'public', 'index.html', 'vite.config.ts', 'package-lock.json']);
  if (existsSync(at('dist/index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  console.log('Building the site …');
  const { status } = spawnSync(process.execPath, [at('node_modules/vite/bin/vite.js'), 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, state);
}

install();
build();
const address = await serve({ port: Number(process.env['PORT'] ?? 0) });
console.log(`\nStrata is served at ${address}   (Ctrl-C ends it)`);
