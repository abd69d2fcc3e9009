/** Exceptions, interrupts and windows of a guest: what of them exits. SDM vol. 3C, sections 25.2 and 25.5, 27.2.2. */
import type { Cpu } from '../cpu.ts';
import { NMI, PF } from '../exceptions.ts';
import { EFLAGS } from '../registers.ts';
import { FLAG_IF } from '../eflags.ts';
import type { InterruptKind } from '../wiring.ts';
import { EXIT, PIN, PRIMARY } from './controls.ts';
import { exitBetween } from './exits.ts';
import { REASON } from './reasons.ts';
import { EVENT_ERROR, EVENT_TYPE, EVENT_VALID, type GuestMode, type Vectoring } from './unit.ts';

/** Whether an exception exits: its bit, turned round for page faults whose error code does not match. */
export function exceptionExits(guest: GuestMode, vector: number, error: number): boolean {
  const listed = ((guest.exceptions >>> vector) & 1) !== 0;
  if (vector !== PF) return listed;
  return (error & guest.faultMask) === guest.faultMatch ? listed : !listed;
}

/** An event in the format of the interruption-information fields. */
export function described(vector: number, kind: InterruptKind, error: number, length = 0): Vectoring {
  const type =
    kind === 'external'
      ? EVENT_TYPE.EXTERNAL
      : kind === 'software'
        ? EVENT_TYPE.SOFTWARE
        : EVENT_TYPE.HARDWARE;
  return {
    information: EVENT_VALID | (type << 8) | vector | (error >= 0 ? EVENT_ERROR : 0),
    error: Math.max(0, error),
    length,
  };
}

const interruptsOn = (cpu: Cpu): boolean => (cpu.words[EFLAGS]! & FLAG_IF) !== 0 && !cpu.shadow;

/** An interrupt window is asked for and open, or opens with the flags as they are. */
export const windowAsked = (guest: GuestMode | null): boolean =>
  guest !== null && (guest.primary & PRIMARY.INTERRUPT_WINDOW_EXITING) !== 0;

interface Interrupts {
  readonly pending: boolean;
  acknowledge(): number;
}

/** Between two instructions of a guest: exits for what is due, in the order of priority. True if it did. */
export function exitsBetween(cpu: Cpu, guest: GuestMode, interrupts: Interrupts): boolean {
  if (cpu.clock >= guest.deadline) {
    exitBetween(cpu, REASON.PREEMPTION_TIMER);
    return true;
  }
  if (windowAsked(guest) && interruptsOn(cpu)) {
    exitBetween(cpu, REASON.INTERRUPT_WINDOW);
    return true;
  }
  // IF does not hold an interrupt off that exits; STI and MOV SS do.
  if (!interrupts.pending || cpu.shadow || !externalExits(guest)) return false;
  const vector = (guest.exit & EXIT.ACKNOWLEDGE) !== 0 ? interrupts.acknowledge() : -1;
  const interruption = vector < 0 ? 0 : described(vector, 'external', -1).information;
  exitBetween(cpu, REASON.EXTERNAL_INTERRUPT, { interruption });
  return true;
}

export const externalExits = (guest: GuestMode | null): boolean =>
  guest !== null && (guest.pin & PIN.EXTERNAL_INTERRUPT_EXITING) !== 0;

/** A non-maskable interrupt of a guest whose host wants them: exits. */
export function nmiExits(cpu: Cpu, guest: GuestMode): boolean {
  if ((guest.pin & PIN.NMI_EXITING) === 0) return false;
  const interruption = EVENT_VALID | (EVENT_TYPE.NMI << 8) | NMI;
  exitBetween(cpu, REASON.EXCEPTION_OR_NMI, { interruption });
  return true;
}
