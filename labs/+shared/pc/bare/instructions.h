/*
 * The bare IA-32 machine: the instructions that only an operating system may execute, and the stores into page tables.
 * xen/instructions.h is what stands in its place where there is Xen below.
 */
#ifndef INSTRUCTIONS_H
#define INSTRUCTIONS_H

/* ---- the interrupt flag ----
 * The classic pair: remember the flags, forbid interrupts, and later put back what was there. POPF in user mode
 * leaves the interrupt flag alone without a word, which is why this pair cannot be virtualized by trapping. */

static inline u32 read_flags(void) {
    u32 flags;
    asm volatile("pushf\n\tpop %0" : "=r"(flags) : : "memory");
    return flags;
}

static inline u32 irq_save(void) {
    u32 flags;
    asm volatile("pushf\n\tpop %0\n\tcli" : "=r"(flags) : : "memory");
    return flags;
}

static inline void irq_restore(u32 flags) {
    asm volatile("push %0\n\tpopf" : : "r"(flags) : "memory", "cc");
}

static inline void irq_enable(void) { asm volatile("sti" : : : "memory"); }
static inline void irq_disable(void) { asm volatile("cli" : : : "memory"); }
static inline bool irq_enabled(void) { return (read_flags() & FLAG_INTERRUPT) != 0; }

/* Waits for an interrupt. STI takes effect after the next instruction: none can slip in before HLT. */
static inline void cpu_wait(void) { asm volatile("sti\n\thlt" : : : "memory"); }

/* Stops for good. */
static inline void __attribute__((noreturn)) cpu_stop(void) {
    for (;;) asm volatile("cli\n\thlt");
}

/* ---- paging ---- */

/* The directory that the kernel started with: maps the kernel's half and nothing of a process. */
extern pte_t kernel_directory[ENTRIES];

/* The entry that leads to a frame, and the frame that an entry leads to. */
static inline pte_t entry_for(const void *frame, u32 rights) { return PHYSICAL(frame) | rights; }
static inline void *frame_at(pte_t entry) { return VIRTUAL(entry & ~(PAGE_SIZE - 1)); }

/* Where a device finds the memory at an address of the kernel. */
static inline u32 bus_address(const void *place) { return PHYSICAL(place); }

/* The only stores into directories and tables, and those into what is going to be one. */
static inline void set_pte(pte_t *slot, pte_t entry) { *(volatile pte_t *)slot = entry; }
static inline void fill_pte(pte_t *slot, pte_t entry) { set_pte(slot, entry); }

/* A frame becomes a directory or a table, or stops being one; several changes that may be made at once. The bare
 * machine does not want to know. */
static inline void directory_made(pte_t *directory) { (void)directory; }
static inline void directory_gone(pte_t *directory) { (void)directory; }
static inline void table_made(pte_t *table) { (void)table; }
static inline void table_gone(pte_t *table) { (void)table; }
static inline void changes_begin(void) {}
static inline void changes_end(void) {}

static inline void load_address_space(u32 directory) {
    asm volatile("mov %0, %%cr3" : : "r"(directory) : "memory");
}
static inline u32 current_address_space(void) {
    u32 directory;
    asm volatile("mov %%cr3, %0" : "=r"(directory));
    return directory;
}
static inline void flush_page(u32 address) { asm volatile("invlpg (%0)" : : "r"(address) : "memory"); }
static inline u32 fault_address(void) {
    u32 address;
    asm volatile("mov %%cr2, %0" : "=r"(address));
    return address;
}

/* ---- segments ---- */

#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define USER_CS 0x1b
#define USER_DS 0x23
#define TASK_SEGMENT 0x28

/* ---- the floating-point unit ---- */

#define CR0_TASK_SWITCHED 0x8u

/* Lets the next floating-point instruction trap (vector 7), or not. */
static inline void fpu_forbid(void) {
    u32 cr0;
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    asm volatile("mov %0, %%cr0" : : "r"(cr0 | CR0_TASK_SWITCHED));
}
static inline void fpu_allow(void) { asm volatile("clts"); }

/* ---- ports ---- */

static inline u8 in8(u16 port) {
    u8 value;
    asm volatile("in %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
static inline u16 in16(u16 port) {
    u16 value;
    asm volatile("in %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
static inline u32 in32(u16 port) {
    u32 value;
    asm volatile("in %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
static inline void out8(u16 port, u8 value) { asm volatile("out %0, %1" : : "a"(value), "Nd"(port)); }
static inline void out16(u16 port, u16 value) { asm volatile("out %0, %1" : : "a"(value), "Nd"(port)); }
static inline void out32(u16 port, u32 value) { asm volatile("out %0, %1" : : "a"(value), "Nd"(port)); }

static inline void in_words(u16 port, void *to, u32 words) {
    asm volatile("rep insw" : "+D"(to), "+c"(words) : "d"(port) : "memory");
}
static inline void out_words(u16 port, const void *from, u32 words) {
    asm volatile("rep outsw" : "+S"(from), "+c"(words) : "d"(port) : "memory");
}

#endif
