/**
 * `npm run bench`: how fast the interpreters are, accounting, storage keys, paging and timers on: System/370 beside
 * Hercules if it is here, the PC beside v86.
 */
import { findSymbol } from '../../src/assembler/core/assembly.ts';
import { S370World } from '../../src/worlds/s370/world.ts';
import { benchPc } from './pc.ts';
import { hasHercules, hercules } from './hercules.ts';
import mixed from './mixed.s?raw';

const ROUNDS = 5;
const PC_ROUNDS = 3;
const FAR = 1e12;

interface Timed {
  readonly instructions: number;
  readonly seconds: number;
  readonly world: S370World;
}

function strata(): Timed {
  const { world, diagnostics } = S370World.create({
    program: { kind: 'source', text: mixed, file: 'mixed.s' },
  });
  if (!world) throw new Error(JSON.stringify(diagnostics));
  const began = performance.now();
  const stop = world.run(FAR);
  const seconds = (performance.now() - began) / 1000;
  const { psw } = world.machine;
  if (stop.kind !== 'wait' || psw.instructionAddress !== 0)
    throw new Error(`the loop ended in ${stop.kind} at ${psw.instructionAddress.toString(16)}`);
  return { instructions: world.instructions, seconds, world };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** One line: median and best of the rounds, in million instructions a second. */
const line = (name: string, rates: readonly number[]): string =>
  `${name.padEnd(30)} ${median(rates).toFixed(1).padStart(6)} MIPS  best ${Math.max(...rates)
    .toFixed(1)
    .padStart(6)}  (${rates.map((rate) => rate.toFixed(1)).join(' ')})\n`;

/** Runs the benchmark, alternating with its yardsticks, and returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.length > 1 || (argv[0] ?? '--alone') !== '--alone') {
    process.stderr.write('usage: npm run bench [-- --alone]\n');
    return 2;
  }
  benchS370(argv.length === 0);
  await benchPc(PC_ROUNDS, (text) => process.stdout.write(text));
  return 0;
}

function benchS370(beside: boolean): void {
  const { world } = strata(); // warms up
  const { bytes } = world.assembly!;
  const at = (name: string): number => findSymbol(world.assembly!, name)?.value ?? 0;
  const compare = beside && hasHercules();
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const { instructions, seconds } = strata();
    ours.push(instructions / seconds / 1e6);
    if (compare) theirs.push(instructions / hercules(bytes, at('BEGIN'), at('FINISH')) / 1e6);
  }
  process.stdout.write(line('System/370, mixed loop', ours));
  if (!compare) return;
  process.stdout.write(line('Hercules, same program', theirs));
  const ratio = (pick: (rates: readonly number[]) => number): string =>
    (pick(ours) / pick(theirs)).toFixed(2);
  process.stdout.write(
    `ratio of medians ${ratio(median)}, of bests ${ratio((rates) => Math.max(...rates))}\n`,
  );
}
