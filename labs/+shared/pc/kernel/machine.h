/*
 * The machine as this kernel sees it. Every instruction that only an operating system may execute, and every store
 * into a page table, is in a folder of its own: bare/ for the machine as it is, xen/ for a machine that Xen provides.
 * Each has instructions.h, machine.c, boot.S and entry.S, and its drivers; nothing else of the kernel differs.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "types.h"

#define FLAG_INTERRUPT 0x200u
#define FLAG_DIRECTION 0x400u
#define FLAG_IOPL 0x3000u

/* ---- paging ---- */

typedef u32 pte_t;

#define PTE_PRESENT 0x001u
#define PTE_WRITE 0x002u
#define PTE_USER 0x004u
#define PTE_LARGE 0x080u /* in a directory: 4 MB at once */

#define ENTRIES 1024u /* of a directory or of a table */
#define DIRECTORY_INDEX(address) ((u32)(address) >> 22)
#define TABLE_INDEX(address) (((u32)(address) >> 12) & (ENTRIES - 1))
#define KERNEL_ENTRY DIRECTORY_INDEX(KERNEL_BASE)

/* Everything that only an operating system may do: bare/ has it for the machine itself, xen/ for a guest of Xen. */
#include <instructions.h>

/* ---- segments, gates and the kernel stack (machine.c) ---- */

#define TLS_ENTRY 6 /* the entry that set_thread_area of Linux hands out first */

/* Brings up segments, gates and page directory, and says what the machine answers about them. */
void machine_start(void);
/* The stack on which the processor enters the kernel from a process. */
void set_kernel_stack(void *top);
/* Thread-local storage: the segment of a process's own; 0 for none. */
void set_tls(u64 descriptor);
/* segments.c: base and limit where a descriptor has them; a process's own segment. */
u64 place_in_descriptor(u32 base, u32 limit);
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
/* fpu_forbid lets the next floating-point instruction trap (vector 7), fpu_allow does not. */
static inline void fpu_clear(void) { asm volatile("fninit"); }
static inline void fpu_save(u8 *state) { asm volatile("fnsave (%0)" : : "r"(state) : "memory"); }
static inline void fpu_load(const u8 *state) { asm volatile("frstor (%0)" : : "r"(state)); }
bool fpu_present(void);

#endif
