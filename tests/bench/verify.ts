/** `node src/build/launch.mjs tests/bench/verify.ts [N]`: checks N hand-ins of a chapter with the command, and prints how long and how much. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { handInText } from '../../src/classroom/format/hand-in.ts';
import { assignmentOf, handInOf } from '../classroom/hand-ins.ts';

const CHAPTER = '10-vm370';
const COMMAND = ['src/build/launch.mjs', 'src/cli/main.ts'];
const SAMPLE_MILLISECONDS = 250;
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
    const assignment = assignmentOf(CHAPTER);
    // Bundles the command, which is no part of checking.
    spawnSync(process.execPath, [...COMMAND, '--help']);
    const made = performance.now();
    for (let i = 0; i < many; i++) {
      const handIn = await handInOf(assignment, `Student ${i}`);
      writeFileSync(join(folder, `${String(i).padStart(5, '0')}.strata.json`), handInText(handIn));
    }
    const making = (performance.now() - made) / 1000;
    const began = performance.now();
    const { status, memory, processor } = await checkFolder(folder);
    const seconds = (performance.now() - began) / 1000;
    const half = memory.slice(Math.floor(memory.length / 2));
    process.stdout.write(
      `${many} hand-ins of ${CHAPTER} (${assignment.exercises.length} exercises each), ` +
        `${availableParallelism()} threads: ${seconds.toFixed(1)} s by the clock, ${processor.toFixed(1)} s of processor, status ${status}\n` +
        `made in ${making.toFixed(1)} s; memory: most ${Math.max(...memory).toFixed(0)} MB, ` +
        `in the second half ${Math.min(...half).toFixed(0)} to ${Math.max(...half).toFixed(0)} MB\n`,
    );
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
