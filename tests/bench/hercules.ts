/** The same program under Hercules, where it is installed: timed by the program's own readings of the clock. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STORAGE = 0x200000;
const CONFIGURATION = `CPUSERIAL 000611
CPUMODEL 0158
MAINSIZE 2
XPNDSIZE 0
CNSLPORT 0
NUMCPU 1
ARCHMODE S/370
PANRATE SLOW
0009 3215-C
`;
/** Seconds that the program gets; it needs a fraction. */
const PAUSE = 4;
/** Clock units in a microsecond. */
const UNITS = 4096n;

export const hasHercules = (): boolean =>
  spawnSync('hercules', ['-h'], { stdio: 'ignore' }).error === undefined;

/** Seconds between the two doublewords at `begin` and `finish` after the run of `image`. */
export function hercules(image: Uint8Array, begin: number, finish: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'strata-bench-'));
  const file = (name: string): string => join(folder, name);
  try {
    writeFileSync(file('conf'), CONFIGURATION);
    writeFileSync(file('before'), image);
    const script = [
      `loadcore ${file('before')} 0`,
      'restart',
      `pause ${PAUSE}`,
      `savecore ${file('after')} 0 ${(STORAGE - 1).toString(16)}`,
      'quit',
    ];
    writeFileSync(file('rc'), `${script.join('\n')}\n`);
    spawnSync('hercules', ['-d', '-f', file('conf')], {
      cwd: folder,
      env: { ...process.env, HERCULES_RC: file('rc') },
      timeout: 60_000,
      stdio: 'ignore',
    });
    const after = readFileSync(file('after'));
    const units = after.readBigUInt64BE(finish) - after.readBigUInt64BE(begin);
    if (units <= 0n) throw new Error(`Hercules did not finish within ${PAUSE} seconds`);
    return Number(units / UNITS) / 1e6;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
