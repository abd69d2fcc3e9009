/* Everything that interrupts: system calls, interrupts from devices, faults. */
#include "interrupts.h"
#include "print.h"
#include "process.h"
#include "space.h"
#include "syscall.h"

void trap(struct frame *frame); /* entry.S calls it */

static const char *const names[] = {
    "divide error", "debug", "non-maskable interrupt", "breakpoint", "overflow", "bound range",
    "invalid opcode", "no coprocessor", "double fault", "coprocessor overrun", "invalid task state",
    "segment not present", "stack fault", "general protection", "page fault", "reserved", "floating point",
};

static void __attribute__((noreturn)) fault_in_kernel(const struct frame *frame, u32 address) {
    panic("%s in the kernel at %08x, error code %x, address %08x\n"
          "       eax %08x ebx %08x ecx %08x edx %08x esi %08x edi %08x ebp %08x, process %d (%s)",
          frame->vector < COUNT(names) ? names[frame->vector] : "trap", frame->eip, frame->error, address,
          frame->eax, frame->ebx, frame->ecx, frame->edx, frame->esi, frame->edi, frame->ebp, current->pid,
          current->name);
}

/* A copy between kernel and process touched what the process does not have: the copy fails, the kernel goes on. */
static bool excuse_copy(struct frame *frame) {
    const u8 *at = (const u8 *)frame->eip;
    if (at != user_copy_words && at != user_copy_bytes) return false;
    frame->eip = (u32)user_copy_failed;
    return true;
}

static void page_fault(struct frame *frame) {
    u32 address = fault_address();
    bool restore = (frame->eflags & FLAG_INTERRUPT) != 0;
    if (restore) irq_enable(); /* the address is safe now, and what follows may wait for the disk */
    int error = -EFAULT;
    if (current->space && address < USER_END)
        error = space_touch(current->space, address, (frame->error & FAULT_WRITE) != 0);
    if (error == 0) return;
    if (from_process(frame)) {
        if (error == -ENOMEM) {
            print("varve: out of memory; process %d (%s) is ended\n", current->pid, current->name);
            process_exit(SIGKILL);
        }
        signal_force(error == -EFAULT ? SIGSEGV : SIGBUS, address);
    } else if (!excuse_copy(frame)) {
        fault_in_kernel(frame, address);
    }
}

static int signal_of(u32 vector) {
    switch (vector) {
    case DIVIDE_ERROR:
    case FLOATING_POINT: return SIGFPE;
    case DEBUG:
    case BREAKPOINT: return SIGTRAP;
    case INVALID_OPCODE: return SIGILL;
    default: return SIGSEGV;
    }
}

static void fault(struct frame *frame) {
    const u8 *at = (const u8 *)frame->eip;
    if (frame->vector == NO_COPROCESSOR && from_process(frame) && fpu_lend()) return;
    if (from_process(frame)) {
        irq_enable();
        signal_force(frame->vector == NO_COPROCESSOR ? SIGILL : signal_of(frame->vector), frame->eip);
    } else if (at == return_es || at == return_ds || at == return_iret) {
        /* On the way out: the process had put into a segment register what the processor does not take. */
        irq_enable();
        process_exit(SIGSEGV);
    } else {
        fault_in_kernel(frame, 0);
    }
}

/* Before the process goes on: other processes' turns, then its signals, as long as there is any of them. */
static void before_process(struct frame *frame) {
    for (;;) {
        irq_disable();
        if (need_schedule) {
            make_ready(current);
            schedule();
        } else if (signal_waits(current)) {
            irq_enable();
            signal_deliver(frame);
        } else {
            return;
        }
    }
}

void trap(struct frame *frame) {
    if (frame->vector == VECTOR_SYSTEM_CALL)
        system_call(frame);
    else if (frame->vector >= VECTOR_IRQ)
        interrupt(frame->vector - VECTOR_IRQ, from_process(frame));
    else if (frame->vector == PAGE_FAULT)
        page_fault(frame);
    else
        fault(frame);
    if (from_process(frame)) before_process(frame);
}
