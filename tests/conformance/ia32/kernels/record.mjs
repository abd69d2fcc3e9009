// Packs kernels and what they printed: node record.mjs DIRECTORY > kernels.json
import { readdirSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

const directory = process.argv[2] ?? '.';
const names = readdirSync(directory).filter((file) => file.endsWith('.elf'));
const kernels = names.sort().map((file) => {
  const name = file.replace(/\.elf$/, '');
  return {
    name,
    elf: deflateRawSync(readFileSync(`${directory}/${file}`), { level: 9 }).toString('base64'),
    serial: readFileSync(`${directory}/${name}.txt`, 'latin1').split('\n'),
  };
});
process.stdout.write(`${JSON.stringify(kernels, null, 1)}\n`);
