// What a script of measure/ prints, run once for each state of the engines' sources.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fingerprint } from './fingerprint.mjs';
import { at, cache } from './paths.mjs';

const engines = [
  ...['accounting', 'assembler', 'base', 'build/measure', 'classifier', 'cluster', 'lab', 'machines'],
  ...['monitors', 'os', 'session', 'timeline', 'worlds'],
];
const sources = [...engines.map((room) => `src/${room}`), 'labs'];

/** What `measure/SCRIPT.ts` prints when it is given `wanted`, read as JSON.
 *  @param {string} script @param {string} [wanted] @returns {Promise<any>} */
export async function measured(script, wanted = '') {
  const state = createHash('sha256').update(wanted).update(fingerprint(sources)).digest('hex');
  const file = `${cache}/${script}-${state.slice(0, 16)}.json`;
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [at('src/build/launch.mjs'), `src/build/measure/${script}.ts`, wanted],
    { maxBuffer: 1 << 28 },
  );
  await mkdir(cache, { recursive: true });
  await writeFile(file, stdout);
  return JSON.parse(stdout);
}
