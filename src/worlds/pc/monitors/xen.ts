/** Xen under a PC's guest: the kernel of the command line becomes a domain; others come from a list of domains. */
import type { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { Xen, type XenObserver } from '../../../monitors/xen/hypervisor.ts';
import type { XenState } from '../../../monitors/xen/state.ts';
import type { PcProgram } from '../configuration.ts';
import type { PcMonitor, RunningMonitor, Tell } from './contract.ts';
import { readXenKernel } from './xen-kernel.ts';

const asEvents = (tell: Tell): XenObserver => ({
  hypercall: (name) => {
    tell('hypercall', { name });
  },
  refused: (check, detail) => {
    tell('refuse', { name: `${check}: ${detail}` });
  },
  reflected: (name) => {
    tell('reflect', { name });
  },
  switched: (domain) => {
    tell('dispatch', { name: `domain ${domain}` });
  },
});

/** Counts by name: hypercalls, and refusals by the check that said no. */
const counts = ({ state }: Xen): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(Object.entries(state.calls).map(([name, n]) => [`hypercall ${name}`, n])),
  ...Object.fromEntries(Object.entries(state.refused).map(([name, n]) => [`refused by ${name}`, n])),
});

const running = (xen: Xen): RunningMonitor => ({
  end: (stop) => {
    if (stop.kind === 'budget' || !xen.finished) return stop;
    const crashed = xen.state.domains.find(({ state }) => state === 'crashed');
    return crashed ? { kind: 'check', reason: `domain ${crashed.id} crashed: ${crashed.reason}` } : stop;
  },
  get hangs() {
    return xen.finished;
  },
  observe: (tell) => {
    xen.observer = tell && asEvents(tell);
  },
  report: () => counts(xen),
  domains: () =>
    xen.state.domains.map(({ id, name, state, reason, pages, weight, ran }) => ({
      id,
      name,
      state,
      reason,
      pages,
      weight,
      cycles: ran,
    })),
  save: () => xen.save(),
  restore: (state) => {
    xen.restore(state as XenState);
  },
});

type KernelProgram = Extract<PcProgram, { kind: 'kernel' }>;

function begin(pc: Pc, program: KernelProgram): RunningMonitor | string {
  const kernel = readXenKernel(program.file);
  if (typeof kernel === 'string') return kernel;
  const xen = new Xen(new NativePc(pc.cpu), pc.cpu.model.frequency);
  xen.start();
  const domain = xen.create({
    name: program.name,
    kernel,
    module: program.ramdisk ?? program.modules[0]?.file ?? null,
    commandLine: program.append,
    pages: Infinity,
  });
  if (typeof domain === 'string') return domain;
  xen.run();
  return running(xen);
}

export const xen: PcMonitor = {
  reserves: 0,
  loadsGuests: true,
  start: (pc, { program }) => {
    if (program.kind !== 'kernel')
      return 'Xen starts kernels that were written for it: give it one with --kernel, not a disk or bare bytes';
    if (!pc.cpu.apic) return 'Xen needs a local APIC for its timer: take --cpu pentium3 or a newer one';
    return begin(pc, program);
  },
};
