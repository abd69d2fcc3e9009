/**
 * What the monitor's own instructions cost, in processor cycles. Translated code is not here: it costs what it costs.
 * Calling out of the cache and emulating RDTSC took 1254 cycles on a Pentium 4 (Adams and Agesen, ASPLOS 2006, section
 * 3.4); without trap and return of that model, some 350 are left for saving, emulating and finding the way back.
 */
import { account } from '../../accounting/vocabulary.ts';

export const EMULATION = account('monitor', 'emulation');
export const REFLECTION = account('monitor', 'reflection');
export const SHADOW = account('monitor', 'shadow');
export const TRANSLATION = account('monitor', 'translation');
export const SCHEDULING = account('monitor', 'scheduling');
export const GUEST_ACCOUNTS = {
  kernel: account('guest-kernel', 'direct', 1),
  user: account('guest-user', 'direct', 1),
} as const;

/** Saving the program's state and finding out why the monitor was entered. Derived from the 350 above. */
export const ENTRY = 150;
/** Emulating one instruction on the virtual state, beyond what the instruction itself takes. Derived likewise. */
export const EMULATE = 200;
/** An instruction in a row of interpreted ones: decoding and dispatching. Estimate. */
export const INTERPRET = 40;
/** Reading a gate, pushing a frame, choosing how the guest goes on. Estimate. */
export const REFLECT = 300;
/** Walking the guest's tables and entering what they say into the shadow. Estimate. */
export const FILL = 250;
/** Taking one entry or one table out of the shadow. Estimate. */
export const DROP = 60;
/** Reading, classifying and writing one instruction of a unit; the bytes are stored on top of it. Estimate. */
export const TRANSLATE = 300;
/** Finding a translation by its guest address. Estimate. */
export const LOOK_UP = 40;
/** Noticing that a descriptor is as it was, and making its shadow. Estimates. */
export const COMPARE_DESCRIPTOR = 4;
export const PER_DESCRIPTOR = 20;
/** Checking that a page of translated code is where it was in another address space. Estimate. */
export const CHECK_PAGE = 20;
