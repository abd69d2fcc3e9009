/* The console under Xen: a ring in shared memory, which a service beside Xen empties, and fills with what is typed. */
#include "console.h"

#include "../kernel/console.h"
#include "events.h"
#include "../kernel/machine.h"

static volatile struct console_ring *ring;
static u32 port;

static u32 room(void) { return sizeof ring->out - (ring->out_put - ring->out_taken); }

static void settle(void) {
    if (ring->out_put != ring->out_taken) hypercall(EVENT_CHANNEL_OP, SEND_EVENT, (u32)&port, 0, 0);
}

static void drain(void) {
    while (ring->out_put != ring->out_taken) settle();
}

static void put(char c) {
    u32 flags = irq_save();
    if (room() == 0) drain();
    ring->out[ring->out_put % sizeof ring->out] = c;
    COMPILER_BARRIER();
    ring->out_put++;
    irq_restore(flags);
}

static void handle(bool process_ran) {
    (void)process_ran;
    while (ring->in_taken != ring->in_put) tty_input(ring->in[ring->in_taken++ % sizeof ring->in]);
    if (room() >= sizeof ring->out / 2) tty_room();
}

void ring_console_start(const struct start_info *info) {
    static const struct console_driver driver = {put, settle, drain, room};
    ring = frame_at(info->console_frame * PAGE_SIZE);
    port = info->console_port;
    console_add(&driver);
}

void ring_console_listen(void) { event_handle(port, handle); }
