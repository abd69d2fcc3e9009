// Benchmarks of the engines, run by `npm run bench`.

/** Runs the named benchmarks, all of them by default, and returns the exit status. */
export async function main(argv: string[]): Promise<number> {
  process.stderr.write(`bench: no benchmark ${argv[0] ?? 'yet'}\n`);
  return 2;
}
