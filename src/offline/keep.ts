// Puts files of a release into its cache; what is there already, or in the cache of an earlier release, is not fetched.
import { cacheName, isHashed, releaseAddress, type Release } from './release.ts';

/** The release's description: from its cache once it is there, because a newer site no longer has it. */
export async function releaseOf(version: string, root: URL): Promise<Release> {
  const cache = await caches.open(cacheName(version));
  const address = new URL(releaseAddress(version), root);
  const known = await cache.match(address);
  if (known) return (await known.json()) as Release;
  const answer = await fetch(address, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  await cache.put(address, answer.clone());
  return (await answer.json()) as Release;
}

export interface Progress {
  readonly files: number;
  readonly bytes: number;
}

/** Files of the release that are not kept yet. */
export async function missing(
  release: Release,
  addresses: Iterable<string>,
  root: URL,
): Promise<readonly string[]> {
  const cache = await caches.open(cacheName(release.version));
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  return [...new Set(addresses)].filter((address) => !kept.has(new URL(address, root).href));
}

/**
 * Fetches with the integrity that the release promises: a file of another release is refused, not kept.
 * @throws where a file cannot be had, or the browser has no room
 */
export async function keep(
  release: Release,
  addresses: Iterable<string>,
  root: URL,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: Progress) => void } = {},
): Promise<void> {
  const cache = await caches.open(cacheName(release.version));
  let [files, bytes] = [0, 0];
  for (const address of await missing(release, addresses, root)) {
    const file = release.files[address];
    if (!file) throw new Error(`${address} is not in release ${release.version}`);
    signal?.throwIfAborted();
    const url = new URL(address, root);
    const earlier = isHashed(address) ? await caches.match(url) : undefined;
    const { integrity } = file;
    const answer = earlier ?? (await fetch(url, { integrity, cache: 'no-cache', ...(signal && { signal }) }));
    if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status}`);
    await cache.put(url, answer);
    onProgress?.({ files: ++files, bytes: (bytes += file.bytes) });
  }
}
