// The headless command: what a page can do, a script can do.

/** Runs one command and returns its exit status. */
export async function main(argv: string[]): Promise<number> {
  process.stderr.write(`strata: unknown command ${argv[0] ?? ''}\n`);
  return 2;
}
