// Assembles the conformance lines with NASM and writes what it made of them to vectors.json.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const SLOT = 32;
const LINES_PER_SLOT = 4;

const server = await createServer({
  configFile: false,
  root: join(here, '../../..'),
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
});
const module = await server.ssrLoadModule('/tests/conformance/assembler-ia32/lines.ts');
const { ADDRESS, conformanceLines } = /** @type {typeof import('./lines.ts')} */ (module);
const all = conformanceLines();
await server.close();

const scratch = mkdtempSync(join(tmpdir(), 'strata-nasm-'));
const source = join(scratch, 'in.asm');
const binary = join(scratch, 'out.bin');

/** A jump's target, moved to where the line stands. @param {string} text @param {number} i */
const moved = (text, i) =>
  text.replace(
    /^((?:o\d\d )?(?:j\w+|loop\w*|call)(?: (?:dword|word))?) (0x[0-9A-F]+)(, e?cx)?$/,
    (_, head, target, tail = '') => `${head} $$-${ADDRESS}+${target}+${SLOT * i}${tail}`,
  );

/** Each line in a slot of its own, then their lengths. @param {typeof all} lines */
function run(lines) {
  const slots = lines.map(({ bits, text }, i) =>
    [`bits ${bits}`, `times ${SLOT * i}-($-$$) db 0`, `s${i}: ${moved(text, i)}`, `e${i}:`].join('\n'),
  );
  const lengths = `times ${SLOT * lines.length}-($-$$) db 0\ndb ${lines.map((_, i) => `e${i}-s${i}`).join(',')}\n`;
  writeFileSync(source, `org ${ADDRESS}\n${slots.join('\n')}\n${lengths}`);
  return spawnSync('nasm', ['-f', 'bin', '-w-all', '-o', binary, source], { encoding: 'utf8' });
}

// Lines that NASM refuses are left out, until it takes all.
let known = all;
/** @type {string[]} */
const refused = [];
for (;;) {
  const errors = [...run(known).stderr.matchAll(/:(\d+): error/g)].map(([, line]) =>
    Math.floor((Number(line) - 2) / LINES_PER_SLOT),
  );
  if (errors.length === 0) break;
  refused.push(...errors.map((i) => known[i]?.text ?? ''));
  known = known.filter((_, i) => !errors.includes(i));
}
const bytes = readFileSync(binary);
const vectors = known.map(({ bits, text }, i) => {
  const length = bytes[SLOT * known.length + i] ?? 0;
  return [
    bits,
    text,
    bytes
      .subarray(SLOT * i, SLOT * i + length)
      .toString('hex')
      .toUpperCase(),
  ];
});
rmSync(scratch, { recursive: true });

const version = execFileSync('nasm', ['-v'], { encoding: 'utf8' }).trim();
writeFileSync(
  join(here, 'vectors.json'),
  `{"assembler":${JSON.stringify(version)},"refused":${JSON.stringify(refused)},"vectors":[\n${vectors.map((v) => JSON.stringify(v)).join(',\n')}\n]}\n`,
);
console.log(`${vectors.length} vectors; refused by NASM: ${refused.length}`);
