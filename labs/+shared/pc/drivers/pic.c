/* Two 8259A interrupt controllers, the second one on line 2 of the first. */
#include "../kernel/interrupts.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"

#define MASTER 0x20
#define SLAVE 0xa0
#define DATA 1 /* the port behind the command port */
#define CASCADE 2

#define INITIALIZE 0x11 /* edge-triggered, two controllers, four words follow */
#define MODE_8086 0x01
#define READ_IN_SERVICE 0x0b
#define END_OF_INTERRUPT 0x20

static void (*handlers[16])(bool process_ran);

static void start_one(u16 port, u8 vector, u8 wiring) {
    out8(port, INITIALIZE);
    out8(port + DATA, vector);
    out8(port + DATA, wiring);
    out8(port + DATA, MODE_8086);
    out8(port + DATA, 0xff);
}

void interrupts_start(void) {
    start_one(MASTER, VECTOR_IRQ, 1 << CASCADE);
    start_one(SLAVE, VECTOR_IRQ + 8, CASCADE);
}

static void unmask(u32 line) {
    u16 port = (line < 8 ? MASTER : SLAVE) + DATA;
    out8(port, in8(port) & (u8)~(1 << line % 8));
}

void interrupt_handle(u32 line, void (*handler)(bool process_ran)) {
    u32 flags = irq_save();
    handlers[line] = handler;
    unmask(line);
    if (line >= 8) unmask(CASCADE);
    irq_restore(flags);
}

/* A request that was gone before the processor took it comes as line 7 or 15 and is not in service. */
static bool is_spurious(u32 line) {
    u16 port = line == 7 ? MASTER : SLAVE;
    if (line % 8 != 7) return false;
    out8(port, READ_IN_SERVICE);
    return (in8(port) & 0x80) == 0;
}

void interrupt(u32 line, bool process_ran) {
    bool spurious = is_spurious(line);
    if (line >= 8 && !spurious) out8(SLAVE, END_OF_INTERRUPT);
    if (line >= 8 || !spurious) out8(MASTER, END_OF_INTERRUPT);
    if (spurious) return;
    if (!handlers[line]) panic("interrupt on line %u, which has no handler", line);
    handlers[line](process_ran);
}
