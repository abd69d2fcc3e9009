/** External interrupts of a guest: what is done about them before it goes on. */
import { PIN, PRIMARY } from '../../machines/pc/vmx/controls.ts';
import type { Handling } from './handling.ts';
import type { Nested } from './nested.ts';

/**
 * An interrupt that waits is injected, or the moment at which it can be is waited for. Meanwhile it does not exit, or
 * the guest would never execute anything.
 * @param whose the guest's own, by an interrupt controller of its own that needs no help (`exitless`); those of a
 * machine that it has for itself; or those of a virtual machine, while the machine's are the host's
 */
export function admitInterrupts(
  { system, guest, emulator }: Handling,
  nested: Nested | null,
  whose: 'exitless' | 'machine' | 'virtual',
): void {
  const { virtual } = emulator;
  const exitless = whose === 'exitless';
  const { blocked } = guest;
  if (nested?.wantsInterrupts && !blocked && system.interruptPending) nested.interrupt(nested.inner!);
  const on = guest.interruptsOn;
  const open = on && !guest.blocked;
  const { injecting } = guest;
  // An interrupt that makes the guest's guest exit is not injected; nor where its hypervisor hears of the window first.
  const mine = !nested?.wantsInterrupts;
  let waits = mine && !exitless && virtual.interruptWaits();
  if (waits && open && !injecting && !nested?.wantsWindow) {
    guest.injectInterrupt(virtual.acknowledge());
    waits = virtual.interruptWaits();
  }
  // A halt with interrupts off is for ever, and waits for none.
  const deaf = mine && guest.halted && !on;
  const pin = guest.get('PIN_CONTROLS') & ~PIN.EXTERNAL_INTERRUPT_EXITING;
  const primary = guest.get('PRIMARY_CONTROLS') & ~PRIMARY.INTERRUPT_WINDOW_EXITING;
  const holds = whose === 'machine' && (waits || deaf);
  guest.set('PIN_CONTROLS', holds || exitless ? pin : pin | PIN.EXTERNAL_INTERRUPT_EXITING);
  const window = waits || nested?.wantsWindow;
  guest.set('PRIMARY_CONTROLS', window ? primary | PRIMARY.INTERRUPT_WINDOW_EXITING : primary);
}
