/** Delivers an exception or interrupt to the guest, as its own interrupt table asks. SDM vol. 3A, section 6.12. */
import { DF, doubles, EXT, GP, IDT, NP, PF } from '../../machines/pc/exceptions.ts';
import { CS, ESP, SS } from '../../machines/pc/registers.ts';
import type { PcEvent, SystemPc } from '../../machines/pc/system.ts';
import { REFLECT, REFLECTION } from './paths.ts';
import type { Shadow } from './shadow.ts';
import type { VirtualPc } from './state.ts';

export const FLAG_IF = 0x200;
const CLEARED = 0x14100; // TF, NT, RF
const PRESENT = 0x8000;
/** In the upper word of a descriptor: a segment, executable. */
const CODE = 0x1800;
/** Requested level of a selector. */
const LEVEL = 3;
/** … which is of the local table. */
const LOCAL = 4;
const TASK_GATE = 5;
const INTERRUPT_GATE = 14;
const TRAP_GATE = 15;
/** Of 16 bits. */
const OLD_GATES: readonly number[] = [6, 7];
const KERNEL_LEVEL = 1;

/** Level that the guest believes to run at. */
export const guestLevel = (system: SystemPc): number => (system.level === 3 ? 3 : 0);

/** The way to the guest's handler ends here: by an exception of its own, or by what this monitor does not know. */
type Obstacle = PcEvent | string | null;

/**
 * Hands `event` to the guest, and what goes wrong on the way in its place; why the guest cannot go on, else ''. SDM
 * vol. 3A, table 6-5.
 */
export function reflect(system: SystemPc, guest: VirtualPc, shadow: Shadow, event: PcEvent): string {
  for (let current = event; ;) {
    const obstacle = deliver(system, guest, shadow, current);
    if (obstacle === null) return '';
    if (typeof obstacle === 'string') return obstacle;
    if (current.vector === DF && current.kind === 'exception')
      return `triple fault: vector ${obstacle.vector} while a double fault was delivered`;
    if (current.kind === 'software') system.eip = (system.eip - lengthOfInt(system, current.vector)) | 0;
    const doubled = current.kind === 'exception' && doubles(current.vector, obstacle.vector);
    current = doubled ? { vector: DF, kind: 'exception', error: 0 } : obstacle;
  }
}

/** A fault of INT n is one of the instruction: bytes that it has, CD n, or one of INT3 and INTO. */
const lengthOfInt = (system: SystemPc, vector: number): number =>
  system.load((system.base(CS) + system.eip - 1) | 0, 1) === vector ? 2 : 1;

/** One attempt, which leaves the guest where it was if something is in its way. */
function deliver(system: SystemPc, guest: VirtualPc, shadow: Shadow, event: PcEvent): Obstacle {
  const { registers, level } = system;
  const [code, stack, top] = [system.selector(CS), system.selector(SS), registers[ESP]!];
  for (;;) {
    let obstacle: Obstacle = null;
    const fault = system.attempt(() => {
      obstacle = throughGate(system, guest, event);
    });
    system.work(REFLECTION, REFLECT);
    if (!fault) return obstacle;
    registers[ESP] = top;
    if (system.selector(SS) !== stack) {
      system.returnTo(CS, code, level);
      system.returnTo(SS, stack, level);
    }
    if (fault.vector !== PF) return fault;
    // A copy that was out of date is the monitor's own affair.
    if (shadow.copyEntry(system.cr2)) continue;
    guest.cr2 = system.cr2;
    return fault;
  }
}

function throughGate(system: SystemPc, guest: VirtualPc, { vector, kind, error }: PcEvent): Obstacle {
  const raise = (exception: number, code: number): PcEvent => ({
    vector: exception,
    kind: 'exception',
    error: code | (kind === 'software' ? 0 : EXT),
  });
  const entry = (8 * vector) | IDT;
  if (8 * vector + 7 > guest.idt.limit) return raise(GP, entry);
  const at = (guest.idt.base + 8 * vector) | 0;
  const low = system.load(at, 4);
  const high = system.load((at + 4) | 0, 4);
  const type = (high >>> 8) & 0x1f;
  if (type === TASK_GATE || OLD_GATES.includes(type))
    return `the guest's gate for vector ${vector} leads to a task or is of 16 bits, which this monitor does not know`;
  if (type !== INTERRUPT_GATE && type !== TRAP_GATE) return raise(GP, entry);
  if (kind === 'software' && ((high >>> 13) & 3) < guestLevel(system)) return raise(GP, entry);
  if ((high & PRESENT) === 0) return raise(NP, entry);
  const selector = (low >>> 16) & ~LEVEL;
  if (selector === 0) return raise(GP, 0);
  // No guest has a local table in the processor.
  if ((selector & LOCAL) !== 0 || (selector | 7) > guest.gdt.limit) return raise(GP, selector);
  const rights = system.load((guest.gdt.base + selector + 4) | 0, 4);
  if ((rights & CODE) !== CODE) return raise(GP, selector);
  if ((rights & PRESENT) === 0) return raise(NP, selector);
  pushFrame(system, guest, error);
  system.returnTo(CS, selector, KERNEL_LEVEL);
  system.eip = (high & 0xffff0000) | (low & 0xffff);
  system.flags = (system.flags & ~CLEARED) | FLAG_IF;
  if (type === INTERRUPT_GATE) guest.interruptFlag = false;
  return null;
}

/** Old stack if the level changes, flags as the guest believes them, where it was, and the error code. */
function pushFrame(system: SystemPc, guest: VirtualPc, error: number): void {
  const { registers } = system;
  const flags = (system.flags & ~FLAG_IF) | (guest.interruptFlag ? FLAG_IF : 0);
  const old = [system.selector(SS), registers[ESP]!, flags, system.selector(CS), system.eip];
  let top = registers[ESP]!;
  if (system.level === 3) {
    const stack = system.load((guest.task.base + 8) | 0, 2);
    top = system.load((guest.task.base + 4) | 0, 4);
    system.returnTo(SS, stack, KERNEL_LEVEL);
  } else old.splice(0, 2);
  const base = system.base(SS);
  for (const value of error < 0 ? old : [...old, error]) {
    top = (top - 4) | 0;
    system.store((base + top) | 0, 4, value);
  }
  registers[ESP] = top;
}
