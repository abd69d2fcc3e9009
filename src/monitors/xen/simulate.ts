/** Privileged instructions that Xen simulates for a kernel at level 1, and CPUID behind Xen's prefix. SDM vol. 2. */
import { EAX, EBX, ECX, EDX } from '../../machines/pc/registers.ts';
import type { Decoded } from '../../machines/pc/instructions/row.ts';
import type { Domain } from './domain.ts';
import type { Xen } from './hypervisor.ts';
import { PAGE } from './layout.ts';
import { HYPERCALL, SIMULATE } from './paths.ts';
import { SHARED_INFO } from './interface.ts';

const TASK_SWITCHED = 8;
const KERNEL_LEVEL = 1;
/** UD2 and the letters "xen". */
const PREFIX = [0x0f, 0x0b, 0x78, 0x65, 0x6e];
/** Features that Xen keeps to itself: large and global pages, the APIC, SYSENTER, page attributes, PAE, MTRR. */
const HIDDEN_FEATURES =
  (1 << 3) | (1 << 13) | (1 << 9) | (1 << 11) | (1 << 16) | (1 << 6) | (1 << 12) | (1 << 17);

function controlRead(xen: Xen, domain: Domain, register: number): number {
  const { system } = xen;
  if (register === 0) return (system.cr0 & ~TASK_SWITCHED) | (domain.taskSwitched ? TASK_SWITCHED : 0);
  if (register === 2) return system.loadPhysical(domain.sharedInfo * PAGE + SHARED_INFO.cr2);
  return register === 3 ? domain.cr3 * PAGE : 0;
}

function setTaskSwitched(xen: Xen, domain: Domain, on: boolean): void {
  domain.taskSwitched = on;
  xen.setTaskSwitched(domain);
}

function moveControl(xen: Xen, domain: Domain, i: Decoded): boolean {
  const { registers } = xen.system;
  if (i.row.operands[0] !== 'Cd') {
    registers[i.rm] = controlRead(xen, domain, i.reg);
    return true;
  }
  // Of CR0 a guest may change TS alone; CR4 is Xen's, and writing what it holds anyway is no harm.
  if (i.reg === 0) setTaskSwitched(xen, domain, (registers[i.rm]! & TASK_SWITCHED) !== 0);
  return i.reg === 0 || i.reg === 4;
}

/** Whether the instruction at the kernel's EIP was simulated; if not, it is the guest's fault. */
export function simulate(xen: Xen, domain: Domain): boolean {
  const { system } = xen;
  const i = system.fetch();
  if (!i) return false;
  const next = (system.eip + i.length) | 0;
  system.work(HYPERCALL, SIMULATE);
  const done = perform(xen, domain, i, next);
  if (done && i.row.mnemonic !== 'INS' && i.row.mnemonic !== 'OUTS') system.eip = next;
  return done;
}

function perform(xen: Xen, domain: Domain, i: Decoded, next: number): boolean {
  switch (i.row.mnemonic) {
    case 'CLTS':
      setTaskSwitched(xen, domain, false);
      return true;
    case 'MOV':
      return i.row.operands.includes('Cd') && moveControl(xen, domain, i);
    case 'WBINVD':
    case 'INVD':
      return true;
    case 'HLT':
      xen.maskEventsOf(domain, false);
      domain.state = 'blocked';
      return true;
    case 'IN':
    case 'OUT':
    case 'INS':
    case 'OUTS':
      return port(xen, domain, i, next);
    default:
      return false;
  }
}

const within = (number: number, ranges: readonly (readonly [number, number])[]): boolean =>
  ranges.some(([first, last]) => number >= first && number <= last);
/** What Xen drives itself, from its interrupt controllers to its console. */
const XENS_PORTS = [
  [0x20, 0x21],
  [0xa0, 0xa1],
  [0x3f8, 0x3ff],
] as const;
const mayUse = ({ privileged, iopl, ioports }: Domain, number: number): boolean =>
  within(number, ioports) || (privileged && iopl >= KERNEL_LEVEL && !within(number, XENS_PORTS));

/** A port that the domain was given. */
function port(xen: Xen, domain: Domain, i: Decoded, next: number): boolean {
  const { system } = xen;
  const number = i.row.operands.includes('Ib') ? i.immediate & 0xff : system.registers[EDX]! & 0xffff;
  if (!mayUse(domain, number))
    return xen.refuse('port', `port ${number.toString(16)} was not given to domain ${domain.id}`);
  const { eip } = system;
  system.eip = next;
  const fault = system.attempt(() => {
    system.execute(i);
  });
  if (!fault) return true;
  system.eip = eip;
  return false;
}

/** UD2, "xen", CPUID: answers for a guest of Xen; whether that is what stands there. */
export function simulatePrefixed(xen: Xen): boolean {
  const { system } = xen;
  const { registers } = system;
  const at = system.eip;
  let found = true;
  const fault = system.attempt(() => {
    found = [...PREFIX, 0x0f, 0xa2].every((byte, k) => system.load((at + k) | 0, 1) === byte);
  });
  if (fault || !found) return false;
  const leaf = registers[EAX]!;
  system.eip = (at + PREFIX.length) | 0;
  const i = system.fetch();
  if (!i) return false;
  system.execute(i);
  if (leaf === 1) registers[EDX] = registers[EDX]! & ~HIDDEN_FEATURES;
  if (leaf === 1) registers[ECX] = 0;
  if (leaf === 0x40000000) {
    // "XenVMMXenVMM"
    registers[EAX] = 0x40000002;
    [registers[EBX], registers[ECX], registers[EDX]] = [0x566e6558, 0x65584d4d, 0x4d4d566e];
  }
  system.eip = (at + PREFIX.length + 2) | 0;
  return true;
}
