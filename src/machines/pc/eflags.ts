/** The EFLAGS register. SDM vol. 1, section 3.4.3. */
export const FLAG_CF = 0x0001; // bit 0: carry
export const FLAG_RESERVED = 0x0002; // bit 1: always 1
export const FLAG_PF = 0x0004; // bit 2: parity of the low byte is even
export const FLAG_AF = 0x0010; // bit 4: auxiliary carry, out of bit 3
export const FLAG_ZF = 0x0040; // bit 6: zero
export const FLAG_SF = 0x0080; // bit 7: sign
export const FLAG_TF = 0x0100; // bit 8: trap after each instruction
export const FLAG_IF = 0x0200; // bit 9: interrupts enabled
export const FLAG_DF = 0x0400; // bit 10: string instructions go downwards
export const FLAG_OF = 0x0800; // bit 11: overflow
export const FLAG_IOPL = 0x3000; // bits 12 and 13: I/O privilege level
export const FLAG_NT = 0x4000; // bit 14: nested task
export const FLAG_RF = 0x10000; // bit 16: resume, no instruction breakpoint
export const FLAG_VM = 0x20000; // bit 17: virtual-8086 mode
export const FLAG_AC = 0x40000; // bit 18: alignment check
export const FLAG_ID = 0x200000; // bit 21: CPUID is there

/** The flags that arithmetic sets. */
export const STATUS_FLAGS = FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF;
/** Bits that hold state; bit 1 reads as 1, all others as 0. */
export const KNOWN_FLAGS =
  STATUS_FLAGS | FLAG_TF | FLAG_IF | FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_RF | FLAG_VM | FLAG_AC | FLAG_ID;
