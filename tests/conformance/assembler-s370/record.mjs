// Assembles the conformance lines with GNU as and writes what it made of them to vectors.json.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const AS = 's390x-linux-gnu-as';
const OBJCOPY = 's390x-linux-gnu-objcopy';

const server = await createServer({
  configFile: false,
  root: join(here, '../../..'),
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
const module = await server.ssrLoadModule('/tests/conformance/assembler-s370/lines.ts');
const { conformanceLines } = /** @type {typeof import('./lines.ts')} */ (module);
const all = conformanceLines();
await server.close();

const scratch = mkdtempSync(join(tmpdir(), 'strata-as-'));
const source = join(scratch, 'in.s');
const object = join(scratch, 'out.o');
const binary = join(scratch, 'out.bin');

/** What GNU as says of `lines`, each in a slot of 8 bytes. @param {{ gnu: string }[]} lines */
function run(lines) {
  writeFileSync(source, lines.map(({ gnu }) => `.balign 8\n${gnu}\n`).join('') + '.balign 8\n');
  return spawnSync(AS, ['-m31', '-march=g5', '-o', object, source], { encoding: 'utf8' });
}

// Instructions that later architectures dropped are unknown to GNU as: leave those lines out and count them.
const refused = new Set(
  [...run(all).stderr.matchAll(/^.*?:(\d+): Error/gm)].map(([, line]) => all[(Number(line) - 2) / 2]),
);
const known = all.filter((line) => !refused.has(line));
const { status, stderr } = run(known);
if (status !== 0) throw new Error(stderr);
execFileSync(OBJCOPY, ['-O', 'binary', '-j', '.text', object, binary]);
const bytes = readFileSync(binary);
const lengthOf = (/** @type {number} */ first) => (first < 0x40 ? 2 : first < 0xc0 ? 4 : 6);
const vectors = known.map(({ ours }, i) => [
  ours,
  bytes
    .subarray(8 * i, 8 * i + lengthOf(bytes[8 * i] ?? 0))
    .toString('hex')
    .toUpperCase(),
]);
rmSync(scratch, { recursive: true });

const version = execFileSync(AS, ['--version'], { encoding: 'utf8' }).split('\n')[0];
const unknown = [...new Set([...refused].map((line) => line?.ours.split(' ')[0]))];
writeFileSync(
  join(here, 'vectors.json'),
  `{"assembler":${JSON.stringify(version)},"unknown":${JSON.stringify(unknown)},"vectors":[\n${vectors.map((v) => JSON.stringify(v)).join(',\n')}\n]}\n`,
);
console.log(`${vectors.length} vectors; unknown to GNU as: ${unknown.join(' ')}`);
