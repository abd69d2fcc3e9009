/** Xen under a PC's guest: the kernel of the command line becomes a domain; others come from a list of domains. */
import type { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import type { Domain } from '../../../monitors/xen/domain.ts';
import { Xen, type XenObserver } from '../../../monitors/xen/hypervisor.ts';
import { disksIn, interfacesIn } from '../../../monitors/xen/store/devices.ts';
import type { SchedulerName } from '../../../monitors/xen/schedulers.ts';
import type { XenState } from '../../../monitors/xen/state.ts';
import { FRAME_USES } from '../../../protocol/frame.ts';
import type { DomainConfiguration, PcProgram } from '../configuration.ts';
import type { DomainReport, PcMonitor, RunningMonitor, Tell } from './contract.ts';
import { readXenKernel } from './xen-kernel.ts';

const PAGE = 4096;

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
  retyped: (frame, type) => {
    tell('retype', { page: frame * PAGE, name: FRAME_USES[type] });
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

const domainsOf = (xen: Xen): readonly DomainReport[] =>
  xen.state.domains.map(({ id, name, state, reason, pages, weight, ran }) => ({
    id,
    name,
    state,
    reason,
    pages,
    weight,
    cycles: ran,
  }));

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
  domains: () => domainsOf(xen),
  hypervisor: () => ({
    domains: domainsOf(xen),
    calls: Object.entries(xen.state.calls).map(([name, count]) => ({ name, count })),
    refusals: xen.state.refusals.slice(),
    interfaces: interfacesIn(xen.store),
    disks: disksIn(xen.store),
    frameOwners: xen.state.frames.owner.slice(),
    frameTypes: xen.state.frames.type.slice(),
  }),
  save: () => xen.save(),
  restore: (state) => {
    xen.restore(state as XenState);
  },
});

/** What a program means to Xen: one domain that has all memory, or those of a list. A string: neither. */
function domainsIn(program: PcProgram): readonly DomainConfiguration[] | string {
  switch (program.kind) {
    case 'domains':
      return program.domains;
    case 'kernel': {
      const { file, name, append, ramdisk, modules } = program;
      return [{ name, kernel: file, append, ramdisk: ramdisk ?? modules[0]?.file ?? null }];
    }
    default:
      return 'Xen starts kernels that were written for it: give it one with --kernel, not a disk or bare bytes';
  }
}

/** Adds a domain; a string says what is wrong. */
function create(xen: Xen, asked: DomainConfiguration): Domain | string {
  const kernel = readXenKernel(asked.kernel);
  if (typeof kernel === 'string') return kernel;
  return xen.create({
    name: asked.name,
    kernel,
    module: asked.ramdisk,
    // As the tools do: a kernel learns its address from its command line, which may still say otherwise.
    commandLine: asked.address === undefined ? asked.append : `ip=${asked.address} ${asked.append}`,
    pages: asked.memory === undefined ? Infinity : asked.memory / PAGE,
    ...(asked.weight !== undefined && { weight: asked.weight }),
    ...(asked.cap !== undefined && { cap: asked.cap }),
    ...(asked.privileged && { privileged: true }),
    ...(asked.disk !== undefined && { disk: asked.disk }),
    ...(asked.address !== undefined && { address: asked.address }),
    ...(asked.ioports && { ioports: asked.ioports }),
  });
}

function begin(
  pc: Pc,
  domains: readonly DomainConfiguration[],
  scheduler: SchedulerName,
): RunningMonitor | string {
  const xen = new Xen(new NativePc(pc.cpu), pc.cpu.model.frequency, scheduler);
  xen.start();
  for (const domain of domains.filter(({ later }) => !later)) {
    const created = create(xen, domain);
    if (typeof created === 'string')
      return domains.length > 1 ? `domain ${domain.name}: ${created}` : created;
  }
  xen.build = (name) => {
    const asked = domains.find((domain) => domain.name === name && !domain.privileged);
    return asked ? create(xen, asked) : `there is no domain ${name} to be built`;
  };
  xen.run();
  return running(xen);
}

export const xen: PcMonitor = {
  reserves: 0,
  loadsGuests: 'always',
  start: (pc, { program }) => {
    const domains = domainsIn(program);
    if (typeof domains === 'string') return domains;
    if (!pc.cpu.apic) return 'Xen needs a local APIC for its timer: take --cpu pentium3 or a newer one';
    return begin(pc, domains, (program.kind === 'domains' ? program.scheduler : undefined) ?? 'credit');
  },
};
