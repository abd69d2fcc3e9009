/** The hypervisor's memory, at the top of the machine's: VMXON region, VMCS, bitmaps, page tables. Offsets in it. */
export const RESERVED = 0x200000;
export const VMXON_REGION = 0x0000;
export const VMCS_REGION = 0x1000;
export const MSR_BITMAP = 0x2000;
/** The host's own page directory: 4 M pages mapped to themselves. */
export const DIRECTORY = 0x3000;
/** Extended tables, level by level; the last for what is left over after pages of 2 M. */
export const EPT_TOP = 0x4000;
export const EPT_POINTERS = 0x5000;
export const EPT_DIRECTORY = 0x6000;
export const EPT_TABLE = 0x7000;
/** Without extended tables: shadow directories and their tables, of 4 K each. */
export const SHADOW_TABLES = 0x10000;
export const SHADOW_END = 0x100000;
/** With them: the VMCS that a guest of the guest's runs by, and the extended tables that stand for two. */
export const MERGED_VMCS = 0xa000;
export const MERGED_EPT = SHADOW_TABLES;
export const MERGED_EPT_END = SHADOW_END;
/** The instructions by which a hypervisor in a virtual machine acts, and operands of theirs in memory. */
export const OPERATIONS = 0x9000;
/** Which ports exit, for a guest that has some for its own: two pages. */
export const IO_BITMAPS = 0xb000;
/** Extended tables of 4 K pages while stores are logged. */
export const LOG_TABLES = 0x100000;
export const LOG_END = RESERVED;
