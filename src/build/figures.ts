// What pages print of the engines: measured by really running them, once for each state of their sources.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Classification } from '../site/classification.ts';
import type { Figures, FirstVariant } from '../site/figures.ts';
import { fingerprint } from './fingerprint.mjs';
import { at, cache } from './paths.mjs';
import type { Shown } from './measure/run-labs.ts';

const engines = [
  'accounting',
  'assembler',
  'base',
  'build/measure',
  'classifier',
  'machines',
  'monitors',
  'os',
  'session',
];
const sources = [...engines, 'cluster', 'lab', 'timeline', 'worlds'].map((room) => `src/${room}`);

/** What `measure/SCRIPT` prints when it is given `wanted`. */
async function measured(script: string, wanted: string): Promise<unknown> {
  const state = createHash('sha256')
    .update(wanted)
    .update(fingerprint([...sources, 'labs']))
    .digest('hex');
  const file = `${cache}/${script}-${state.slice(0, 16)}.json`;
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as unknown;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [at('src/build/launch.mjs'), `src/build/measure/${script}.ts`, wanted],
    { maxBuffer: 1 << 28 },
  );
  await mkdir(cache, { recursive: true });
  await writeFile(file, stdout);
  return JSON.parse(stdout) as unknown;
}

/** The default runs of labs, by folder. */
export const figuresOf = async (shown: readonly Shown[]): Promise<Readonly<Record<string, Figures>>> =>
  (await measured('run-labs', JSON.stringify(shown))) as Readonly<Record<string, Figures>>;

/** The first variant of every exercise, by its whole name. */
export const firstVariants = async (): Promise<Readonly<Record<string, FirstVariant>>> =>
  (await measured('run-exercises', '')) as Readonly<Record<string, FirstVariant>>;

/** What every instruction of both machines is, found by experiment. */
export const classification = async (): Promise<Classification> =>
  (await measured('run-classifier', '')) as Classification;
