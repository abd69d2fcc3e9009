// `npm test`: installs what is missing, runs every check, and counts the tests that passed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { chromiumPath } from './chromium.mjs';
import { install } from './install.mjs';
import { at, cache, root } from './paths.mjs';

const unitReport = `${cache}/unit.json`;
const browserReport = `${cache}/browser.json`;

/** @param {string} script @param {...string} args */
const node = (script, ...args) => [process.execPath, at(script), ...args];

/** @typedef {{ name: string, command: string[], after?: string }} Step */

/**
 * Two at a time: started in this order, as soon as a place is free and the step named by `after` has passed.
 * @type {Step[]}
 */
const beside = [
  { name: 'build', command: node('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn') },
  { name: 'eslint', command: node('node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0') },
  {
    name: 'svelte-check',
    command: node(
      'node_modules/svelte-check/bin/svelte-check',
      ...['--tsconfig', './tsconfig.json', '--tsgo', '--fail-on-warnings', '--output', 'human'],
    ),
  },
  {
    name: 'engine types',
    command: node('node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.engine.json'),
  },
  {
    name: 'prettier',
    command: node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  },
  { name: 'translations', command: node('src/build/translations.mjs') },
  { name: 'published figures', after: 'build', command: node('src/build/validate.mjs', '--check') },
  { name: 'layering', command: node('tests/layering.mjs') },
  { name: 'size budgets', after: 'build', command: node('src/build/budgets.mjs') },
];

/**
 * Then one after the other: each keeps both cores busy, and two at once disturb each other more than they gain.
 * @type {Step[]}
 */
const alone = [
  {
    name: 'unit tests',
    command: [
      ...node('node_modules/vitest/vitest.mjs', 'run', '-c', 'tests/vitest.config.ts'),
      '--maxWorkers=2',
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
    ],
  },
  {
    name: 'browser tests',
    after: 'build',
    command: node('node_modules/@playwright/test/cli.js', 'test', '-c', 'tests/e2e/playwright.config.ts'),
  },
];
const steps = [...beside, ...alone];

/** @param {Step} step @param {NodeJS.ProcessEnv} env @returns {Promise<boolean>} */
function run({ name, command: [program = '', ...args] }, env) {
  const begin = Date.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (status) => {
      const seconds = ((Date.now() - begin) / 1000).toFixed(1);
      console.log(`\n== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
      process.stdout.write(Buffer.concat(output));
      resolve(status === 0);
    });
  });
}

/** @param {NodeJS.ProcessEnv} env @returns {Promise<string[]>} the names of the steps that failed */
async function runAll(env) {
  const waiting = [...beside];
  /** @type {Map<string, boolean>} */
  const passed = new Map();
  const runStep = async (/** @type {Step} */ step) => {
    const ready = step.after === undefined || passed.get(step.after) === true;
    if (!ready) console.log(`\n== ${step.name}: not run, because ${step.after} failed`);
    passed.set(step.name, ready && (await run(step, env)));
  };
  let wake = () => {};
  const place = async () => {
    while (waiting.length > 0) {
      const next = waiting.findIndex(({ after }) => after === undefined || passed.has(after));
      if (next < 0) {
        await new Promise((resolve) => (wake = () => resolve(undefined)));
        continue;
      }
      const [step] = waiting.splice(next, 1);
      if (!step) return;
      await runStep(step);
      wake();
    }
  };
  await Promise.all([place(), place()]);
  for (const step of alone) await runStep(step);
  return steps.map(({ name }) => name).filter((name) => !passed.get(name));
}

/** @param {string} path @returns {any} */
const report = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** The browser tests that ended as `status` says: 'unexpected' failed, 'flaky' passed at the second try. */
function browserTests(/** @type {string} */ status) {
  /** @type {(suite: any) => any[]} */
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  return specs(report(browserReport) ?? {})
    .filter(({ tests }) => tests.some((/** @type {any} */ test) => test.status === status))
    .map(({ file, title }) => `${file}: ${title}`);
}

/** @returns {string[]} */
const failedUnits = () =>
  (report(unitReport)?.testResults ?? []).flatMap((/** @type {any} */ file) =>
    file.assertionResults
      .filter((/** @type {any} */ test) => test.status === 'failed')
      .map((/** @type {any} */ test) => test.fullName),
  );

/** Sums both runners' own reports; a test file that would not even load counts as one failure. */
function count() {
  const unit = report(unitReport);
  const browser = report(browserReport)?.stats;
  const broken = (unit?.testResults ?? []).filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return {
    passed: (unit?.numPassedTests ?? 0) + (browser?.expected ?? 0) + (browser?.flaky ?? 0),
    failed: (unit?.numFailedTests ?? 0) + broken + (browser?.unexpected ?? 0),
  };
}

const begin = Date.now();
install();
mkdirSync(cache, { recursive: true });
for (const path of [unitReport, browserReport]) rmSync(path, { force: true });
const chromium = await chromiumPath();
if (!chromium) process.exit(1);
const failures = await runAll({
  ...process.env,
  CHROMIUM_PATH: chromium,
  PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport,
});
const { passed, failed } = count();
console.log(`\n${steps.length} steps in ${((Date.now() - begin) / 1000).toFixed(0)} s`);
for (const name of browserTests('flaky')) console.log(`passed only at the second try: ${name}`);
for (const name of [...failedUnits(), ...browserTests('unexpected')]) console.log(`failed: ${name}`);
if (failures.length > 0) console.log(`failed: ${failures.join(', ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failures.length > 0 || failed > 0 || passed === 0 ? 1 : 0;
