/** The beginning and the end of a domain: what it is given, and that all of it comes back. */
import { DomainBuilder, type XenKernel } from './domain-builder.ts';
import type { Domain, EventPort } from './domain.ts';
import { bind } from './events.ts';
import { DIRECTORY, WRITABLE, XEN } from './frames.ts';
import type { Xen } from './hypervisor.ts';
import { SHARED_INFO, SIF_INITDOMAIN, SIF_PRIVILEGED } from './interface.ts';
import { LDT_PAGES, PAGE } from './layout.ts';
import { introduce, remove } from './store/devices.ts';
import { unmapLocalTable } from './hypercalls/segments.ts';

/** What a domain is made from. */
export interface DomainPlan {
  readonly name: string;
  readonly kernel: XenKernel;
  readonly module: Uint8Array | null;
  readonly commandLine: string;
  /** Frames; Infinity: all that are left but a few. */
  readonly pages: number;
  readonly weight?: number;
  readonly cap?: number;
  readonly privileged?: boolean;
  /** A device or partition of domain 0 that is its disk, such as `hda2`. */
  readonly disk?: string;
  /** IPv4 address of its network interface, by way of domain 0's bridge, which lets it send from no other. */
  readonly address?: string;
  readonly ioports?: readonly (readonly [number, number])[];
}

/** Frames that a domain costs beside its memory. */
const OWN_FRAMES = 3;
const SPARE_FRAMES = 64;
const DEFAULT_WEIGHT = 256;
/** A guest's timer ticks by itself a hundred times a second while it runs. */
const TICK_NANOSECONDS = 10_000_000;

const emptyDomain = (id: number, plan: DomainPlan, pages: number): Domain => ({
  id,
  name: plan.name,
  state: 'running',
  reason: '',
  privileged: plan.privileged ?? false,
  iopl: 0,
  ioports: plan.ioports ?? [],
  weight: plan.weight ?? DEFAULT_WEIGHT,
  cap: plan.cap ?? 0,
  credit: 0,
  virtualTime: 0,
  slept: true,
  ran: 0,
  pages,
  maxPages: pages,
  sharedInfo: -1,
  descriptorTable: -1,
  xenDescriptors: -1,
  cr3: -1,
  context: { registers: new Int32Array(8), eip: 0, flags: 0, level: 1, selectors: [], float: null },
  kernelStack: { selector: 0, pointer: 0 },
  traps: new Array<null>(256).fill(null),
  gdtFrames: [],
  gdtEntries: 0,
  ldtBase: 0,
  ldtEntries: 0,
  eventCallback: { cs: 0, eip: 0 },
  failsafeCallback: { cs: 0, eip: 0 },
  taskSwitched: false,
  assists: 0,
  ports: [],
  deadline: Infinity,
  period: TICK_NANOSECONDS,
  nextTick: 0,
  grantFrames: [],
  consolePage: -1,
  consolePort: 0,
  storePage: -1,
  storePort: 0,
});

/** Destroyed domains of which the reports still tell. */
const REMEMBERED = 16;

/** Forgets the oldest of those that are long gone. */
function forgetOldest({ state }: Xen): void {
  const gone = state.domains.filter((domain) => domain.state === 'destroyed');
  if (gone.length <= REMEMBERED) return;
  const running = state.domains[state.running];
  state.domains = state.domains.filter((domain) => domain !== gone[0]);
  state.running = running ? state.domains.indexOf(running) : -1;
}

