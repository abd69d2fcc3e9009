/**
 * What the monitor's own instructions cost, in processor cycles. Translated code is not here: it costs what it costs.
 * A call-out from the cache is a call within the monitor and no trap: on a Pentium 4 RDTSC took 2030 cycles trapped and
 * 1254 called out, and a store into a page table 391 called out (Adams and Agesen, ASPLOS 2006, sections 3.4 and 6.3).
 */
import type { Cost } from '../../accounting/cost.ts';
import { account } from '../../accounting/vocabulary.ts';

export const EMULATION = account('monitor', 'emulation');
export const REFLECTION = account('monitor', 'reflection');
export const SHADOW = account('monitor', 'shadow');
export const TRANSLATION = account('monitor', 'translation');
export const SCHEDULING = account('monitor', 'scheduling');
export const GUEST_ACCOUNTS = {
  kernel: account('guest-kernel', 'translated', 1),
  user: account('guest-user', 'direct', 1),
} as const;

/** After a trap: saving the program's state, segments too, and finding the guest's instruction. Estimate. */
export const ENTRY = 400;
/** After a call from the cache: saving registers. Estimate. */
export const CALLED = 50;
/** Emulating one instruction on the virtual state, beyond what the instruction itself takes. Estimate. */
export const EMULATE = 150;
/** A virtual device's answer to one access, instead of a bus cycle. */
export const VIRTUAL_PORT: Cost = { cycles: 60, source: 'a few dozen instructions', certainty: 'estimate' };
/** An instruction in a row of interpreted ones: decoding and dispatching. Estimate. */
export const INTERPRET = 40;
/** Reading a gate, pushing a frame, choosing how the guest goes on. Estimate. */
export const REFLECT = 500;
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

// ---------------------------------------------------------------- real devices

export const MONITOR_IO = account('monitor', 'input-output');
export const HOST_IO = account('host', 'input-output');

const SUGERMAN = 'J. Sugerman et al., USENIX 2001, table 1, in cycles of its 733 MHz Pentium III';
/** From the monitor's world to the host operating system's and back: 7.45 µs. */
export const WORLD_SWITCH: Cost = { cycles: 5461, source: SUGERMAN, certainty: 'recalled' };
/** What the host's system call for one operation takes: 13.8 µs for sending a packet. */
export const HOST_CALL: Cost = { cycles: 10115, source: SUGERMAN, certainty: 'recalled' };
/** The hypervisor's own driver for the same. */
export const OWN_DRIVER: Cost = {
  cycles: 1500,
  source: 'some hundred instructions and one bus cycle',
  certainty: 'estimate',
};
