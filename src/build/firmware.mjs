// Assembles the firmware of the PC into rom.ts: node src/build/firmware.mjs (needs nasm and iasl; Debian:
// nasm, acpica-tools).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './paths.mjs';

const here = at('src/machines/pc/firmware');
export const SOURCES = [
  'system.asm',
  'keyboard.inc',
  'disk.inc',
  'diskette.inc',
  'services.inc',
  'video.asm',
  'dsdt.asl',
];
const GAP = 64;
const PER_LINE = 48;

/** What the image in rom.ts was assembled from. */
export function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) hash.update(readFileSync(join(here, source)));
  return hash.digest('hex');
}

/** @param {string} name */
function assembled(name) {
  const folder = mkdtempSync(join(tmpdir(), 'firmware-'));
  const output = join(folder, 'rom');
  execFileSync('nasm', ['-f', 'bin', '-I', `${here}/`, '-o', output, join(here, `${name}.asm`)]);
  const bytes = readFileSync(output);
  rmSync(folder, { recursive: true });
  // The last byte makes the sum of all zero.
  bytes[bytes.length - 1] = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
}

/** ACPI machine code of the devices. */
function dsdt() {
  const folder = mkdtempSync(join(tmpdir(), 'firmware-'));
  execFileSync('iasl', ['-p', join(folder, 'dsdt'), join(here, 'dsdt.asl')]);
  const bytes = readFileSync(join(folder, 'dsdt.aml'));
  rmSync(folder, { recursive: true });
  return bytes;
}

/** Stretches without long runs of zeros, as source text. @param {Buffer} bytes */
function stretches(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    let end = at;
    for (let next = at; next < bytes.length && next - end <= GAP; next++)
      if (bytes[next] !== 0) end = next + 1;
    const lines = [];
    for (let from = at; from < end; from += PER_LINE)
      lines.push(`      '${bytes.subarray(from, Math.min(end, from + PER_LINE)).toString('hex')}',`);
    text += `    {\n      at: 0x${at.toString(16)},\n      hex: [\n${lines.map((line) => `  ${line}`).join('\n')}\n      ],\n    },\n`;
    at = end;
  }
  return text;
}

const image = (/** @type {string} */ name, /** @type {Buffer} */ bytes) =>
  `export const ${name}: RomImage = {\n  length: 0x${bytes.length.toString(16)},\n  parts: [\n${stretches(bytes)}  ],\n};\n`;

if (process.argv[1]?.endsWith('firmware.mjs')) {
  const text = `/** The firmware as src/build/firmware.mjs has assembled it. */
import type { RomImage } from './image.ts';

/** Of the sources. */
export const FINGERPRINT = '${fingerprint()}';

// prettier-ignore
${image('SYSTEM_ROM', assembled('system'))}
// prettier-ignore
${image('VIDEO_ROM', assembled('video'))}
// prettier-ignore
${image('DSDT', dsdt())}`;
  writeFileSync(join(here, 'rom.ts'), text);
}
