/* The serial line COM1, a 16550. What is sent waits in a ring until the line has room and says so by an interrupt. */
#include "../kernel/console.h"
#include "../kernel/interrupts.h"
#include "../kernel/machine.h"
#include "drivers.h"

#define PORT 0x3f8
#define LINE 4

#define DATA (PORT + 0)
#define ENABLE (PORT + 1)
#define IDENTIFY (PORT + 2) /* read: why it interrupts; written: the FIFOs */
#define FORMAT (PORT + 3)
#define MODEM (PORT + 4)
#define STATUS (PORT + 5)

#define ENABLE_RECEIVED 1
#define ENABLE_EMPTY 2
#define FIFO_ON 0x07
#define FIFO_DEPTH 16
#define BITS_8 0x03
#define DIVISOR_ACCESS 0x80
#define MODEM_ON 0x0b /* ready, request to send, interrupts reach the controller */
#define STATUS_RECEIVED 0x01
#define STATUS_EMPTY 0x20

#define RING 4096u

static char ring[RING];
static u32 in, out; /* characters ever put into the ring and taken out of it */
static bool waiting; /* for the interrupt that says that the line is empty */

static void send_some(void) {
    for (u32 k = 0; k < FIFO_DEPTH && out != in; k++) out8(DATA, (u8)ring[out++ % RING]);
    bool more = out != in;
    if (more != waiting) out8(ENABLE, ENABLE_RECEIVED | (more ? ENABLE_EMPTY : 0));
    waiting = more;
}

static void send_now(void) {
    while (!(in8(STATUS) & STATUS_EMPTY)) continue;
    send_some();
}

static void put(char c) {
    u32 flags = irq_save();
    if (in - out == RING) send_now();
    ring[in++ % RING] = c;
    irq_restore(flags);
}

static void settle(void) {
    u32 flags = irq_save();
    if (!waiting && in != out && (in8(STATUS) & STATUS_EMPTY)) send_some();
    else if (!waiting && in != out) {
        out8(ENABLE, ENABLE_RECEIVED | ENABLE_EMPTY);
        waiting = true;
    }
    irq_restore(flags);
}

static void drain(void) {
    settle();
    while (in != out)
        if (irq_enabled())
            cpu_wait(); /* for the line's interrupt, or the timer's */
        else
            send_now();
}

static u32 room(void) { return RING - (in - out); }

static void handle(bool process_ran) {
    (void)process_ran;
    while (!(in8(IDENTIFY) & 1)) {
        u8 status = in8(STATUS);
        if (status & STATUS_RECEIVED) tty_input((char)in8(DATA));
        if ((status & STATUS_EMPTY) && waiting) send_some();
    }
    if (room() >= RING / 2) tty_room();
}

void serial_start(void) {
    static const struct console_driver driver = {put, settle, drain, room};
    out8(FORMAT, DIVISOR_ACCESS);
    out8(DATA, 1); /* 115200 baud */
    out8(ENABLE, 0);
    out8(FORMAT, BITS_8);
    out8(IDENTIFY, FIFO_ON);
    out8(MODEM, MODEM_ON);
    out8(ENABLE, ENABLE_RECEIVED);
    console_add(&driver);
}

/* Interrupts of the line are taken once there is a table of them. The line may have asked before the controller was set
   up, which lost it: it must fall and rise again. */
void serial_listen(void) {
    out8(ENABLE, 0);
    interrupt_handle(LINE, handle);
    out8(ENABLE, ENABLE_RECEIVED);
    waiting = false;
    settle();
}
