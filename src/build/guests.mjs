// `npm run guests`: builds Varve and its programs from their sources. Only needed after changing them: the images are
// committed, and nobody needs a compiler to run the site.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { built, digest, guestFingerprint, home, manifestFile, sourcesIn } from './guest-sources.mjs';
import { lineTable } from './line-table.mjs';
import { at } from './paths.mjs';

/** Nothing of the compiler's own surroundings may get into an image: same sources, same bytes. */
const common = [
  ...[
    '-m32',
    '-march=i686',
    '-mno-sse',
    '-mno-mmx',
    '-mno-80387',
    '-std=gnu11',
    '-ffreestanding',
    '-nostdlib',
  ],
  ...['-static', '-no-pie', '-fno-pie', '-fno-stack-protector', '-fcf-protection=none'],
  ...['-fno-asynchronous-unwind-tables', '-fno-unwind-tables', '-gdwarf-4', '-Wall', '-Wextra', '-Werror'],
  ...['-Wl,--build-id=none', '-Wl,-z,noexecstack', '-Wl,-z,max-page-size=4096'],
];
/** Light optimization: a line of C is still a stretch of instructions that can be stepped through. */
const kernelOptions = ['-O1', '-Wno-unused-parameter'];
/** The kernel for a kind of machine: what is the same on all of them, and the folder of that kind. */
const kernels = {
  varve: { folder: 'bare', drivers: /\.c$/ },
  'varve-xen': { folder: 'xen', drivers: /^(ramdisk|ata|ata_dma|pci|ne2000)\.c$/ },
};
const programOptions = [
  '-Os',
  '-ffunction-sections',
  '-fdata-sections',
  '-Wl,--gc-sections',
  '-Wl,-z,noseparate-code',
];

/** Says what is missing, or nothing. */
function whatIsMissing() {
  const empty = ['-m32', '-march=i686', '-ffreestanding', '-fsyntax-only', '-x', 'c', '-'];
  const gcc = spawnSync('gcc', empty, { input: '#include <stdint.h>\nint x;\n' });
  if (gcc.status !== 0) return 'gcc that compiles for IA-32 (gcc -m32)';
  const tools = ['objdump', 'nm', 'strip'];
  return tools.find((tool) => spawnSync(tool, ['--version']).status !== 0);
}

/** Compiles, keeps the image without its debug data, and the table of lines beside it.
 *  @param {string} elf @param {string} target @param {string[]} options @param {string[]} sources */
function make(elf, target, options, sources) {
  execFileSync('gcc', [...common, ...options, ...sources, '-o', elf], { cwd: at(home), stdio: 'inherit' });
  execFileSync('strip', ['--strip-all', '-o', at(`${built}/${target}`), elf]);
  writeFileSync(at(`${built}/lines/${basename(elf)}.json`), `${JSON.stringify(lineTable(elf, sources))}\n`);
  const bytes = readFileSync(at(`${built}/${target}`));
  return { bytes: bytes.length, sha256: digest(bytes) };
}

/** A program is one source, and a folder of the same name if it has more. @param {string} source */
function sourcesOf(source) {
  const folder = source.replace(/\.c$/, '');
  return existsSync(at(`${home}/${folder}`)) ? [source, ...sourcesIn(folder, /\.c$/)] : [source];
}

/** @param {string} work a folder that is removed afterwards */
function buildAll(work) {
  rmSync(at(built), { recursive: true, force: true });
  mkdirSync(at(`${built}/programs`), { recursive: true });
  mkdirSync(at(`${built}/tools`), { recursive: true });
  mkdirSync(at(`${built}/xen/programs`), { recursive: true });
  mkdirSync(at(`${built}/lines`), { recursive: true });
  /** @type {Record<string, { bytes: number, sha256: string }>} */
  const images = {};
  for (const [name, { folder, drivers }] of Object.entries(kernels)) {
    const common = [...sourcesIn('kernel', /\.[cS]$/), ...sourcesIn('drivers', drivers)];
    const options = [...kernelOptions, `-I${folder}`, `-Wl,-T,${folder}/kernel.ld`];
    images[`${name}.elf`] = make(join(work, name), `${name}.elf`, options, [
      ...common,
      ...sourcesIn(folder, /\.[cS]$/),
    ]);
  }
  const library = sourcesIn('programs/lib', /\.[cS]$/);
  /** What tools have in common beyond it. */
  const more = sourcesIn('tools/lib', /\.c$/);
  for (const source of ['programs', 'tools', 'xen/programs'].flatMap((folder) => sourcesIn(folder, /\.c$/))) {
    const name = basename(source, '.c');
    const target = `${dirname(source)}/${name}.elf`;
    const own = [...sourcesOf(source), ...(source.startsWith('tools/') ? more : [])];
    images[target] = make(join(work, name), target, programOptions, [...own, ...library]);
  }
  return images;
}

const missing = whatIsMissing();
if (missing !== undefined) {
  console.error(
    `guests: ${missing} is missing (Debian: gcc, binutils, and gcc-multilib on other processors).`,
  );
  console.error('The committed images stay as they are; they are all that the site and the tests need.');
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), 'varve-'));
try {
  const images = buildAll(work);
  const compiler = execFileSync('gcc', ['-dumpfullversion'], { encoding: 'utf8' }).trim();
  const manifest = { sources: guestFingerprint(), compiler: `gcc ${compiler}`, images };
  writeFileSync(at(manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, { bytes }] of Object.entries(images))
    console.log(`${String(bytes).padStart(7)}  ${name}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
