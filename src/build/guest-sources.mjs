// What the built images of Varve, the PC's teaching kernel, are made of, and a fingerprint of it.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { at } from './paths.mjs';

export const home = 'labs/+shared/pc';
export const built = `${home}/built`;
export const manifestFile = `${built}/manifest.json`;

const folders = ['abi', 'bare', 'drivers', 'kernel', 'programs', 'tools', 'xen'];
/** The recipe changes the images as the sources do. */
const recipe = ['src/build/guests.mjs', 'src/build/guest-sources.mjs', 'src/build/line-table.mjs'];

/** @param {string} folder under the home of the guests @param {RegExp} kind @returns {string[]} names in order, from the home */
export const sourcesIn = (folder, kind) =>
  readdirSync(at(`${home}/${folder}`), { encoding: 'utf8' })
    .filter((name) => kind.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);

/** @param {Buffer | string} bytes */
export const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Of names and contents: the same on every machine. */
export function guestFingerprint() {
  const hash = createHash('sha256');
  const files = folders.flatMap((folder) =>
    readdirSync(at(`${home}/${folder}`), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(c|h|S|ld)$/.test(name))
      .map((name) => `${home}/${folder}/${name.replaceAll('\\', '/')}`),
  );
  for (const file of [...files, ...recipe].sort())
    hash.update(`${file}\0${readFileSync(at(file), 'utf8').replaceAll('\r\n', '\n')}\0`);
  return hash.digest('hex');
}
