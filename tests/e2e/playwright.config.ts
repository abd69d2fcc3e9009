// Browser tests against the built site: all of them under a sub-path, to prove that it runs from any folder, and the
// core ones also at the root of a host and on the single file that needs no host.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, devices } from '@playwright/test';

const port = Number(process.env['STRATA_E2E_PORT'] ?? 4173);
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const addressOf = (prefix: string, place: number) => `http://127.0.0.1:${place}${prefix}`;
const [folder, root] = [addressOf('/a/b/', port), addressOf('/', port + 1000)];
const core = 'lab.e2e.ts';
const executablePath = process.env['CHROMIUM_PATH'];

export default defineConfig<{ readonly address: string }>({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../../node_modules/.cache/strata/e2e',
  // Generous: a busy machine is no fault of the page.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  workers: 2,
  // What passes only at the second try is named at the end of `npm test`: a race to be found, no reason to stop.
  retries: 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: folder,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    // Recording slows every test; for the one that is being mended there is `--trace on`.
    trace: 'off',
  },
  projects: [
    { name: 'folder' },
    { name: 'root', testMatch: core, use: { baseURL: root } },
    {
      name: 'single file',
      testMatch: core,
      use: { address: pathToFileURL(at('dist/single/vm370.en.html')).href },
    },
  ],
  webServer: [folder, root].map((url) => ({
    command: `node src/build/serve.mjs ${new URL(url).pathname} ${new URL(url).port}`,
    cwd: at(''),
    url,
    reuseExistingServer: false,
  })),
});
