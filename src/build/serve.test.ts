// The static server: folders, sub-paths, and nothing outside its own folder.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { get } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import { serve } from './serve.mjs';

let address = '';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'strata-'));
  await mkdir(join(folder, 'site/en'), { recursive: true });
  await writeFile(join(folder, 'site/en/index.html'), 'hello');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  address = await serve({ folder: join(folder, 'site'), prefix: '/sub/' });
});

/** Sends the path as it is written; fetch would tidy up `..` first. */
const ask = (path: string) =>
  new Promise<{ status: number | undefined; location: string | undefined; body: string }>(
    (resolve, reject) => {
      get({ host: '127.0.0.1', port: new URL(address).port, path }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        response.on('end', () =>
          resolve({ status: response.statusCode, location: response.headers.location, body }),
        );
      }).on('error', reject);
    },
  );

test.each([
  ['/sub/en/', { status: 200, location: undefined, body: 'hello' }],
  ['/sub/en', { status: 301, location: '/sub/en/', body: '' }],
  ['/sub/none', { status: 404, location: undefined, body: '' }],
  ['/en/', { status: 404, location: undefined, body: '' }],
  ['/sub/..%2fsecret.txt', { status: 404, location: undefined, body: '' }],
  ['/sub/%zz', { status: 400, location: undefined, body: '' }],
])('%s', async (path, answer) => {
  expect(await ask(path)).toEqual(answer);
});
