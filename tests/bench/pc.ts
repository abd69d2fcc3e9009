/** The PC's part of the benchmark: the same multiboot kernels on this PC and on v86 without its compiler. */
import { readFileSync } from 'node:fs';
import { Pc } from '../../src/machines/pc/machine.ts';
import { loadMultiboot } from '../../src/worlds/pc/multiboot.ts';
import { processorTime, runV86 } from './v86.ts';

const MEMORY = 64 << 20;
const SLICE = 2_000_000;
const FAR = 1e11;

interface Timed {
  readonly seconds: number;
  readonly text: string;
  readonly instructions: number;
}

/** Seconds between the kernel's markers, by slices of a few milliseconds. */
function runPc(kernel: Uint8Array): Timed {
  const pc = new Pc({ memory: MEMORY });
  const complaint = loadMultiboot(pc, { file: kernel, name: 'bench', append: '', modules: [] });
  if (complaint !== null) throw new Error(complaint);
  let [began, from] = [0, 0];
  const seen = (marker: string): boolean => pc.chipset.com1.text.includes(marker);
  while (!seen('}')) {
    const stop = pc.run(began === 0 ? 1000 : SLICE);
    if (began === 0 && seen('{')) [began, from] = [processorTime(), pc.instructions];
    if (stop.kind !== 'budget' && !seen('}')) throw new Error(`the kernel ended in ${stop.kind}`);
    if (pc.clock > FAR) throw new Error(`the kernel printed ${pc.chipset.com1.text}`);
  }
  return {
    seconds: processorTime() - began,
    text: pc.chipset.com1.text,
    instructions: pc.instructions - from,
  };
}

const PHASES = [
  ['compute', 'compute'],
  ['ring-3 system calls', 'syscall'],
  ['page-table edits', 'pagetable'],
] as const;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Runs each kernel `rounds` times on either, in turn, and tells how fast and in which ratio. */
export async function benchPc(rounds: number, print: (line: string) => void): Promise<void> {
  for (const [name, file] of PHASES) {
    const kernel = new Uint8Array(readFileSync(`tests/bench/pc/${file}.elf`));
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const ours = runPc(kernel);
      const theirs = await runV86(kernel);
      if (ours.text !== theirs.text) throw new Error(`${name}: ${ours.text} here, ${theirs.text} on v86`);
      // The first round warms up.
      if (round === 0) continue;
      ratios.push(theirs.seconds / ours.seconds);
      rates.push(ours.instructions / ours.seconds / 1e6);
    }
    const list = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
    print(
      `PC, ${name.padEnd(20)} ${median(rates).toFixed(1).padStart(6)} MIPS, ${median(ratios).toFixed(2)} of v86 without its compiler  (${list})\n`,
    );
  }
}
