/**
 * Path lengths of the hypervisor, in processor cycles: what its own instructions take beside the memory and the
 * privileged instructions that are charged where they happen. Barham et al. (SOSP 2003) print latencies of guests,
 * not paths; so all are estimates, of a few dozen instructions each, and none validates a ratio it was fitted to.
 */
import { account } from '../../accounting/vocabulary.ts';

export const HYPERCALL = account('monitor', 'emulation');
export const PAGING = account('monitor', 'shadow');
export const REFLECTION = account('monitor', 'reflection');
export const SCHEDULING = account('monitor', 'scheduling');
export const INPUT_OUTPUT = account('monitor', 'input-output');
export const GUEST_ACCOUNTS = {
  kernel: account('guest-kernel', 'direct', 1),
  user: account('guest-user', 'direct', 1),
} as const;

/** Saving and loading registers around an entry. */
export const ENTRY = 90;
/** Finding the function of a hypercall. */
export const CALL = 25;
/** Checking one page-table entry: owner, type, counts; and passing over one that is not present, which has none. */
export const PER_ENTRY = 14;
export const PER_ABSENT_ENTRY = 3;
/** One update of a list, beside its entry. */
export const PER_UPDATE = 20;
/** A frame of the guest's stack for an exception or an event. */
export const BOUNCE = 60;
/** Marking an event pending. */
export const EVENT = 25;
/** Choosing a domain, and passing from one to the other. */
export const CHOOSE = 60;
export const SWITCH = 250;
/** Simulating a privileged instruction. */
export const SIMULATE = 250;
/** One character of a console, one message of the store, one request of a disk in the back ends. */
export const CONSOLE_CHARACTER = 8;
export const STORE_MESSAGE = 2000;
export const BLOCK_REQUEST = 1500;
/** Zeroing a frame. */
export const SCRUB = 600;
