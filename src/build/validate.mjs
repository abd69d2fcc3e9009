// `npm run validate`: holds the engines against the published figures of the chapters and prints each. What held once,
// as labs/published.json says, must hold; what is new or holds now is written there. With --check nothing is written.
import { readFileSync, writeFileSync } from 'node:fs';
import { measured } from './measured.mjs';
import { at } from './paths.mjs';

const RECORD = 'labs/published.json';

/** @type {{ figures: import('../lab/published.ts').HeldFigure[], swapped: { less: string, more: string }[] }} */
const { figures, swapped } = await measured('run-published');
/** @type {Record<string, 'holds' | 'misses' | 'fitted'>} */
const now = Object.fromEntries(
  figures.map(({ id, fitted, holds }) => [id, fitted ? 'fitted' : holds ? 'holds' : 'misses']),
);
for (const { less, more } of swapped) now[`${less} < ${more}`] = 'misses';
/** @type {typeof now} */
const before = JSON.parse(readFileSync(at(RECORD), 'utf8'));

for (const { id, published, measured: here, ratio, within } of figures)
  console.log(
    [id.padEnd(36), published.toFixed(3), here.toFixed(3), `${ratio.toFixed(3)} of ${within}`, now[id]].join(
      '  ',
    ),
  );

const lost = Object.keys(now).filter((id) => now[id] === 'misses' && before[id] === 'holds');
const check = process.argv.includes('--check');
for (const id of lost) console.error(`no longer as published: ${id}`);
if (lost.length > 0) process.exitCode = 1;
else if (!check) writeFileSync(at(RECORD), `${JSON.stringify(now, null, 2)}\n`);
