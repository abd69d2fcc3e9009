// The figures of the chapters: measured by really running the engines, once for each state of their sources.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Figures } from '../site/figures.ts';
import { fingerprint } from './fingerprint.mjs';
import { at, cache } from './paths.mjs';
import type { Shown } from './measure/run-labs.ts';

const engines = ['accounting', 'assembler', 'base', 'build/measure', 'machines', 'monitors', 'os', 'session'];
const sources = [...engines, 'cluster', 'timeline', 'worlds'].map((room) => `src/${room}`);

export type AllFigures = Readonly<Record<string, Figures>>;

export async function figuresOf(shown: readonly Shown[]): Promise<AllFigures> {
  const wanted = JSON.stringify(shown);
  const state = createHash('sha256')
    .update(wanted)
    .update(fingerprint([...sources, 'labs']))
    .digest('hex');
  const file = `${cache}/figures-${state.slice(0, 16)}.json`;
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as AllFigures;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [at('src/build/launch.mjs'), 'src/build/measure/run-labs.ts', wanted],
    { maxBuffer: 1 << 28 },
  );
  await mkdir(cache, { recursive: true });
  await writeFile(file, stdout);
  return JSON.parse(stdout) as AllFigures;
}
