/** physdev_op: what a domain needs that drives the machine's own devices. Interface: physdev.h. */
import type { Domain } from '../domain.ts';
import { ownerOfLine } from '../events.ts';
import { readWords, writeWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EFAULT, EINVAL, ENOSYS, EPERM } from '../interface.ts';
import type { Hypercall } from './table.ts';

/** XENIRQSTAT: the line stays masked until the domain says that it is done. */
const NEEDS_END = 1;
export const LINES = 16;

type Operation = (xen: Xen, domain: Domain, at: number, word: number) => number;

/** The device has been served: its line may interrupt again. */
const endOfInterrupt: Operation = (xen, domain, _at, line) => {
  if (ownerOfLine(xen.state.domains, line)?.domain !== domain) return EINVAL;
  xen.machine.allowLine(line);
  return 0;
};

const lineStatus: Operation = (xen, _domain, at, line) =>
  line >= LINES ? EINVAL : writeWords(xen.system, (at + 4) | 0, [NEEDS_END]) ? 0 : EFAULT;

const setLevel: Operation = (_xen, domain, _at, level) => {
  if (level > 3) return EINVAL;
  domain.iopl = level;
  return 0;
};

const OPERATIONS: Readonly<Record<number, Operation>> = {
  5: lineStatus,
  6: setLevel,
  // A map of single ports: a privileged domain has them all by its level, and programs are given none.
  7: () => 0,
  12: endOfInterrupt,
};

function operate(xen: Xen, domain: Domain, command: number, at: number): number {
  if (!domain.privileged) {
    xen.refuse('privilege', `domain ${domain.id} drives none of the machine's devices`);
    return EPERM;
  }
  const operation = OPERATIONS[command];
  if (!operation) return ENOSYS;
  const words = readWords(xen.system, at, 1);
  return words ? operation(xen, domain, at, words[0]!) : EFAULT;
}

const physdevOp: Hypercall = (xen, domain, [command = 0, at = 0]) => operate(xen, domain, command, at);

/** The older form: the command stands before the structure. */
const physdevOpCompat: Hypercall = (xen, domain, [at = 0]) => {
  const command = domain.privileged ? readWords(xen.system, at, 1) : [0];
  return command ? operate(xen, domain, command[0]!, (at + 4) | 0) : EFAULT;
};

export const PHYSICAL_CALLS: Readonly<Record<string, Hypercall>> = {
  physdev_op: physdevOp,
  physdev_op_compat: physdevOpCompat,
};