/** A domain ready to run; a string says why there is none, and then nothing of it is left. */
export function createDomain(xen: Xen, plan: DomainPlan): Domain | string {
  const { frames, state } = xen;
  const left = frames.state.free.length - OWN_FRAMES;
  const pages = Math.min(plan.pages, Math.max(0, left - SPARE_FRAMES));
  if (plan.pages !== Infinity && plan.pages > left)
    return `domain ${plan.name} wants ${plan.pages * 4} K, ${Math.max(0, left) * 4} K are free: give more --ram`;
  if (plan.privileged && state.domains.length > 0)
    return `the privileged domain ${plan.name} is not the first one`;
  const id = plan.privileged ? 0 : state.domains.reduce((most, domain) => Math.max(most, domain.id), 0) + 1;
  forgetOldest(xen);
  const domain = emptyDomain(id, plan, plan.pages === Infinity ? pages : plan.pages);
  state.domains.push(domain);
  domain.descriptorTable = frames.allocate(XEN);
  domain.xenDescriptors = frames.allocate(XEN);
  domain.sharedInfo = frames.allocate(id);
  // Shared memory stays writable, whatever the guest does with it.
  frames.state.type[domain.sharedInfo] = WRITABLE;
  frames.state.uses[domain.sharedInfo] = 1;
  xen.machine.buildDescriptors(domain.descriptorTable, domain.xenDescriptors);
  const list = Array.from({ length: domain.pages }, () => frames.allocate(id));
  domain.storePort = bind(domain, { kind: 'service', service: 'store' });
  domain.consolePort = bind(domain, { kind: 'service', service: 'console' });
  const { kernel, module, commandLine } = plan;
  const flags = domain.privileged ? SIF_PRIVILEGED | SIF_INITDOMAIN : 0;
  const problem = new DomainBuilder(xen.system, frames).build(
    domain,
    { kernel, module, commandLine, flags },
    list,
  );
  if (problem === null && publish(xen, domain)) {
    const { name, disk = null, address = null } = plan;
    introduce(xen.store, { id, name, pages: domain.pages, disk, address });
    return domain;
  }
  const reason = problem ?? `its page tables are refused: ${state.refusals.at(-1)?.detail ?? ''}`;
  if (problem !== null) domain.cr3 = -1;
  destroyDomain(xen, domain);
  state.domains.pop();
  return reason;
}

/** The first page tables are checked as any others; wall clock and time are written. */
function publish(xen: Xen, domain: Domain): boolean {
  const { frames, system, time, state } = xen;
  const directory = domain.cr3;
  domain.cr3 = -1;
  if (!xen.tables.pin(domain.id, directory, DIRECTORY)) return false;
  if (!xen.tables.get(domain.id, directory, DIRECTORY)) return false;
  domain.cr3 = directory;
  // The services of the host's side hold on to their pages.
  frames.get(domain.id, domain.consolePage);
  frames.get(domain.id, domain.storePage);
  const base = domain.sharedInfo * PAGE;
  const { version, seconds, nanoseconds } = SHARED_INFO.wallClock;
  system.storePhysical(base + version, 2);
  system.storePhysical(base + seconds, state.wallClock);
  system.storePhysical(base + nanoseconds, 0);
  time.publish(domain);
  return true;
}

/** Takes everything back: references first, then the frames themselves. */
export function destroyDomain(xen: Xen, domain: Domain): void {
  const { frames, tables, state } = xen;
  const { id } = domain;
  // Another domain may run on its tables' translations, and idling may use them.
  if (xen.state.running < 0) xen.useIdleDirectory();
  for (const other of state.domains)
    other.ports.forEach((port, k) => {
      if ('remote' in port && port.remote === id) other.ports[k] = { kind: 'unbound', remote: id };
    });
  for (const port of domain.ports)
    if ((port as EventPort | undefined)?.kind === 'pirq')
      xen.machine.forbidLine((port as { line: number }).line);
  xen.grants.leave(id);
  remove(xen.store, id);
  domain.ports = new Array<never>(0);
  if (domain.cr3 >= 0) {
    tables.put(domain.cr3);
    frames.put(domain.consolePage);
    frames.put(domain.storePage);
  }
  domain.cr3 = -1;
  for (const frame of domain.gdtFrames) tables.put(frame);
  domain.gdtFrames = [];
  for (let page = 0; page < LDT_PAGES; page++) unmapLocalTable(xen, domain, page);
  for (let frame = 0; frame < frames.count; frame++)
    if (frames.owns(id, frame) && frames.state.pinned[frame] === 1) tables.unpin(id, frame);
  for (const frame of domain.grantFrames) {
    frames.putWritable(frame);
    frames.put(frame);
  }
  domain.grantFrames = [];
  if (domain.sharedInfo >= 0) {
    frames.putWritable(domain.sharedInfo);
    frames.put(domain.sharedInfo);
  }
  for (let frame = 0; frame < frames.count; frame++)
    if (frames.owns(id, frame) && frames.state.released[frame] === 0) {
      // What another domain still has mapped stays until it lets go.
      frames.state.released[frame] = 1;
      frames.put(frame);
    }
  for (const frame of [domain.descriptorTable, domain.xenDescriptors]) if (frame >= 0) frames.put(frame);
  domain.descriptorTable = domain.xenDescriptors = domain.sharedInfo = -1;
  domain.pages = 0;
  if (state.floatOwner === id) state.floatOwner = -1;
  domain.state = 'destroyed';
}
