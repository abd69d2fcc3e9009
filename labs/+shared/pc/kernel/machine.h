/*
 * The machine as this kernel sees it. Every instruction that only an operating system may execute, and every store
 * into a page table, is in this file, in machine.c, or in boot.S and entry.S. To carry the kernel to another kind of
 * machine, a paravirtual one for instance, is to change these files and the drivers, and nothing else.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "types.h"

/* ---- the interrupt flag ----
 * The classic pair: remember the flags, forbid interrupts, and later put back what was there. POPF in user mode
 * leaves the interrupt flag alone without a word, which is why this pair cannot be virtualized by trapping. */

#define FLAG_INTERRUPT 0x200u
#define FLAG_DIRECTION 0x400u
#define FLAG_IOPL 0x3000u

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

typedef u32 pte_t;

#define PTE_PRESENT 0x001u
#define PTE_WRITE 0x002u
#define PTE_USER 0x004u
#define PTE_LARGE 0x080u /* in a directory: 4 MB at once */
#define PTE_FRAME(entry) ((entry) & ~(PAGE_SIZE - 1))

#define ENTRIES 1024u /* of a directory or of a table */
#define DIRECTORY_INDEX(address) ((u32)(address) >> 22)
#define TABLE_INDEX(address) (((u32)(address) >> 12) & (ENTRIES - 1))
#define KERNEL_ENTRY DIRECTORY_INDEX(KERNEL_BASE)

/* The only stores into directories and tables. */
static inline void set_pte(pte_t *slot, pte_t entry) { *(volatile pte_t *)slot = entry; }

/* A frame becomes a directory or a table, or stops being one. The bare machine does not want to know. */
static inline void page_table_made(u32 physical) { (void)physical; }
static inline void page_table_gone(u32 physical) { (void)physical; }

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

/* The directory that the kernel started with: maps the kernel's half and nothing of a process. */
extern pte_t kernel_directory[ENTRIES];

/* ---- segments, gates and the kernel stack (machine.c) ---- */

#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define USER_CS 0x1b
#define USER_DS 0x23
#define TASK_SEGMENT 0x28
#define TLS_ENTRY 6 /* the entry that set_thread_area of Linux hands out first */

/* Brings up segments, gates and page directory, and says what the machine answers about them. */
void machine_start(void);
/* The stack on which the processor enters the kernel from a process. */
void set_kernel_stack(void *top);
/* Thread-local storage: the segment of a process's own; 0 for none. */
void set_tls(u64 descriptor);
u64 tls_descriptor(u32 base, u32 limit, bool pages, bool writable);

static inline u16 read_fs(void) {
    u16 selector;
    asm volatile("mov %%fs, %0" : "=r"(selector));
    return selector;
}
static inline u16 read_gs(void) {
    u16 selector;
    asm volatile("mov %%gs, %0" : "=r"(selector));
    return selector;
}
static inline void load_fs(u16 selector) { asm volatile("mov %0, %%fs" : : "r"(selector)); }
static inline void load_gs(u16 selector) { asm volatile("mov %0, %%gs" : : "r"(selector)); }

/* ---- what interrupted us, as entry.S lays it on the stack ---- */

struct frame {
    u32 ebx, ecx, edx, esi, edi, ebp, eax; /* in the order of system-call arguments */
    u32 ds, es;
    u32 vector, error;
    u32 eip, cs, eflags;
    u32 esp, ss; /* only when a process was interrupted */
};

static inline bool from_process(const struct frame *frame) { return (frame->cs & 3) == 3; }

#define VECTOR_IRQ 32 /* interrupt lines 0 to 15 are vectors 32 to 47 */
#define VECTOR_SYSTEM_CALL 0x80

#define DIVIDE_ERROR 0
#define DEBUG 1
#define BREAKPOINT 3
#define OVERFLOW 4
#define BOUND 5
#define INVALID_OPCODE 6
#define NO_COPROCESSOR 7
#define GENERAL_PROTECTION 13
#define PAGE_FAULT 14
#define FLOATING_POINT 16

#define FAULT_PRESENT 1u /* error code of a page fault: the page was there */
#define FAULT_WRITE 2u

/* entry.S: saves the registers that C keeps, stores the stack pointer, goes on upon the other stack. */
void switch_stacks(u32 *save_esp, u32 load_esp);
/* Where a process that never ran begins: straight to the end of a trap. */
void return_from_trap(void);
/* Copies between kernel and process; -EFAULT if the process may not. */
int user_copy(void *to, const void *from, u32 length);
/* Addresses at which a fault in the kernel is the process's doing. */
extern const u8 user_copy_words[], user_copy_bytes[], user_copy_failed[];
extern const u8 return_es[], return_ds[], return_iret[];

/* ---- the floating-point unit: one, lent to whoever used it last ---- */

#define FPU_STATE 108 /* bytes that FNSAVE stores */
#define CR0_TASK_SWITCHED 0x8u

/* Lets the next floating-point instruction trap (vector 7), or not. */
static inline void fpu_forbid(void) {
    u32 cr0;
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    asm volatile("mov %0, %%cr0" : : "r"(cr0 | CR0_TASK_SWITCHED));
}
static inline void fpu_allow(void) { asm volatile("clts"); }
static inline void fpu_clear(void) { asm volatile("fninit"); }
static inline void fpu_save(u8 *state) { asm volatile("fnsave (%0)" : : "r"(state) : "memory"); }
static inline void fpu_load(const u8 *state) { asm volatile("frstor (%0)" : : "r"(state)); }
bool fpu_present(void);

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
