/** `node src/build/launch.mjs tests/bench/verify.ts [N]`: checks N hand-ins of a chapter with the command, and prints how long and how much. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const CHAPTER = '10-vm370';
const LAUNCH = 'src/build/launch.mjs';
const COMMAND = [LAUNCH, 'src/cli/main.ts'];
const MAKE = [LAUNCH, 'tests/classroom/make-hand-ins.ts'];
const SAMPLE_MILLISECONDS = 250;
const TOLD_MILLISECONDS = 5000;
const TICKS_PER_SECOND = 100;

/** Megabytes that a process holds, from Linux; NaN elsewhere. */
function residentMegabytes(pid: number): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return NaN;
  }
}

/** Seconds of processor time that a process has used, from Linux; NaN elsewhere. A busy machine makes the clock lie. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

interface Measured {
  readonly status: number | null;
  readonly memory: readonly number[];
  readonly processor: number;
}

/** Makes the hand-ins, as many at a time as there are processors. A hand-in takes longer to make than to check. */
async function makeHandIns(folder: string, many: number): Promise<void> {
  const processes = availableParallelism();
  const told = setInterval(
    () => process.stderr.write(`${readdirSync(folder).length} of ${many} hand-ins made\n`),
    TOLD_MILLISECONDS,
  );
  const makers = Array.from({ length: processes }, (_, i) => {
    const [from, to] = [i, i + 1].map((part) => String(Math.floor((many * part) / processes)));
    const child = spawn(process.execPath, [...MAKE, CHAPTER, folder, from!, to!], { stdio: 'inherit' });
    return new Promise((resolve) => child.on('close', resolve));
  });
  await Promise.all(makers);
  clearInterval(told);
}

async function checkFolder(folder: string): Promise<Measured> {
  const memory: number[] = [];
  let processor = 0;
  const child = spawn(process.execPath, [...COMMAND, 'verify', folder, '--csv'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = setInterval(() => {
    memory.push(residentMegabytes(child.pid!));
    processor = processorSeconds(child.pid!) || processor;
  }, SAMPLE_MILLISECONDS);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return { status, memory: memory.filter((value) => value > 0), processor };
}

export async function main(argv: readonly string[]): Promise<number> {
  const many = Number(argv[0] ?? 1000);
  const folder = mkdtempSync(join(tmpdir(), 'strata-class-'));
  try {
    // Bundles both programs, which is no part of making or checking.
    spawnSync(process.execPath, [...MAKE, CHAPTER, folder, '0', '0']);
    spawnSync(process.execPath, [...COMMAND, '--help']);
    const made = performance.now();
    await makeHandIns(folder, many);
    const making = (performance.now() - made) / 1000;
    const began = performance.now();
    const { status, memory, processor } = await checkFolder(folder);
    const seconds = (performance.now() - began) / 1000;
    const half = memory.slice(Math.floor(memory.length / 2));
    process.stdout.write(
      `${many} hand-ins of ${CHAPTER}, ` +
        `${availableParallelism()} threads: ${seconds.toFixed(1)} s by the clock, ${processor.toFixed(1)} s of processor, status ${status}\n` +
        `made in ${making.toFixed(1)} s; memory: most ${Math.max(...memory).toFixed(0)} MB, ` +
        `in the second half ${Math.min(...half).toFixed(0)} to ${Math.max(...half).toFixed(0)} MB\n`,
    );
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
