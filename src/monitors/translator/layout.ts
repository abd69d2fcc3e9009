/**
 * The monitor's own memory: the last 4 M of the machine's, seen by the processor in the last 4 M of the linear space.
 * Guests' segments end below it. Bugnion et al., ACM TOCS 30(4), 2012, section 5.
 */
export const RESERVED = 0x400000;
export const MONITOR = 0xffc00000 | 0;
/** Highest linear address that a guest's segment may reach. */
export const HIGHEST = 0xffbfffff;

export const PAGE = 4096;

// Offsets in it.
/** Virtual state that translated code reads and writes. */
export const STATE = 0;
/** Shadow descriptor tables, by index, and of the global one what the guest's descriptors were when they were made. */
export const GLOBAL_TABLE = 0x10000;
export const LOCAL_TABLE = 0x20000;
export const SOURCES = 0x30000;
/** A byte for each selector: 1 if a kernel may load it into a data segment without asking. */
export const USABLE = 0x40000;
/** Where a translation of an address whose low 16 bits are the index begins, if there is one. */
export const HASH = 0x80000;
export const CACHE = 0xc0000;
export const CACHE_BYTES = 0x140000;
/** Pages for shadow page tables, the first of them for the monitor's own. */
export const POOL = 0x200000;

// Doublewords of the state.
/** IF and IOPL as the guest has set them. */
export const FLAGS = 0x00;
/** An interrupt waits until the guest takes interrupts. */
export const PENDING = 0x04;
/** Registers that a sequence of translated code needs for itself; flags as LAHF and SETO AL leave them. */
export const SAVED_EAX = 0x08;
export const SAVED_ECX = 0x0c;
export const SAVED_FLAGS = 0x10;
/** The guest's task priority, and the least one that translated code may set by itself. */
export const PRIORITY = 0x14;
export const LEAST = 0x18;
/** Control registers 0, 2, 3, 4, and the selectors of LDTR and TR. */
export const CONTROL = 0x20;
export const LDTR = 0x34;
export const TR = 0x38;
/** By segment register: 10000h plus the selector that translated code has loaded into it, else 0. */
export const LOADED = 0x40;

/** Linear address of an offset. */
export const linear = (offset: number): number => (MONITOR + offset) | 0;

/** Segments of the monitor's: all of the linear space for level 1. In slots that guests' tables hardly reach. */
export const CODE_SELECTOR = 0xfff1;
export const DATA_SELECTOR = 0xfff9;
/** Access bytes with D/B and G, of level 1. */
export const CODE_ACCESS = 0xc0bb;
export const DATA_ACCESS = 0xc0b3;
