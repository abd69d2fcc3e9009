/** Exceptions and their way to the guest's kernel: set_trap_table, set_callbacks, stack_switch, iret, fpu_taskswitch. */
import { CS, DS, ES, ESP, EAX, FS, GS, SS } from '../../../machines/pc/registers.ts';
import { FLAG_IF } from '../bounce.ts';
import type { Domain } from '../domain.ts';
import { half, readWords } from '../guest-memory.ts';
import type { Xen } from '../hypervisor.ts';
import { EFAULT, HYPERVISOR_START, SYSTEM_CALL_VECTOR } from '../interface.ts';
import { isCodeFor, isDataFor, isStackFor } from '../segments.ts';
import type { Hypercall } from './table.ts';

/** No selector of a guest names Xen's level. */
const outer = (selector: number): number =>
  (selector & 3) === 0 ? (selector & 0xffff) | 1 : selector & 0xffff;

const setTrapTable: Hypercall = (xen, domain, [list = 0]) => {
  if (list === 0) {
    domain.traps.fill(null);
    xen.setDirectWay(domain);
    return 0;
  }
  for (let k = 0; k < 256; k++) {
    const entry = readWords(xen.system, (list + 8 * k) | 0, 2);
    if (!entry) return EFAULT;
    const [head, address] = entry as [number, number];
    if (address === 0) break;
    domain.traps[head & 0xff] = {
      level: (head >>> 8) & 3,
      masksEvents: ((head >>> 8) & 4) !== 0,
      cs: outer(half(head, true)),
      address: address | 0,
    };
    if ((head & 0xff) === SYSTEM_CALL_VECTOR) xen.setDirectWay(domain);
  }
  return 0;
};

const setCallbacks: Hypercall = (_xen, domain, [eventCs = 0, event = 0, failCs = 0, fail = 0]) => {
  domain.eventCallback = { cs: outer(eventCs), eip: event };
  domain.failsafeCallback = { cs: outer(failCs), eip: fail };
  return 0;
};

const stackSwitch: Hypercall = (xen, domain, [selector = 0, pointer = 0]) => {
  domain.kernelStack = { selector: outer(selector), pointer };
  xen.machine.setKernelStack(domain.kernelStack.selector, pointer);
  return 0;
};

const fpuTaskSwitch: Hypercall = (xen, domain, [set = 0]) => {
  domain.taskSwitched = set !== 0;
  xen.setTaskSwitched(domain);
  return 0;
};

const CHANGEABLE = 0x00240dd5 | 0x100 | 0x4000; // status flags, DF, TF, NT, AC, ID

/** Back to where a frame on the kernel's stack says, with EAX from its top and events as EFLAGS.IF has them. */
const iret: Hypercall = (xen, domain) => {
  const { system } = xen;
  const { registers } = system;
  const top = (system.base(SS) + registers[ESP]!) | 0;
  const frame = readWords(system, top, 6);
  // The two words of an outer stack may lie beyond the end of this one.
  const short = frame ?? readWords(system, top, 4);
  if (!short) return wrong(xen, domain, 'its stack cannot be read');
  const [eax, eip, cs, flags] = short as [number, number, number, number];
  const level = cs & 3;
  if (level === 0 || !isCodeFor(system, domain, cs & 0xffff, level) || eip >= HYPERVISOR_START)
    return wrong(xen, domain, `CS ${cs.toString(16)} is no code of an outer level`);
  if (level > 1 && !frame) return wrong(xen, domain, 'its stack cannot be read');
  if (level > 1 && !isStackFor(system, domain, frame![5]! & 0xffff, level))
    return wrong(xen, domain, `SS ${frame![5]!.toString(16)} is no stack of level ${level}`);
  registers[EAX] = eax | 0;
  system.returnTo(CS, cs & 0xffff, level);
  system.eip = eip | 0;
  if (level > 1) {
    registers[ESP] = frame![4]! | 0;
    system.returnTo(SS, frame![5]! & 0xffff, level);
    dropInner(xen, domain, level);
  } else registers[ESP] = (registers[ESP]! + 16) | 0;
  system.flags = (system.flags & ~CHANGEABLE) | (flags & CHANGEABLE) | FLAG_IF;
  xen.maskEventsOf(domain, (flags & FLAG_IF) === 0);
  return null;
};

function wrong(xen: Xen, domain: Domain, why: string): null {
  xen.crash(domain, `HYPERVISOR_iret: ${why}`);
  return null;
}

/** Data segments that the outer level may not use become null, as by IRET. */
function dropInner({ system }: Xen, domain: Domain, level: number): void {
  for (const segment of [DS, ES, FS, GS] as const)
    if (!isDataFor(system, domain, system.selector(segment), level)) system.returnTo(segment, 0, 0);
}

export const TRAP_CALLS: Readonly<Record<string, Hypercall>> = {
  set_trap_table: setTrapTable,
  set_callbacks: setCallbacks,
  stack_switch: stackSwitch,
  fpu_taskswitch: fpuTaskSwitch,
  iret,
};
