/** Varve with one of its programs as a world, bare or under a monitor (under Xen, the kernel that was ported to it); and whether a guest did what it should. */
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { DiskPathName } from '../../../src/monitors/vmx/disk-paths.ts';
import type { DomainConfiguration, PcConfiguration } from '../../../src/worlds/pc/configuration.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { PcWorld, SERIAL } from '../../../src/worlds/pc/world.ts';
import { LAB_MEMORY } from './flat.ts';
import { varveDisk, varveKernel, varveXenKernel } from './varve.ts';
import { VarveSources } from './varve-sources.ts';
import { commandLine, WORKLOADS } from './workloads.ts';

/** Talked to, so that it has no result of its own. */
export const SHELL = 'shell';

export interface VarveOptions {
  readonly under?: PcMonitorName | undefined;
  readonly model?: Model;
  /** Who does the work of the disk. */
  readonly diskBy?: DiskPathName | undefined;
  /** The bare kernel has its disk in memory, too, as a guest of Xen has it: so their times can be compared. */
  readonly diskInMemory?: boolean;
  /** Words for the kernel, before its own. */
  readonly kernelOptions?: string;
  /** Words for the program, in the place of its own. */
  readonly words?: readonly string[];
}

type Guest = Pick<PcConfiguration, 'disks' | 'program'>;

function bare(append: string, diskInMemory: boolean): Guest {
  const disk = varveDisk();
  const kernel = { kind: 'kernel', file: varveKernel(), name: 'varve', append, ramdisk: null } as const;
  return diskInMemory
    ? { program: { ...kernel, modules: [{ file: disk, name: 'disk' }] } }
    : { disks: [disk], program: { ...kernel, modules: [] } };
}

/** The port that `portio` reads: mask of the first interrupt controller. */
const MASK_PORT = 0x21;

const asDomain = (append: string): DomainConfiguration => ({
  name: 'varve',
  kernel: varveXenKernel(),
  append,
  ramdisk: varveDisk(),
  ioports: [[MASK_PORT, MASK_PORT]],
});

const append = (workload: string, words?: readonly string[], kernelOptions?: string): string =>
  [
    ...(kernelOptions === undefined ? [] : [kernelOptions]),
    commandLine(workload === SHELL ? 'sh' : workload, words),
  ].join(' ');

/** Varve with a workload as a domain of Xen: its disk is in memory, and it has the one port that a workload needs. */
export const varveDomain = (workload: string): DomainConfiguration => asDomain(append(workload));

/** @param workload of `WORKLOADS`, or `SHELL` */
export function varveWorld(workload: string, options: VarveOptions = {}): PcWorld {
  const { under, model, diskBy, kernelOptions, diskInMemory = false } = options;
  const paravirtual = under === 'xen';
  // A guest of Xen has no network card here, so what it sends stays with itself.
  const own = paravirtual ? [] : WORKLOADS.find(({ name }) => name === workload)?.arguments;
  const { words = own } = options;
  const told = append(workload, words, kernelOptions);
  const world = PcWorld.create(
    {
      memory: LAB_MEMORY,
      ...(paravirtual
        ? { program: { kind: 'domains', domains: [asDomain(told)] } }
        : bare(told, diskInMemory)),
      ...(under && { under }),
      ...(diskBy && { diskBy }),
      ...(model && { model }),
    },
    { sources: new VarveSources(paravirtual ? 'varve-xen' : 'varve') },
  );
  if (typeof world === 'string') throw new Error(world);
  return world;
}

/** What a workload prints when all is as it should be; null where nobody can say. */
export const expectedOf = (workload: string): RegExp | null =>
  WORKLOADS.find(({ name }) => name === workload)?.expect ?? null;

/** What the guest printed on its serial line. */
export const printedBy = (world: PcWorld): string =>
  (world.terminals().find(({ id }) => id === SERIAL)?.text ?? '').replaceAll('\r', '');

/** The line in which the guest itself says what is wrong, if it does; a call that failed has its number in brackets. */
function complaint(text: string): string {
  const lines = text.split('\n').filter((line) => /WRONG|panic|\(\d+\)$/.test(line));
  return (lines.find((line) => line.includes('panic')) ?? lines[0] ?? '').trim();
}

/** '' where `text` is what was expected of it, else what is wrong, `also` being known to be. */
export function complaintOr(text: string, expected: RegExp | null, also = ''): string {
  if (expected?.test(text)) return '';
  const told = [complaint(text), also].filter((each) => each !== '');
  return told.join('; ') || 'the line that says ok is missing';
}

/** '' where the guest printed what was expected of it, else what is wrong. */
export const verdictOn = (world: PcWorld, expected: RegExp | null): string =>
  complaintOr(
    printedBy(world),
    expected,
    world.idle && world.waitsDisabled ? 'it waits for an interrupt that can never reach it' : '',
  );
