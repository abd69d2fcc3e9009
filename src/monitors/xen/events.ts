/**
 * Event channels: what interrupts are on a machine. A port has a bit in the domain's shared memory, and a virtual
 * interrupt flag there that CLI and STI of the guest are one store into. Interface: event_channel.h.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Domain, EventPort } from './domain.ts';
import { EVENT_PORTS, SHARED_INFO } from './interface.ts';
import { PAGE } from './layout.ts';
import { EVENT, SCHEDULING } from './paths.ts';

export const FREE_PORT: EventPort = { kind: 'free' };
const at = (domain: Domain, offset: number): number => domain.sharedInfo * PAGE + offset;
const UPCALL_PENDING = 0xff;
const UPCALL_MASK = 0xff00;

const flagsOf = (system: SystemPc, domain: Domain): number => system.loadPhysical(at(domain, 0));

export const upcallWaits = (system: SystemPc, domain: Domain): boolean =>
  (flagsOf(system, domain) & UPCALL_PENDING) !== 0;
export const eventsMasked = (system: SystemPc, domain: Domain): boolean =>
  (flagsOf(system, domain) & UPCALL_MASK) !== 0;
export function maskEvents(system: SystemPc, domain: Domain, masked: boolean): void {
  const word = flagsOf(system, domain) & ~UPCALL_MASK;
  system.storePhysical(at(domain, 0), masked ? word | 0x100 : word);
}

/** Sets a bit of a word in shared memory; whether it was 0. */
function raise(system: SystemPc, address: number, bit: number): boolean {
  const word = system.loadPhysical(address);
  if ((word & (1 << bit)) !== 0) return false;
  system.storePhysical(address, word | (1 << bit));
  return true;
}

/** Marks a port pending. The domain wakes if it waits for that. */
export function notify(system: SystemPc, domain: Domain, port: number): void {
  if (domain.state === 'destroyed' || domain.state === 'crashed' || domain.state === 'shutdown') return;
  system.work(SCHEDULING, EVENT);
  const word = port >>> 5;
  if (!raise(system, at(domain, SHARED_INFO.pending + 4 * word), port & 31)) return;
  announce(system, domain, port);
}

/** Lets the domain know of a pending port that it does not mask. */
function announce(system: SystemPc, domain: Domain, port: number): void {
  const word = port >>> 5;
  const masked = system.loadPhysical(at(domain, SHARED_INFO.mask + 4 * word)) & (1 << (port & 31));
  if (masked !== 0 || !raise(system, at(domain, SHARED_INFO.pendingSelector), word)) return;
  system.storePhysical(at(domain, 0), (flagsOf(system, domain) & ~UPCALL_PENDING) | 1);
  if (domain.state === 'blocked') domain.state = 'running';
}

/** EVTCHNOP_unmask: an event that came meanwhile is announced now. */
export function unmask(system: SystemPc, domain: Domain, port: number): void {
  const address = at(domain, SHARED_INFO.mask + 4 * (port >>> 5));
  system.storePhysical(address, system.loadPhysical(address) & ~(1 << (port & 31)));
  const pending = system.loadPhysical(at(domain, SHARED_INFO.pending + 4 * (port >>> 5)));
  if ((pending & (1 << (port & 31))) !== 0) announce(system, domain, port);
}

/** Binds a free port; −1: there is none. Port 0 is nobody's. */
export function bind(domain: Domain, binding: EventPort): number {
  for (let port = 1; port < EVENT_PORTS; port++) {
    if ((domain.ports[port] ?? FREE_PORT).kind !== 'free') continue;
    domain.ports[port] = binding;
    return port;
  }
  return -1;
}

export const portOf = (domain: Domain, port: number): EventPort =>
  port > 0 && port < EVENT_PORTS ? (domain.ports[port] ?? FREE_PORT) : FREE_PORT;

/** A virtual interrupt, where the domain has bound it. */
export function raiseVirq(system: SystemPc, domain: Domain, virq: number): void {
  const port = domain.ports.findIndex(
    (p) => (p as EventPort | undefined)?.kind === 'virq' && (p as { virq: number }).virq === virq,
  );
  if (port > 0) notify(system, domain, port);
}

/** Who has bound an interrupt line of the machine, and to which port. */
export function ownerOfLine(
  domains: readonly Domain[],
  line: number,
): { readonly domain: Domain; readonly port: number } | null {
  for (const domain of domains) {
    const port = domain.ports.findIndex(
      (p) => (p as EventPort | undefined)?.kind === 'pirq' && (p as { line: number }).line === line,
    );
    if (port > 0) return { domain, port };
  }
  return null;
}
