/**
 * `npm run fuzz -- NAME --seeds N [--from SEED]`: random guests must end under a monitor as on the bare machine,
 * random programs of a time-sharing system must leave their neighbours alone, and random calls the container.
 */
import { parseArgs } from 'node:util';
import { PENTIUM_4 } from '../../src/machines/pc/models/pentium4.ts';
import { SKYLAKE } from '../../src/machines/pc/models/skylake.ts';
import { difference } from './compare.ts';
import { escapes } from './containers.ts';
import { randomGuest } from './pc-guest.ts';
import { harmDone } from './timesharing.ts';
import { harmByHypervisor } from './vmx.ts';
import { leftAfterLives } from './xen-lives.ts';
import { hostileCalls } from './xen.ts';

/** What is fuzzed, by name: what is wrong with a seed, or null. */
export const FUZZED: Readonly<Record<string, (seed: number) => string | null>> = {
  xen: hostileCalls,
  // A seed is a thousand domains made and destroyed.
  'xen-lives': (seed) => leftAfterLives(1000, seed),
  containers: escapes,
  translator: (seed) => difference(randomGuest(seed), 'translator'),
  'translator-single': (seed) => difference(randomGuest(seed), 'translator-single'),
  'translator-untraced': (seed) => difference(randomGuest(seed), 'translator-untraced'),
  vmx: (seed) => difference(randomGuest(seed), 'vmx', SKYLAKE),
  // Each exit of the inner guest is a dozen of the outer one's.
  'vmx-nested': (seed) => difference(randomGuest(seed, 40, 5), 'vmx-nested', SKYLAKE),
  'vmx-shadow': (seed) => difference(randomGuest(seed), 'vmx-shadow', PENTIUM_4),
  'vmx-hypervisors': harmByHypervisor,
  'timesharing-keys': (seed) => harmDone(seed, 'keys'),
  'timesharing-dat': (seed) => harmDone(seed, 'dat'),
};

export function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
  });
  const check = FUZZED[positionals[0] ?? ''];
  const [seeds, from] = [Number(values.seeds), Number(values.from)];
  if (!check || !Number.isInteger(seeds) || !Number.isInteger(from)) {
    process.stderr.write(`usage: npm run fuzz -- ${Object.keys(FUZZED).join('|')} --seeds N [--from SEED]\n`);
    return 2;
  }
  let wrong = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const what = check(seed);
    if (what === null) continue;
    wrong++;
    process.stdout.write(`seed ${seed}: ${what}\n`);
  }
  process.stdout.write(`${seeds} seeds, ${wrong} of them differ\n`);
  return wrong === 0 ? 0 : 1;
}
