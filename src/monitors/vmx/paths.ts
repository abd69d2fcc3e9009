/** What the hypervisor's own instructions cost, in processor cycles, beyond VM entries and exits themselves. */
import type { Cost } from '../../accounting/cost.ts';
import { account } from '../../accounting/vocabulary.ts';

export const EMULATION = account('monitor', 'emulation');
export const SHADOW = account('monitor', 'shadow');
export const DEVICES = account('host', 'input-output');
export const GUEST_ACCOUNTS = {
  kernel: account('guest-kernel', 'direct', 1),
  user: account('guest-user', 'direct', 1),
} as const;

/** Saving registers, reading the reason, choosing what to do. Estimate. */
export const HANDLE = 300;
/** Reading the guest's tables for one page, and finding where its shadow entry belongs. Estimate. */
export const FILL = 400;
/** Decoding and executing an instruction for the guest. Estimate. */
export const EMULATE = 800;
/**
 * To the device model in user space and back: an IN it answers takes 6856 cycles, one that the kernel answers 2435
 * (Linux commit b7ffc44d5b2e, kvm-unit-tests, 2017).
 */
export const USER_SPACE = 4400;
/** The device model's answer to one access of a string, instead of a bus cycle. */
export const VIRTUAL_PORT: Cost = { cycles: 60, source: 'a few dozen instructions', certainty: 'estimate' };
