// The service worker: serves one release of the site from its cache, and the network for what is not kept. A new
// release waits until no page of the old one is open, or until the visitor asks for it.
import { keep, releaseOf } from './keep.ts';
import { cacheName, isHashed, isOurs, pageAddress } from './release.ts';

// What of a service worker's surroundings is used: their whole library would change the types of every page.
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Extendable {
  readonly data: unknown;
}
declare const self: {
  readonly registration: { readonly scope: string };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(which: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly unknown[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'message', listener: (event: Told) => void): void;
};

/** The build writes the version here, so that every release has a worker of its own. */
const VERSION = '@@release@@';
const root = new URL(self.registration.scope);
const OFFLINE = 'offline.html';

/** The shell, and the pages that the visitor had kept of earlier releases. */
async function install(): Promise<void> {
  const release = await releaseOf(VERSION, root);
  const names = (await caches.keys()).filter(isOurs);
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  const had = new Set(kept.flat().map(({ url }) => url));
  const pages = Object.entries(release.pages)
    .filter(([, files]) => files.some((file) => file.endsWith('/') && had.has(new URL(file, root).href)))
    .flatMap(([, files]) => files);
  await keep(release, [...release.shell, ...pages], root);
}

/** When the only open page is one of this release, nobody needs an older one any more. */
async function forgetOlder(version: unknown): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (version !== VERSION || windows.length > 1) return;
  for (const name of await caches.keys())
    if (isOurs(name) && name !== cacheName(VERSION)) await caches.delete(name);
}

/** Address from the site's root, without what the cache does not know of. */
const addressOf = (url: string): string => pageAddress(new URL(url).pathname.slice(root.pathname.length));

async function answer(request: Request): Promise<Response> {
  const address = addressOf(request.url);
  const cache = await caches.open(cacheName(VERSION));
  const find = (what: string) => cache.match(new URL(what, root), { ignoreVary: true });
  const kept = await find(address);
  if (kept) return kept;
  // A page of an earlier release is still open, and the server may have dropped what it asks for.
  const earlier = isHashed(address)
    ? await caches.match(new URL(address, root), { ignoreVary: true })
    : undefined;
  if (earlier) return earlier;
  try {
    return await fetch(request);
  } catch (error) {
    if (request.mode !== 'navigate') throw error;
    const { search, hash } = new URL(request.url);
    if (await find(`${address}/`))
      return Response.redirect(new URL(`${address}/${search}${hash}`, root).href, 302);
    return (await find(OFFLINE)) ?? Response.error();
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const ours = request.url.startsWith(root.href) && request.method === 'GET';
  // Widgets on other people's pages leave no trace in this site's storage.
  if (ours && !addressOf(request.url).startsWith('embed/')) event.respondWith(answer(request));
});

self.addEventListener('message', (event) => {
  const { kind, version } = event.data as { readonly kind?: unknown; readonly version?: unknown };
  if (kind === 'take-over') event.waitUntil(self.skipWaiting());
  if (kind === 'opened') event.waitUntil(forgetOlder(version));
});
