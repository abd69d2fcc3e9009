/** What the hypervisor's own instructions cost, in processor cycles, beyond VM entries and exits themselves. */
import type { Cost } from '../../accounting/cost.ts';
import { account, type Account } from '../../accounting/vocabulary.ts';

/** Where the hypervisor's cycles go, and those of what runs above it; `level`: hypervisors beneath it. */
export interface MonitorAccounts {
  readonly level: number;
  readonly emulation: Account;
  readonly shadow: Account;
  readonly devices: Account;
  /** Its guest, and a guest of that one's. */
  readonly guests: readonly [GuestAccounts, GuestAccounts];
  /** Its own instructions, where they are executed one by one. */
  readonly own: GuestAccounts;
}
interface GuestAccounts {
  readonly kernel: Account;
  readonly user: Account;
}

const guestAt = (level: number): GuestAccounts => ({
  kernel: account('guest-kernel', 'direct', level),
  user: account('guest-user', 'direct', level),
});

export function accountsAt(level: number): MonitorAccounts {
  const emulation = account('monitor', 'emulation', level);
  return {
    level,
    emulation,
    shadow: account('monitor', 'shadow', level),
    devices: account('host', 'input-output', level),
    guests: [guestAt(level + 1), guestAt(level + 2)],
    own: { kernel: emulation, user: emulation },
  };
}

/** Saving registers, reading the reason, choosing what to do. Estimate. */
export const HANDLE = 300;
/** Reading the guest's tables for one page, and finding where its shadow entry belongs. Estimate. */
export const FILL = 400;
/** Taking one entry or one table out of the shadow. Estimate. */
export const DROP = 60;
/** Decoding and executing an instruction for the guest. Estimate. */
export const EMULATE = 800;
/**
 * To the device model in user space and back: an IN it answers takes 6856 cycles, one that the kernel answers 2435
 * (Linux commit b7ffc44d5b2e, kvm-unit-tests, 2017).
 */
export const USER_SPACE = 4400;
/** The device model's answer to one access of a string, instead of a bus cycle. */
export const VIRTUAL_PORT: Cost = { cycles: 60, source: 'a few dozen instructions', certainty: 'estimate' };
/** A VMREAD or VMWRITE of a guest that is a hypervisor: where the field lies in the structure it has made. Estimate. */
export const ACCESS = 200;
/** Merging two control structures for an entry, some hundred fields. Estimate. */
export const MERGE = 2500;
/** Handing an exit on: the guest's state and the exit's to the guest's structure, its host's state from there. Estimate. */
export const REFLECT = 2000;
/** Finding a page's entry in the extended tables and its bit in the log. Estimate. */
export const NOTE_DIRTY = 200;
/**
 * Choosing another process and putting the processor's state away for it, beyond the registers themselves: about a
 * microsecond. Estimate.
 */
export const SWITCH = 2000;
