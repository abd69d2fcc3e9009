// Names the engines of a build: equal fingerprints run alike, to the cycle. Hand-ins carry it, and checking compares it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { at } from './paths.mjs';

const rooms = ['base', 'accounting', 'machines', 'assembler', 'monitors', 'os', 'cluster', 'timeline'];
const drivers = ['worlds', 'session', 'protocol', 'lab', 'sandbox', 'grading'];
const folders = [...[...rooms, ...drivers].map((room) => `src/${room}`), 'labs'];
/** Tests, views and texts change no run. */
const idle = /(\.test|\.d)\.ts$|\/(testing\.ts|solution\.\w+)$|\.(svelte|md|svg|png)$|\/(view|figures)\//;

/** @returns {{ version: string, fingerprint: string }} of the package, and sixteen digits over the sources' contents */
export function engineVersion() {
  const hash = createHash('sha256');
  for (const folder of folders.filter((each) => existsSync(at(each)))) {
    const files = readdirSync(at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => posix.join(entry.parentPath.slice(at('').length).replaceAll('\\', '/'), entry.name))
      .filter((file) => !idle.test(file))
      .sort();
    for (const file of files) {
      // Git may have brought other line ends: they change no run either.
      const text = readFileSync(at(file), 'latin1').replaceAll('\r\n', '\n');
      hash.update(`${file}\0${text.length}\0${text}`);
    }
  }
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  return { version, fingerprint: hash.digest('hex').slice(0, 16) };
}

/** Vite's `define` for whatever bundles engines. */
export const engineDefine = () => ({ STRATA_ENGINE: JSON.stringify(engineVersion()) });
