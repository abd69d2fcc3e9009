/** For tests: boots Varve on the PC, types on its serial line, and tells how it ended. */
import type { Stop } from '../../../src/machines/contract.ts';
import type { Pc } from '../../../src/machines/pc/machine.ts';
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { DiskPathName } from '../../../src/monitors/vmx/disk-paths.ts';
import { readyPc, type ReadyPc } from '../../../src/worlds/pc/build.ts';
import type { RunningMonitor } from '../../../src/worlds/pc/monitors/contract.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { varveDisk, varveKernel, varveXenKernel } from './varve.ts';

const SLICE = 5e6;
const LIMIT = 2e10;

export interface Boot {
  readonly append: string;
  /** Null: none. Without it the system disk. */
  readonly disk?: Uint8Array | null;
  readonly module?: Uint8Array;
  readonly memory?: number;
  readonly model?: Model;
  readonly under?: PcMonitorName;
  readonly diskBy?: DiskPathName;
}

export const boot = (options: Boot): Pc => ready(options).machine;

/** Under Xen the disk is a module. */
function ready({ append, disk = varveDisk(), module, memory, model, under, diskBy }: Boot): ReadyPc {
  const paravirtual = under === 'xen';
  const built = readyPc({
    memory: memory ?? 16 << 20,
    ...(model && { model }),
    ...(under && { under }),
    ...(diskBy && { diskBy }),
    disks: paravirtual ? [] : [disk],
    program: {
      kind: 'kernel',
      file: paravirtual ? varveXenKernel() : varveKernel(),
      name: 'varve',
      append,
      modules: module ? [{ name: 'disk', file: module }] : [],
      ramdisk: paravirtual ? disk : null,
    },
  });
  if (typeof built === 'string') throw new Error(built);
  return built;
}

export const serialOf = (pc: Pc): string => pc.chipset.com1.text.replaceAll('\r', '');

/** Runs until the machine ends, or `text` has been printed after the first `from` characters. */
export function runUntil(
  pc: Pc,
  text: string | null = null,
  from = 0,
  monitor: RunningMonitor | null = null,
): Stop {
  const end = pc.clock + LIMIT;
  while (pc.clock < end) {
    const ran = pc.run(SLICE);
    const stop = monitor?.end(ran) ?? ran;
    if (stop.kind !== 'budget') return stop;
    if (text !== null && serialOf(pc).includes(text, from)) return stop;
  }
  throw new Error(`the kernel did not end; it printed:\n${serialOf(pc)}`);
}

export interface Ended {
  readonly stop: Stop;
  readonly serial: string;
  readonly pc: Pc;
  readonly disk: Uint8Array | null;
  /** What the monitor counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Runs to the end. */
export function bootAndRun(options: Boot): Ended {
  const { machine: pc, monitor } = ready(options);
  const stop = runUntil(pc, null, 0, monitor);
  return {
    stop,
    serial: serialOf(pc),
    pc,
    disk: pc.chipset.disks[0]?.contents() ?? null,
    counts: monitor?.report() ?? {},
  };
}

/** What a program's status becomes at the exit port. */
export const exitOf = (status: number): Stop => ({ kind: 'exit', code: (status << 1) | 1 });

/** A conversation with the shell: each line is typed when the prompt has come back; the answers, line by line. */
export function talk(pc: Pc, lines: readonly string[]): readonly string[] {
  const answers: string[] = [];
  let from = 0;
  for (const line of lines) {
    runUntil(pc, '\n$ ', from);
    from = serialOf(pc).length;
    pc.chipset.com1.type(`${line}\n`);
    runUntil(pc, '\n$ ', from);
    answers.push(serialOf(pc).slice(from, serialOf(pc).indexOf('\n$ ', from)));
    from = serialOf(pc).indexOf('\n$ ', from);
  }
  return answers;
}
