/** Varve with one of its programs as a world, bare or under a monitor (under Xen, the kernel that was ported to it); and whether a guest did what it should. */
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { PcConfiguration } from '../../../src/worlds/pc/configuration.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { PcWorld, SERIAL } from '../../../src/worlds/pc/world.ts';
import { LAB_MEMORY } from './flat.ts';
import { varveDisk, varveKernel, varveXenKernel } from './varve.ts';
import { commandLine, WORKLOADS } from './workloads.ts';

/** Talked to, so that it has no result of its own. */
export const SHELL = 'shell';

export interface VarveOptions {
  readonly under?: PcMonitorName | undefined;
  readonly model?: Model;
  /** Words for the program, in the place of its own. */
  readonly words?: readonly string[];
}

type Guest = Pick<PcConfiguration, 'disks' | 'program'>;

const bare = (append: string): Guest => ({
  disks: [varveDisk()],
  program: { kind: 'kernel', file: varveKernel(), name: 'varve', append, modules: [], ramdisk: null },
});

/** The port that `portio` reads: mask of the first interrupt controller. */
const MASK_PORT = 0x21;

/** One domain, with its disk in memory and the one port that a workload needs. */
const domain = (append: string): Guest => ({
  program: {
    kind: 'domains',
    domains: [
      {
        name: 'varve',
        kernel: varveXenKernel(),
        append,
        ramdisk: varveDisk(),
        ioports: [[MASK_PORT, MASK_PORT]],
      },
    ],
  },
});

/** @param workload of `WORKLOADS`, or `SHELL` */
export function varveWorld(workload: string, options: VarveOptions = {}): PcWorld {
  const { under, model } = options;
  const paravirtual = under === 'xen';
  // A guest of Xen has no network card here, so what it sends stays with itself.
  const own = paravirtual ? [] : WORKLOADS.find(({ name }) => name === workload)?.arguments;
  const { words = own } = options;
  const append = commandLine(workload === SHELL ? 'sh' : workload, words);
  const world = PcWorld.create({
    memory: LAB_MEMORY,
    ...(paravirtual ? domain(append) : bare(append)),
    ...(under && { under }),
    ...(model && { model }),
  });
  if (typeof world === 'string') throw new Error(world);
  return world;
}

/** What a workload prints when all is as it should be; null where nobody can say. */
export const expectedOf = (workload: string): RegExp | null =>
  WORKLOADS.find(({ name }) => name === workload)?.expect ?? null;

/** What the guest printed on its serial line. */
export const printedBy = (world: PcWorld): string =>
  (world.terminals().find(({ id }) => id === SERIAL)?.text ?? '').replaceAll('\r', '');

/** The line in which the guest itself says what is wrong, if it does. */
function complaint(text: string): string {
  const lines = text.split('\n').filter((line) => /WRONG|panic/.test(line));
  return (lines.find((line) => line.includes('panic')) ?? lines[0] ?? '').trim();
}

/** '' where the guest printed what was expected of it, else what is wrong. */
export function verdictOn(world: PcWorld, expected: RegExp | null): string {
  const text = printedBy(world);
  if (expected?.test(text)) return '';
  const why = complaint(text);
  const hangs = world.idle && world.waitsDisabled ? 'it waits for an interrupt that can never reach it' : '';
  return [why, hangs].filter((each) => each !== '').join('; ') || 'the line that says ok is missing';
}
