/** event_channel_op: ports between domains, virtual interrupts, and the machine's own. Interface: event_channel.h. */
import type { Domain, EventPort } from '../domain.ts';
import { bind, FREE_PORT, notify, ownerOfLine, portOf, unmask } from '../events.ts';
import { half, readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import {
  DOMID_SELF,
  EFAULT,
  EINVAL,
  ENOSPC,
  ENOSYS,
  EPERM,
  ESRCH,
  EVENT_PORTS,
  VIRQS,
} from '../interface.ts';
import { LINES } from './physical.ts';
import type { Hypercall } from './table.ts';

const idOf = (domain: Domain, id: number): number => (id === DOMID_SELF ? domain.id : id);

function bindTo(xen: Xen, domain: Domain, binding: EventPort, answerAt: number): number {
  const port = bind(domain, binding);
  if (port < 0) return ENOSPC;
  if (writeWords(xen.system, answerAt, [port])) return 0;
  domain.ports[port] = FREE_PORT;
  return EFAULT;
}

type Operation = (xen: Xen, domain: Domain, at: number, words: readonly number[]) => number;

const allocUnbound: Operation = (xen, domain, at, [ids = 0]) => {
  const owner = idOf(domain, half(ids)) === domain.id ? domain : xen.domain(half(ids));
  if (owner !== domain && !domain.privileged) {
    xen.refuse('foreign-domain', `domain ${domain.id} may not make ports of domain ${half(ids)}`);
    return EPERM;
  }
  if (!owner) return ESRCH;
  return bindTo(xen, owner, { kind: 'unbound', remote: idOf(domain, half(ids, true)) }, (at + 4) | 0);
};

const bindInterdomain: Operation = (xen, domain, at, [id = 0, remotePort = 0]) => {
  const remote = xen.domain(idOf(domain, half(id)));
  if (!remote) return ESRCH;
  const other = portOf(remote, remotePort);
  if (other.kind !== 'unbound' || other.remote !== domain.id) {
    xen.refuse(
      'event-port',
      `port ${remotePort} of domain ${remote.id} does not wait for domain ${domain.id}`,
    );
    return EINVAL;
  }
  const answer = bindTo(
    xen,
    domain,
    { kind: 'interdomain', remote: remote.id, port: remotePort },
    (at + 8) | 0,
  );
  if (answer !== 0) return answer;
  const port = domain.ports.findLastIndex(
    (p) =>
      (p as EventPort | undefined)?.kind === 'interdomain' && (p as { port: number }).port === remotePort,
  );
  remote.ports[remotePort] = { kind: 'interdomain', remote: domain.id, port };
  notify(xen.system, domain, port);
  return 0;
};

const bindVirq: Operation = (xen, domain, at, [virq = 0, vcpu = 0]) => {
  if (virq >= VIRQS || vcpu !== 0) return EINVAL;
  const taken = domain.ports.some(
    (p) => (p as EventPort | undefined)?.kind === 'virq' && (p as { virq: number }).virq === virq,
  );
  return taken ? EINVAL : bindTo(xen, domain, { kind: 'virq', virq }, (at + 8) | 0);
};

/** A line of the interrupt controllers, for the domain that drives the machine's devices. Xen's own serial line is not. */
const bindPirq: Operation = (xen, domain, at, [line = 0]) => {
  if (!domain.privileged) {
    xen.refuse('privilege', `domain ${domain.id} gets none of the machine's interrupts`);
    return EPERM;
  }
  if (line >= LINES || xen.usesLine(line) || ownerOfLine(xen.state.domains, line)) return EINVAL;
  const result = bindTo(xen, domain, { kind: 'pirq', line }, (at + 8) | 0);
  if (result === 0) xen.machine.allowLine(line);
  return result;
};

function closePort(xen: Xen, domain: Domain, port: number): number {
  const binding = portOf(domain, port);
  if (binding.kind === 'free') return EINVAL;
  if (binding.kind === 'interdomain') {
    const remote = xen.domain(binding.remote);
    if (remote) remote.ports[binding.port] = { kind: 'unbound', remote: domain.id };
  }
  if (binding.kind === 'pirq') xen.machine.forbidLine(binding.line);
  domain.ports[port] = FREE_PORT;
  return 0;
}

const send: Operation = (xen, domain, _at, [port = 0]) => {
  const binding = portOf(domain, port);
  switch (binding.kind) {
    case 'interdomain': {
      const remote = xen.domain(binding.remote);
      if (remote) notify(xen.system, remote, binding.port);
      return 0;
    }
    case 'service':
      xen.serve(domain, binding.service);
      return 0;
    case 'ipi':
      notify(xen.system, domain, port);
      return 0;
    case 'unbound':
      return 0;
    default:
      xen.refuse('event-port', `port ${port} of domain ${domain.id} leads to nobody`);
      return EINVAL;
  }
};

const STATUS: Readonly<Record<EventPort['kind'], number>> = {
  free: 0,
  unbound: 1,
  interdomain: 2,
  service: 2,
  pirq: 3,
  virq: 4,
  ipi: 5,
};

const status: Operation = (xen, domain, at, [id = 0, port = 0]) => {
  if (idOf(domain, half(id)) !== domain.id && !domain.privileged) return EPERM;
  if (port >= EVENT_PORTS) return EINVAL;
  const binding = portOf(domain, port);
  const detail =
    binding.kind === 'interdomain'
      ? [binding.remote, binding.port]
      : [
          binding.kind === 'virq'
            ? binding.virq
            : binding.kind === 'pirq'
              ? binding.line
              : binding.kind === 'unbound'
                ? binding.remote
                : 0,
          0,
        ];
  return writeWords(xen.system, (at + 8) | 0, [STATUS[binding.kind], 0, ...detail]) ? 0 : EFAULT;
};

const unmaskPort: Operation = ({ system }, domain, _at, [port = 0]) => {
  if (portOf(domain, port).kind === 'free') return EINVAL;
  unmask(system, domain, port);
  return 0;
};

/** Words that each operation reads, and what it does. */
const OPERATIONS: Readonly<Record<number, readonly [words: number, operation: Operation]>> = {
  0: [2, bindInterdomain],
  1: [2, bindVirq],
  2: [2, bindPirq],
  3: [1, (xen, domain, _at, [port = 0]) => closePort(xen, domain, port)],
  4: [1, send],
  5: [2, status],
  6: [1, allocUnbound],
  7: [
    1,
    (xen, domain, at, [vcpu = 0]) =>
      vcpu === 0 ? bindTo(xen, domain, { kind: 'ipi' }, (at + 4) | 0) : EINVAL,
  ],
  8: [
    2,
    (_xen, domain, _at, [port = 0, vcpu = 0]) =>
      portOf(domain, port).kind !== 'free' && vcpu === 0 ? 0 : EINVAL,
  ],
  9: [1, unmaskPort],
};

function operate(xen: Xen, domain: Domain, command: number, at: number): number {
  const known = OPERATIONS[command];
  if (!known) return ENOSYS;
  const words = readWords(xen.system, at, known[0]);
  return words ? known[1](xen, domain, at, words) : EFAULT;
}

const eventChannelOp: Hypercall = (xen, domain, [command = 0, at = 0]) => operate(xen, domain, command, at);

/** The older form: the command stands before the structure. */
const eventChannelOpCompat: Hypercall = (xen, domain, [at = 0]) => {
  const command = readWords(xen.system, at, 1);
  return command ? operate(xen, domain, command[0]!, (at + 4) | 0) : EFAULT;
};

export const EVENT_CALLS: Readonly<Record<string, Hypercall>> = {
  event_channel_op: eventChannelOp,
  event_channel_op_compat: eventChannelOpCompat,
};
