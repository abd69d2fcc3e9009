/** Exceptions and interrupts by vector. SDM vol. 3A, table 6-1. */
export const DE = 0; // divide error
export const DB = 1; // debug
export const NMI = 2; // non-maskable interrupt
export const BP = 3; // breakpoint
export const OF = 4; // overflow
export const BR = 5; // bound range exceeded
export const UD = 6; // invalid opcode
export const NM = 7; // no math coprocessor
export const DF = 8; // double fault
export const TS = 10; // invalid TSS
export const NP = 11; // segment not present
export const SS = 12; // stack-segment fault
export const GP = 13; // general protection
export const PF = 14; // page fault
export const MF = 16; // x87 floating-point error
export const AC = 17; // alignment check

/** No vector: nothing is delivered, the instruction is only taken back. */
export const RETRY = -1;
/** No vector: a guest of VT-x goes back to its host once the instruction is taken back. */
export const VM_EXIT = -2;

/** Mnemonic and title by vector. */
export const EXCEPTIONS: Readonly<Record<number, readonly [mnemonic: string, title: string]>> = {
  [DE]: ['#DE', 'divide error'],
  [DB]: ['#DB', 'debug'],
  [NMI]: ['NMI', 'non-maskable interrupt'],
  [BP]: ['#BP', 'breakpoint'],
  [OF]: ['#OF', 'overflow'],
  [BR]: ['#BR', 'bound range exceeded'],
  [UD]: ['#UD', 'invalid opcode'],
  [NM]: ['#NM', 'no math coprocessor'],
  [DF]: ['#DF', 'double fault'],
  [TS]: ['#TS', 'invalid TSS'],
  [NP]: ['#NP', 'segment not present'],
  [SS]: ['#SS', 'stack-segment fault'],
  [GP]: ['#GP', 'general protection'],
  [PF]: ['#PF', 'page fault'],
  [MF]: ['#MF', 'x87 floating-point error'],
  [AC]: ['#AC', 'alignment check'],
};

/** Bits of the page-fault error code. SDM vol. 3A, section 4.7. */
export const PF_PRESENT = 1; // the page was there: a protection violation
export const PF_WRITE = 2;
export const PF_USER = 4;
export const PF_RESERVED = 8; // a reserved bit was set in a paging entry

/** A selector's error code tells of an event outside the program. SDM vol. 3A, section 6.13. */
export const EXT = 1;
/** … or that the index is one of the IDT. */
export const IDT = 2;

/** Contributory exceptions: two of them make a double fault. SDM vol. 3A, table 6-4. */
const contributory = (vector: number): boolean => vector === DE || (vector >= TS && vector <= GP);
/** Whether exception `second`, met while `first` was delivered, makes a double fault of it. SDM vol. 3A, table 6-5. */
export const doubles = (first: number, second: number): boolean =>
  (contributory(first) && contributory(second)) || (first === PF && (second === PF || contributory(second)));
