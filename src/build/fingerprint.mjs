// A short name for the state of source folders: equal fingerprints need no rebuild.
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './paths.mjs';

/**
 * Names, sizes and times, not contents: a few milliseconds for the whole tree. Tests never change a build.
 * @param {readonly string[]} paths from the project's top; missing ones count as empty
 */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const stat = statSync(at(path), { throwIfNoEntry: false });
    if (!stat) continue;
    const files = stat.isDirectory()
      ? readdirSync(at(path), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : [at(path)];
    for (const file of files) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${file}\0${mtimeMs}\0${size}\0`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
