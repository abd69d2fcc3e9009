/** domctl: what the tools of domain 0 do with other domains. Interface: domctl.h of Xen 3.1. */
import type { Domain } from '../domain.ts';
import { readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EACCES, EFAULT, EINVAL, ENOSYS, EPERM, ESRCH, SHUTDOWN_REASONS } from '../interface.ts';
import type { Hypercall } from './table.ts';

const VERSION = 5;
const CREDIT = 5;
const TWO_32 = 0x1_0000_0000;
/** Where the words of a command begin. */
const UNION = 16;

/** XEN_DOMINF_*. */
const SHUT_DOWN = 4;
const PAUSED = 8;
const BLOCKED = 16;
const RUNNING = 32;
const CRASH = SHUTDOWN_REASONS.indexOf('crash');

function flagsOf({ state, reason }: Domain): number {
  switch (state) {
    case 'paused':
      return PAUSED;
    case 'blocked':
      return BLOCKED;
    case 'running':
      return RUNNING;
    case 'crashed':
      return SHUT_DOWN | (CRASH << 16);
    default:
      return (
        SHUT_DOWN |
        (Math.max(
          0,
          SHUTDOWN_REASONS.findIndex((name) => name === reason),
        ) <<
          16)
      );
  }
}

const pair = (value: number): readonly [number, number] => [value % TWO_32, Math.floor(value / TWO_32)];

/** XEN_DOMCTL_getdomaininfo: of the first domain whose number is not less than the one asked for. */
function information(xen: Xen, from: number, at: number): number {
  const domain = xen.state.domains
    .filter(({ id, state }) => id >= from && state !== 'destroyed')
    .reduce<Domain | null>((least, each) => (!least || each.id < least.id ? each : least), null);
  if (!domain) return ESRCH;
  const time = Math.floor((domain.ran * 1e9) / xen.time.frequency);
  const words = [
    ...[domain.id, flagsOf(domain), ...pair(domain.pages), ...pair(domain.maxPages)],
    ...[...pair(domain.sharedInfo), ...pair(time), 1, 0, 0, 0, 0, 0, 0],
  ];
  return writeWords(xen.system, (at + UNION) | 0, words) ? 0 : EFAULT;
}

function pause(_xen: Xen, domain: Domain): number {
  if (domain.state !== 'running' && domain.state !== 'blocked') return EINVAL;
  domain.state = 'paused';
  return 0;
}

/** It looks for itself whether what it waited for has come. */
function unpause(xen: Xen, domain: Domain): number {
  if (domain.state !== 'paused') return EINVAL;
  domain.state = 'running';
  xen.state.sliceEnd = 0;
  return 0;
}

function destroy(xen: Xen, domain: Domain): number {
  xen.destroy(domain);
  return 0;
}

/** XEN_DOMCTL_scheduler_op, for the credit scheduler: tells weight and cap, or sets them. */
function share(xen: Xen, domain: Domain, at: number): number {
  const words = readWords(xen.system, (at + UNION) | 0, 3);
  if (!words) return EFAULT;
  const [scheduler, tell, both] = words as [number, number, number];
  if (scheduler !== CREDIT) return EINVAL;
  if (tell === 1)
    return writeWords(xen.system, (at + UNION + 8) | 0, [domain.weight | (domain.cap << 16)]) ? 0 : EFAULT;
  const [weight, cap] = [both & 0xffff, both >>> 16];
  if (weight === 0 || cap > 100) return EINVAL;
  domain.weight = weight;
  domain.cap = cap;
  return 0;
}

/** By command: what is done with a domain other than the one that asks. */
const OTHERS: Readonly<Record<number, (xen: Xen, domain: Domain) => number>> = {
  2: destroy,
  3: pause,
  4: unpause,
};
const INFORMATION = 5;
const SHARE = 16;

const domctl: Hypercall = (xen, domain, [at = 0]) => {
  if (!domain.privileged) {
    xen.refuse('privilege', `domain ${domain.id} does not control domains`);
    return EPERM;
  }
  const words = readWords(xen.system, at, 3);
  if (!words) return EFAULT;
  const [command, version, id] = words as [number, number, number];
  if (version !== VERSION) return EACCES;
  if (command === INFORMATION) return information(xen, id & 0xffff, at);
  const meant = xen.domain(id & 0xffff);
  if (!meant) return ESRCH;
  if (command === SHARE) return share(xen, meant, at);
  const act = OTHERS[command];
  if (!act) return ENOSYS;
  return meant === domain ? EINVAL : act(xen, meant);
};

export const CONTROL_CALLS: Readonly<Record<string, Hypercall>> = { domctl };
