/**
 * Hands an exception or an event to the guest's kernel: a frame on its stack as the processor would have laid it, but
 * with the virtual interrupt flag in EFLAGS and in the byte above CS, and its handler. Interface: xen-x86_32.h.
 */
import { CS, ESP, SS } from '../../machines/pc/registers.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Callback, Domain } from './domain.ts';
import { eventsMasked, maskEvents } from './events.ts';
import { HYPERVISOR_START } from './interface.ts';
import { BOUNCE, REFLECTION } from './paths.ts';
import { isCodeFor, isStackFor } from './segments.ts';

export const FLAG_IF = 0x200;
const CLEARED = 0x34100; // TF, NT, RF, VM
const KERNEL_LEVEL = 1;

/** Why the guest cannot take it, or ''. `error`: −1 for none. */
export function bounce(
  system: SystemPc,
  domain: Domain,
  handler: Callback,
  error: number,
  masks: boolean,
): string {
  system.work(REFLECTION, BOUNCE);
  const { registers } = system;
  const masked = eventsMasked(system, domain);
  const fromUser = system.level === 3;
  const flags = (system.flags & ~FLAG_IF) | (masked ? 0 : FLAG_IF);
  const frame = [flags, system.selector(CS) | (masked ? 0x10000 : 0), system.eip];
  if (fromUser) frame.unshift(system.selector(SS), registers[ESP]!);
  if (error >= 0) frame.push(error);
  if (!isCodeFor(system, domain, handler.cs, KERNEL_LEVEL))
    return `the handler's segment ${handler.cs.toString(16)} is no code of level 1`;
  if (fromUser) {
    const { selector, pointer } = domain.kernelStack;
    if (!isStackFor(system, domain, selector, KERNEL_LEVEL))
      return `the kernel's stack segment ${selector.toString(16)} is no writable data of level 1`;
    system.returnTo(SS, selector, KERNEL_LEVEL);
    registers[ESP] = pointer;
  }
  const base = system.base(SS);
  const top = (registers[ESP]! - 4 * frame.length) | 0;
  const linear = (base + top) >>> 0;
  if (linear + 4 * frame.length > HYPERVISOR_START) return "the kernel's stack lies in Xen's part";
  const fault = system.attempt(() => {
    frame.forEach((word, k) => {
      system.store((linear + 4 * (frame.length - 1 - k)) | 0, 4, word);
    });
  });
  if (fault) return `the kernel's stack at ${linear.toString(16).padStart(8, '0')} cannot be written`;
  registers[ESP] = top;
  system.returnTo(CS, handler.cs, KERNEL_LEVEL);
  system.eip = handler.eip;
  system.flags = (system.flags & ~CLEARED) | FLAG_IF;
  if (masks) maskEvents(system, domain, true);
  return '';
}
