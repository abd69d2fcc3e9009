/** The test kernels as they were built, and what they printed under QEMU. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Stop } from '../../../../src/machines/contract.ts';
import { expectedOf } from './deviations.ts';
import { Pc } from '../../../../src/machines/pc/machine.ts';
import type { Model } from '../../../../src/machines/pc/models/classes.ts';
import { loadMultiboot } from '../../../../src/worlds/pc/multiboot.ts';

export interface Kernel {
  readonly name: string;
  readonly elf: Uint8Array;
  /** What it prints. */
  readonly printed: string;
}

const packed = JSON.parse(readFileSync(new URL('kernels.json', import.meta.url), 'utf8')) as {
  readonly name: string;
  readonly elf: string;
  readonly serial: readonly string[];
}[];

export const KERNELS: readonly Kernel[] = packed.map(({ name, elf, serial }) => ({
  name,
  elf: inflateRawSync(Buffer.from(elf, 'base64')),
  printed: expectedOf(name, serial.join('\n')),
}));

export const kernelCalled = (name: string): Kernel => KERNELS.find((kernel) => kernel.name === name)!;

/** Each sector is full of the bytes of its number, as `build.sh` makes it for QEMU. */
export const DISK = Uint8Array.from({ length: 4096 * 512 }, (_, at) => at >> 9);

export function boot(kernel: Kernel, model?: Model): Pc {
  const pc = new Pc({ memory: 16 << 20, disks: [DISK], ...(model ? { model } : {}) });
  const complaint = loadMultiboot(pc, { file: kernel.elf, name: kernel.name, append: '', modules: [] });
  if (complaint !== null) throw new Error(complaint);
  return pc;
}

const LIMIT = 1e9;

/** Runs until the kernel ends, in slices of `slice` cycles. */
export function runToEnd(pc: Pc, slice = LIMIT): Stop {
  for (;;) {
    const stop = pc.run(Math.min(slice, LIMIT - pc.clock));
    if (stop.kind !== 'budget' || pc.clock >= LIMIT) return stop;
  }
}
