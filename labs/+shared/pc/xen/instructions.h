/*
 * The machine that Xen provides: what stands in the place of privileged instructions. The kernel runs in ring 1; what
 * may be done by a store into shared memory is, and everything else is asked for by a hypercall.
 */
#ifndef INSTRUCTIONS_H
#define INSTRUCTIONS_H

#include "hypercall.h"
#include "interface.h"

/* ---- the interrupt flag ----
 * A byte of shared memory. An event that came while it was set waits, and whoever clears it has to look. */

extern volatile struct shared_info shared_info;

#define COMPILER_BARRIER() asm volatile("" : : : "memory")

static inline void irq_disable(void) {
    shared_info.upcall_mask = 1;
    COMPILER_BARRIER();
}
static inline void irq_enable(void) {
    COMPILER_BARRIER();
    shared_info.upcall_mask = 0;
    COMPILER_BARRIER();
    if (shared_info.upcall_pending) hypercall(XEN_VERSION, 0, 0, 0, 0); /* any call: events come on its way back */
}
static inline bool irq_enabled(void) { return shared_info.upcall_mask == 0; }

static inline u32 irq_save(void) {
    u32 flags = irq_enabled() ? FLAG_INTERRUPT : 0;
    irq_disable();
    return flags;
}
static inline void irq_restore(u32 flags) {
    if (flags & FLAG_INTERRUPT) irq_enable();
}

/* Waits for an event; Xen clears the mask, so that none can slip in before. */
static inline void cpu_wait(void) { hypercall(SCHED_OP, BLOCK, 0, 0, 0); }

/* Stops for good: the domain has crashed. */
static inline void __attribute__((noreturn)) cpu_stop(void) {
    const u32 reason = SHUTDOWN_CRASH;
    for (;;) hypercall(SCHED_OP, SHUTDOWN, (u32)&reason, 0, 0);
}

/* ---- paging (paging.c) ----
 * The processor uses the kernel's own tables, so entries hold frames of the machine, which Xen has dealt out as it
 * pleased. Two lists lead from the kernel's numbers to those and back. */

extern pte_t *kernel_directory;
extern const u32 *frame_list;

static inline u32 machine_frame(const void *frame) { return frame_list[PHYSICAL(frame) / PAGE_SIZE]; }
static inline pte_t entry_for(const void *frame, u32 rights) { return machine_frame(frame) * PAGE_SIZE | rights; }
static inline void *frame_at(pte_t entry) { return VIRTUAL(MACHINE_TO_PHYSICAL[entry / PAGE_SIZE] * PAGE_SIZE); }

/* Where a device finds the memory at an address of the kernel, be it the domain's own or another's that it lends. */
u32 bus_address(const void *place);

/* Directories and tables can be read, and Xen writes them after a check; what is not one yet is plain memory. */
void set_pte(pte_t *slot, pte_t entry);
static inline void fill_pte(pte_t *slot, pte_t entry) { *slot = entry; }

void directory_made(pte_t *directory);
void directory_gone(pte_t *directory);
void table_made(pte_t *table);
void table_gone(pte_t *table);

/* What is changed in between goes to Xen in one call, unless the command line says batch=off. */
void changes_begin(void);
void changes_end(void);

void load_address_space(u32 directory);
u32 current_address_space(void);
void flush_page(u32 address);
static inline u32 fault_address(void) { return shared_info.fault_address; }

/* ---- segments: Xen's own, which end where Xen begins ---- */

#define KERNEL_CS 0xe019
#define KERNEL_DS 0xe021
#define USER_CS 0xe02b
#define USER_DS 0xe033

/* ---- the floating-point unit ---- */

static inline void fpu_forbid(void) { hypercall(FPU_TASKSWITCH, 1, 0, 0, 0); }
static inline void fpu_allow(void) { hypercall(FPU_TASKSWITCH, 0, 0, 0, 0); }

/* ---- ports: those that the domain was given; ones from the others (entry.S) ---- */

u8 in8(u16 port);
void out8(u16 port, u8 value);

/* The others are for who drives the machine's devices. */
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
static inline void out16(u16 port, u16 value) { asm volatile("out %0, %1" : : "a"(value), "Nd"(port)); }
static inline void out32(u16 port, u32 value) { asm volatile("out %0, %1" : : "a"(value), "Nd"(port)); }

static inline void in_words(u16 port, void *to, u32 words) {
    asm volatile("rep insw" : "+D"(to), "+c"(words) : "d"(port) : "memory");
}
static inline void out_words(u16 port, const void *from, u32 words) {
    asm volatile("rep outsw" : "+S"(from), "+c"(words) : "d"(port) : "memory");
}

#endif
