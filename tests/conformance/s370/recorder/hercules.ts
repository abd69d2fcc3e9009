/** One run of Debian's Hercules: a core image goes in, the core image after the program's final wait comes out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORAGE_SIZE } from '../layout.ts';

const CONFIGURATION = `CPUSERIAL 000611
CPUMODEL 0158
MAINSIZE ${STORAGE_SIZE >> 20}
XPNDSIZE 0
CNSLPORT 0
NUMCPU 1
ARCHMODE S/370
PANRATE SLOW
0009 3215-C
`;

/** Seconds that Hercules gets for a batch; it needs a fraction of one. */
const PAUSE = 3;

export function runHercules(image: Buffer): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'hercules-'));
  const file = (name: string): string => join(folder, name);
  try {
    writeFileSync(file('conf'), CONFIGURATION);
    writeFileSync(file('before'), image);
    writeFileSync(
      file('rc'),
      `loadcore ${file('before')} 0
restart
pause ${PAUSE}
psw
savecore ${file('after')} 0 ${(STORAGE_SIZE - 1).toString(16)}
quit
`,
    );
    const run = spawnSync('hercules', ['-d', '-f', file('conf')], {
      cwd: folder,
      env: { ...process.env, HERCULES_RC: file('rc') },
      encoding: 'utf8',
      timeout: 60_000,
      // It reports program interruptions.
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (run.error) throw run.error;
    if (!run.stdout.includes('savecore command complete'))
      throw new Error(`Hercules did not save storage:\n${run.stdout}${run.stderr}`);
    return readFileSync(file('after'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
