/** Delivers an exception or interrupt to the guest, as its own interrupt table asks. SDM vol. 3A, section 6.12. */
import { CS, ESP, SS } from '../../machines/pc/registers.ts';
import type { PcEvent, SystemPc } from '../../machines/pc/system.ts';
import { REFLECT, REFLECTION } from './paths.ts';
import type { VirtualPc } from './state.ts';

export const FLAG_IF = 0x200;
const CLEARED = 0x14100; // TF, NT, RF
const GENERAL_PROTECTION = 13;
const INTERRUPT_GATE = 14;
const TRAP_GATE = 15;
const KERNEL_LEVEL = 1;

/** Level that the guest believes to run at. */
export const guestLevel = (system: SystemPc): number => (system.level === 3 ? 3 : 0);

/** Hands `event` to the guest; what stands in its way is the reason why it cannot go on, else ''. */
export function reflect(system: SystemPc, guest: VirtualPc, event: PcEvent): string {
  let failure = '';
  const fault = system.attempt(() => {
    failure = throughGate(system, guest, event);
  });
  system.work(REFLECTION, REFLECT);
  return fault
    ? `vector ${event.vector} could not be delivered: the guest's tables raise vector ${fault.vector}`
    : failure;
}

function throughGate(system: SystemPc, guest: VirtualPc, { vector, kind, error }: PcEvent): string {
  if (8 * vector + 7 > guest.idt.limit) return `the guest has no gate for vector ${vector}`;
  const at = (guest.idt.base + 8 * vector) | 0;
  const low = system.load(at, 4);
  const high = system.load((at + 4) | 0, 4);
  const type = (high >>> 8) & 0x1f;
  if ((high & 0x8000) === 0 || (type !== INTERRUPT_GATE && type !== TRAP_GATE))
    return `the guest's gate for vector ${vector} is none of 32 bits`;
  if (kind === 'software' && ((high >>> 13) & 3) < guestLevel(system))
    return throughGate(system, guest, {
      vector: GENERAL_PROTECTION,
      kind: 'exception',
      error: 8 * vector + 2,
    });
  pushFrame(system, guest, error);
  system.returnTo(CS, low >>> 16, KERNEL_LEVEL);
  system.eip = (high & 0xffff0000) | (low & 0xffff);
  system.flags = (system.flags & ~CLEARED) | FLAG_IF;
  if (type === INTERRUPT_GATE) guest.interruptFlag = false;
  return '';
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
