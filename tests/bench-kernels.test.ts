// The benchmark kernels in bench/pc belong to the sources beside them; if not, `sh tests/bench/pc/build.sh` builds them anew.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('./bench/pc/', import.meta.url);
const PARTS = /\.(sh|S|c|h|ld|elf)$/;

test('the images were built from the sources as they are', () => {
  const built = readFileSync(new URL('built.sha256', folder), 'utf8').trim().split('\n');
  const present = readdirSync(folder).filter((name) => PARTS.test(name));
  const digests = present.map((name) => {
    const digest = createHash('sha256').update(readFileSync(new URL(name, folder)));
    return `${digest.digest('hex')}  ${name}`;
  });
  expect(digests.sort()).toEqual(built.sort());
});
