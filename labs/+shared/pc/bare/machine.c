/* The bare IA-32 machine: its tables, and what it says about itself at boot. */
#include "../kernel/machine.h"

#include "../kernel/print.h"

/* ---- segments: all of them cover everything; what separates kernel and processes is the privilege level ---- */

#define SEGMENT_KERNEL_CODE 0x00cf9b000000ffffull
#define SEGMENT_KERNEL_DATA 0x00cf93000000ffffull
#define SEGMENT_USER_CODE 0x00cffb000000ffffull
#define SEGMENT_USER_DATA 0x00cff3000000ffffull
#define SEGMENT_TASK 0x0000890000000000ull
#define SEGMENTS 8

static u64 segments[SEGMENTS] = {
    [KERNEL_CS >> 3] = SEGMENT_KERNEL_CODE, [KERNEL_DS >> 3] = SEGMENT_KERNEL_DATA,
    [USER_CS >> 3] = SEGMENT_USER_CODE,     [USER_DS >> 3] = SEGMENT_USER_DATA,
};

/* Only the stack of ring 0 is used of the task state; ports are nobody's but the kernel's, as the map ends at once. */
static struct {
    u32 link, esp0, ss0, rest[22];
    u16 trap, port_map;
} task_state = {.ss0 = KERNEL_DS, .port_map = sizeof task_state};

void set_kernel_stack(void *top) { task_state.esp0 = (u32)top; }

void set_tls(u64 descriptor) { segments[TLS_ENTRY] = descriptor; }

/* ---- gates ---- */

#define GATE_INTERRUPT 0x8e00u /* forbids interrupts on the way in */
#define GATE_SYSTEM_CALL 0xef00u /* does not, and a process may use it */
#define GATE_BREAKPOINT 0xee00u /* INT3 and INTO are for processes, too */

extern const u32 trap_stubs[48];
void system_call_stub(void);

static struct gate {
    u16 low, selector, type, high;
} gates[VECTOR_SYSTEM_CALL + 1];

static void set_gate(u32 vector, u32 handler, u16 type) {
    gates[vector] = (struct gate){handler & 0xffff, KERNEL_CS, type, handler >> 16};
}

static void set_gates(void) {
    for (u32 vector = 0; vector < COUNT(trap_stubs); vector++)
        set_gate(vector, trap_stubs[vector], GATE_INTERRUPT);
    set_gate(BREAKPOINT, trap_stubs[BREAKPOINT], GATE_BREAKPOINT);
    set_gate(OVERFLOW, trap_stubs[OVERFLOW], GATE_BREAKPOINT);
    set_gate(VECTOR_SYSTEM_CALL, (u32)system_call_stub, GATE_SYSTEM_CALL);
}

/* ---- the registers that point to them ---- */

struct pointer {
    u16 limit;
    u32 base;
} __attribute__((packed));

static void load_tables(void) {
    const struct pointer gdt = {sizeof segments - 1, (u32)segments};
    const struct pointer idt = {sizeof gates - 1, (u32)gates};
    segments[TASK_SEGMENT >> 3] = SEGMENT_TASK | place_in_descriptor((u32)&task_state, sizeof task_state - 1);
    asm volatile("lgdt %0" : : "m"(gdt));
    asm volatile("ljmp %0, $1f\n1:" : : "i"(KERNEL_CS));
    asm volatile("mov %0, %%ds\n\tmov %0, %%es\n\tmov %0, %%ss" : : "r"(KERNEL_DS) : "memory");
    asm volatile("mov %0, %%fs\n\tmov %0, %%gs" : : "r"(0));
    asm volatile("lidt %0" : : "m"(idt));
    asm volatile("lldt %w0" : : "r"(0));
    asm volatile("ltr %w0" : : "r"(TASK_SEGMENT));
}

/* ---- what the machine answers ----
 * None of these instructions traps in user mode, so a monitor that only waits for traps cannot put its own answer in
 * the place of the machine's: the kernel then reads the monitor's tables, privilege level and flags. */

static void answer(const char *what, u32 seen, u32 expected) {
    print("  %-34s %08x", what, seen);
    if (seen != expected) print("  WRONG: this kernel set %08x", expected);
    print("\n");
}

static void self_check(void) {
    struct pointer gdt, idt;
    u32 selector, status, cr0;
    asm volatile("sgdt %0" : "=m"(gdt));
    asm volatile("sidt %0" : "=m"(idt));
    print("machine check:\n");
    answer("SGDT: base of the segments", gdt.base, (u32)segments);
    answer("SGDT: their limit", gdt.limit, sizeof segments - 1);
    answer("SIDT: base of the gates", idt.base, (u32)gates);
    asm volatile("sldt %0" : "=r"(selector));
    answer("SLDT: local segments, none", selector & 0xffff, 0);
    asm volatile("str %0" : "=r"(selector));
    answer("STR: task register", selector & 0xffff, TASK_SEGMENT);
    asm volatile("mov %%cs, %0" : "=r"(selector));
    answer("CS: code segment, ring in bits 0-1", selector & 0xffff, KERNEL_CS);
    asm volatile("smsw %0" : "=r"(status));
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    answer("SMSW: low half of CR0", status & 0xffff, cr0 & 0xffff);
    irq_disable();
    answer("PUSHF after CLI: interrupt flag", read_flags() & FLAG_INTERRUPT, 0);
    irq_restore(read_flags() | FLAG_IOPL);
    answer("POPF: I/O privilege level set to 3", read_flags() & FLAG_IOPL, FLAG_IOPL);
    irq_restore(read_flags() & ~FLAG_IOPL);
}

bool fpu_present(void) {
    u32 eax = 1, ebx, ecx, edx;
    asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
    return (edx & 1) != 0;
}

#define CR0_MONITOR 0x02u /* WAIT traps as well while the unit is lent to another process */
#define CR0_EMULATE 0x04u /* there is no unit: every floating-point instruction traps */
#define CR0_NUMERIC 0x20u /* its errors come as exception 16 */

static void set_fpu_mode(void) {
    u32 cr0;
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    cr0 |= CR0_MONITOR | CR0_NUMERIC | (fpu_present() ? 0 : CR0_EMULATE);
    asm volatile("mov %0, %%cr0" : : "r"(cr0));
}

void machine_start(void) {
    set_gates();
    load_tables();
    set_fpu_mode();
    set_pte(&kernel_directory[0], 0); /* what was there was for the first jump only */
    load_address_space(PHYSICAL(kernel_directory));
    self_check();
}
