/**
 * Where what stands in the linear space: the last 64 M of every address space are Xen's, out of reach of guests by the
 * limits of their segments. SIMPLIFIED: Xen's own code and data are TypeScript, and its window on all of memory is
 * `loadPhysical`; what the processor itself needs (descriptor tables, gates, task) is really there.
 */
import { HYPERVISOR_START } from './interface.ts';

export const PAGE = 4096;
export const ENTRIES = 1024;
/** First entry of a page directory that is Xen's. */
export const XEN_SLOT = HYPERVISOR_START >>> 22;
/** Slots of the directory: machine-to-physical table, the domain's own descriptor tables, gates and task. */
export const M2P_SLOT = XEN_SLOT;
export const DOMAIN_SLOT = XEN_SLOT + 1;
export const XEN_OWN_SLOT = XEN_SLOT + 2;

/** The global table: 14 frames of the guest's, then Xen's; behind it the local one. */
export const GDT_AT = (DOMAIN_SLOT << 22) | 0;
export const XEN_GDT_PAGE = 14;
export const GDT_PAGES = 16;
export const LDT_AT = (GDT_AT + GDT_PAGES * PAGE) | 0;
export const LDT_PAGES = 16;
/** One frame: 256 gates, and behind them the task. */
export const IDT_AT = (XEN_OWN_SLOT << 22) | 0;
export const TASK_OFFSET = 2048;

export const PRESENT = 1;
export const WRITE = 2;
export const USER = 4;
export const ACCESSED = 0x20;
export const DIRTY = 0x40;

/** Selectors of Xen's task and of the guest's local table. */
export const TASK_SELECTOR = 0xe040;
export const LDT_SELECTOR = 0xe048;
/** In pages: guests see the machine-to-physical table and nothing above. */
export const HIGHEST_PAGE = 0xfc3ff;
