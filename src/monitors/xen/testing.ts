/** For tests: a machine with Xen, and small kernels in assembly for it. */
import { assembleIa32 } from '../../assembler/ia32/assemble.ts';
import { Pc } from '../../machines/pc/machine.ts';
import { NativePc } from '../../machines/pc/native-system.ts';
import { startFlat } from '../../worlds/pc/start.ts';
import type { Domain } from './domain.ts';
import type { XenKernel } from './domain-builder.ts';
import { Xen } from './hypervisor.ts';
import type { SchedulerName } from './schedulers.ts';

export const BASE = 0xc0000000;
const ORIGIN = 0xc0001000;
const PAGE = 4096;

/** Calls by name: `call_NAME` stands for the address in the hypercall page. */
const PROLOGUE = `
console_io equ ${BASE + 32 * 18}
sched_op equ ${BASE + 32 * 29}
`;

/** A kernel whose hypercall page is its first page. */
export function kernelOf(source: string): XenKernel {
  const assembly = assembleIa32(PROLOGUE + source, { file: 'kernel', origin: ORIGIN });
  if (!assembly.ok) throw new Error(JSON.stringify(assembly.diagnostics));
  const segments = assembly.segments.map(({ address, bytes }) => ({
    virtual: address >>> 0,
    bytes: Uint8Array.from(bytes),
    size: bytes.length,
  }));
  return { entry: ORIGIN, virtualBase: BASE, hypercallPage: BASE, segments };
}

/** Runs for ever, by an instruction that takes long, so that a second of it is soon simulated. */
export const SPIN = kernelOf(`spin:\n${'cpuid\n'.repeat(16)}jmp spin\n`);

export interface Rig {
  readonly pc: Pc;
  readonly xen: Xen;
}

export function rig(memory = 16 << 20, scheduler: SchedulerName = 'credit'): Rig {
  const pc = new Pc({ memory, bootOrder: [] });
  startFlat(pc, 0x100000, 0x8000);
  const xen = new Xen(new NativePc(pc.cpu), pc.cpu.model.frequency, scheduler);
  xen.start();
  return { pc, xen };
}

export function domainOf(
  xen: Xen,
  kernel: XenKernel,
  more: { pages?: number; weight?: number; cap?: number; privileged?: boolean } = {},
): Domain {
  const { pages = 300, ...rest } = more;
  const domain = xen.create({ name: 'test', kernel, module: null, commandLine: '', pages, ...rest });
  if (typeof domain === 'string') throw new Error(domain);
  return domain;
}

export const bytesOfFrame = ({ pc }: Rig, frame: number): Uint8Array =>
  pc.cpu.memory.bytes.slice(frame * PAGE, (frame + 1) * PAGE);

/** An attacker that has the processor, and who it is after. */
export function twoDomains(): Rig & { readonly attacker: Domain; readonly victim: Domain } {
  const machine = rig(4 << 20);
  const victim = domainOf(machine.xen, SPIN, { pages: 160 });
  const attacker = domainOf(machine.xen, SPIN, { pages: 160 });
  victim.state = 'paused';
  machine.xen.run();
  return { ...machine, attacker, victim };
}

/** Memory of the running domain that its kernel does not use. */
export const SCRATCH = BASE + 8 * PAGE;
