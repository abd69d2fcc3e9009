/** `strata run`: to each machine its own options. */
import type { Output } from './output.ts';
import { runPc } from './run-pc.ts';
import { run as runS370 } from './run.ts';

/** The value of `--machine`, however it is written. */
function machineOf(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--machine');
  if (at >= 0) return argv[at + 1];
  return argv.find((word) => word.startsWith('--machine='))?.slice('--machine='.length);
}

export const run = (argv: readonly string[], out: Output): Promise<number> =>
  machineOf(argv) === 'pc' ? runPc(argv, out) : runS370(argv, out);
