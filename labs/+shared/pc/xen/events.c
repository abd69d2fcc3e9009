/* Interrupts under Xen: events, each with a port. */
#include "events.h"

#include "../kernel/interrupts.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"

#define PORTS 64 /* that this kernel can have */

static void (*handlers[PORTS])(bool process_ran);
static u8 lines[PORTS]; /* the line that a port stands for, counted from 1 */

void interrupts_start(void) {}

void event_handle(u32 port, void (*handler)(bool process_ran)) {
    if (port >= PORTS) panic("event port %u, and there are handlers for %u", port, PORTS);
    handlers[port] = handler;
    hypercall(EVENT_CHANNEL_OP, UNMASK, (u32)&port, 0, 0);
}

/* A line of the machine. Xen masks it when it interrupts, and wants to hear when the device has been served. */
void interrupt_handle(u32 line, void (*handler)(bool process_ran)) {
    struct bind_physical_interrupt bind = {line, 0, 0};
    if (hypercall(EVENT_CHANNEL_OP, BIND_PHYSICAL_INTERRUPT, (u32)&bind, 0, 0) != 0)
        panic("Xen does not give this domain the interrupt line %u", line);
    event_handle(bind.port, handler);
    lines[bind.port] = (u8)(line + 1);
}

static u32 take(volatile u32 *word) {
    u32 value = 0;
    asm volatile("xchg %0, %1" : "+r"(value), "+m"(*word) : : "memory");
    return value;
}

static void handle(u32 port, bool process_ran) {
    asm volatile("lock btrl %1, %0" : "+m"(shared_info.pending[port / 32]) : "r"(port % 32) : "memory", "cc");
    if (port >= PORTS || !handlers[port]) panic("event at port %u, which has no handler", port);
    handlers[port](process_ran);
    const u32 line = lines[port] - 1u;
    if (lines[port]) hypercall(PHYSDEV_OP, END_OF_INTERRUPT, (u32)&line, 0, 0);
}

/* There is one way in for all events: which ones came is in shared memory. */
void interrupt(u32 line, bool process_ran) {
    (void)line;
    while (shared_info.upcall_pending) {
        shared_info.upcall_pending = 0;
        u32 words = take(&shared_info.pending_selector);
        for (u32 word = 0; word < EVENT_WORDS; word++) {
            if (!(words >> word & 1)) continue;
            u32 bits = shared_info.pending[word] & ~shared_info.mask[word];
            for (u32 bit = 0; bit < 32; bit++)
                if (bits >> bit & 1) handle(word * 32 + bit, process_ran);
        }
    }
}
