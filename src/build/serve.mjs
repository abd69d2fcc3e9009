// A small static server: dist under any sub-path, for `npm start` and for the browser tests.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { at } from './paths.mjs';

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The file that a path of the site names: undefined if none, with a slash missing if it is a folder.
 *  @param {string} folder @param {string} path */
async function find(folder, path) {
  const file = join(folder, path);
  if (file !== folder && !file.startsWith(folder + sep) && !folder.endsWith(sep)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return { file, slash: true };
  const index = join(file, 'index.html');
  const page = found?.isDirectory() && (await stat(index).catch(() => undefined))?.isFile();
  return page ? { file: index, slash: path.endsWith('/') } : undefined;
}

/**
 * Serves on this machine only.
 * @param {{ folder?: string, prefix?: string, port?: number }} options port 0 takes any free one
 * @returns {Promise<string>} the address
 */
export async function serve({ folder = at('dist'), prefix = '/', port = 0 }) {
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      /** @param {number} status @param {Record<string, string>} headers */
      const end = (status, headers = {}) => response.writeHead(status, headers).end();
      if (request.method !== 'GET' && request.method !== 'HEAD') return end(405, { allow: 'GET, HEAD' });
      if (!url.pathname.startsWith(prefix)) return end(404);
      const found = await find(folder, decodeURIComponent(url.pathname.slice(prefix.length - 1)));
      if (!found) return end(404);
      if (!found.slash) return end(301, { location: `${url.pathname}/${url.search}` });
      const type = types[extname(found.file)] ?? 'application/octet-stream';
      // As every host of static files does; fonts and pictures are compressed already.
      const packed = /text|json|svg/.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      response.writeHead(200, {
        'content-type': type,
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      });
      if (request.method === 'HEAD') return response.end();
      const content = createReadStream(found.file);
      return (packed ? content.pipe(createGzip()) : content).pipe(response);
    })().catch(() => response.writeHead(400).end());
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}${prefix}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [prefix = '/', port = '0'] = process.argv.slice(2);
  console.log(await serve({ prefix, port: Number(port) }));
}
