/* Traps, segments and stacks of a guest of Xen, and what Xen says about itself at boot. */
#include "../kernel/machine.h"

#include "../kernel/print.h"

/* ---- segments: the kernel uses Xen's, and has one of its own for a process's thread-local storage ---- */

static u64 segments[PAGE_SIZE / sizeof(u64)] __attribute__((aligned(PAGE_SIZE)));

void set_tls(u64 descriptor) {
    u32 slot = machine_frame(segments) * PAGE_SIZE + TLS_ENTRY * sizeof(u64);
    if (hypercall(UPDATE_DESCRIPTOR, slot, 0, (u32)descriptor, (u32)(descriptor >> 32)) != 0)
        print("varve: Xen refuses the segment %08x%08x\n", (u32)(descriptor >> 32), (u32)descriptor);
}

static void set_segments(void) {
    const u32 frame = machine_frame(segments);
    table_made((pte_t *)segments); /* nobody may write it any more */
    if (hypercall(SET_GDT, (u32)&frame, COUNT(segments), 0, 0) != 0) panic("Xen refuses the segments");
}

void set_kernel_stack(void *top) { hypercall(STACK_SWITCH, KERNEL_DS, (u32)top, 0, 0); }

/* ---- traps ---- */

extern const u32 trap_stubs[20];
void system_call_stub(void);
void protection_stub(void);
void event_stub(void);
void failsafe_stub(void);

static u8 flags_of(u32 vector) {
    switch (vector) {
    case BREAKPOINT:
    case OVERFLOW: return TRAP_FROM_PROCESS | TRAP_MASKS_EVENTS;
    case GENERAL_PROTECTION: return 0; /* protection_stub returns by IRET, which leaves the mask alone */
    default: return TRAP_MASKS_EVENTS;
    }
}

static void set_traps(void) {
    struct trap_info traps[COUNT(trap_stubs) + 2];
    for (u32 vector = 0; vector < COUNT(trap_stubs); vector++)
        traps[vector] = (struct trap_info){(u8)vector, flags_of(vector), KERNEL_CS, trap_stubs[vector]};
    traps[GENERAL_PROTECTION].address = (u32)protection_stub;
    traps[COUNT(trap_stubs)] =
        (struct trap_info){VECTOR_SYSTEM_CALL, TRAP_FROM_PROCESS, KERNEL_CS, (u32)system_call_stub};
    traps[COUNT(trap_stubs) + 1] = (struct trap_info){0};
    hypercall(SET_TRAP_TABLE, (u32)traps, 0, 0, 0);
    hypercall(SET_CALLBACKS, KERNEL_CS, (u32)event_stub, KERNEL_CS, (u32)failsafe_stub);
}

bool fpu_present(void) {
    u32 eax = 1, ebx, ecx, edx;
    asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
    return (edx & 1) != 0;
}

void machine_start(void) {
    u32 version = (u32)hypercall(XEN_VERSION, 0, 0, 0, 0);
    print("running on Xen %u.%u, in ring 1\n", version >> 16, version & 0xffff);
    set_segments();
    set_traps();
}
