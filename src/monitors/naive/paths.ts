/**
 * Path lengths of the naive monitor, in processor cycles. Nobody ever sold such a monitor, so nobody has measured one:
 * all are estimates of a few dozen to a few hundred instructions, and none is used to compare with published figures.
 */
import { account } from '../../accounting/vocabulary.ts';

export const EMULATION = account('monitor', 'emulation');
export const REFLECTION = account('monitor', 'reflection');
export const SHADOW = account('monitor', 'shadow');
export const SCHEDULING = account('monitor', 'scheduling');
export const GUEST_ACCOUNTS = {
  kernel: account('guest-kernel', 'direct', 1),
  user: account('guest-user', 'direct', 1),
} as const;

/** Saving registers, finding out why the monitor was entered, and the way back. */
export const ENTRY = 150;
/** Decoding an instruction and calling what stands for it. */
export const SIMULATE = 250;
/** Reading a gate, choosing a stack, pushing a frame. */
export const REFLECT = 300;
/** One descriptor of the shadow table. */
export const PER_DESCRIPTOR = 12;
/** One entry of the shadow page directory. */
export const PER_ENTRY = 3;
/** Entering an interrupt that waits into the list. */
export const NOTE = 60;
