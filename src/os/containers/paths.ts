/**
 * Path lengths of the kernel in processor cycles, and the accounts that they are booked to. Published figures of Linux
 * on the Pentium III are of whole calls (lmbench: getpid 0.3 µs, context switch 1 to 2 µs, fork 100 µs, page fault
 * 0.8 µs); how these divide into the parts below is an estimate of ours, and none is used to compare with others.
 */
import { account } from '../../accounting/vocabulary.ts';

export const ACCOUNTS = {
  kernel: account('guest-kernel', 'direct'),
  user: account('guest-user', 'direct'),
} as const;
export const SERVICE = account('guest-kernel', 'direct');
export const SCHEDULING = account('guest-kernel', 'scheduling');
export const PAGING = account('guest-kernel', 'paging');
export const TRANSFER = account('guest-kernel', 'input-output');

/** Saving registers, finding the call in the table, and the way back. */
export const ENTRY = 90;
/** What a call does before it touches data: checks, look-ups, locks. */
export const CALL = 120;
/** Choosing who is next, and switching to it. */
export const SWITCH = 450;
/** The timer's interrupt. */
export const TICK = 250;
/** Finding a fault's region, and entering the page. */
export const FAULT = 400;
/** Building and taking down a signal's frame. */
export const SIGNAL = 500;
/** Setting up a process or thread. */
export const BIRTH = 12_000;
/** Loading a program. */
export const EXEC = 25_000;
/** Bringing a file of a lower layer to the upper one: making it there, and the bytes that one cycle moves. */
export const COPY_UP = 8_000;
export const COPY_UP_BYTES = 2;
