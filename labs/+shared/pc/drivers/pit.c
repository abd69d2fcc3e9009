/* The clock: counter 0 of the 8254 interrupts a hundred times in a second, and its count tells the time between. */
#include "../kernel/clock.h"
#include "../kernel/interrupts.h"
#include "../kernel/machine.h"
#include "../kernel/process.h"
#include "drivers.h"

#define COUNTER_0 0x40
#define CONTROL 0x43
#define LINE 0
#define RATE_GENERATOR 0x34 /* counter 0, two bytes, mode 2 */
#define LATCH 0x00

#define FREQUENCY 1193182u
#define DIVISOR (FREQUENCY / TICKS_PER_SECOND)
#define NANOSECONDS_PER_COUNT 838u

static volatile u32 ticks;
static u32 seconds_at_boot;

static void tick(bool process_ran) {
    ticks++;
    schedule_tick(process_ran);
}

void clock_start(void) {
    seconds_at_boot = rtc_seconds();
    out8(CONTROL, RATE_GENERATOR);
    out8(COUNTER_0, DIVISOR & 0xff);
    out8(COUNTER_0, DIVISOR >> 8);
    interrupt_handle(LINE, tick);
}

u32 clock_ticks(void) { return ticks; }
u32 clock_seconds(void) { return seconds_at_boot + ticks / TICKS_PER_SECOND; }

static u32 counts_since_tick(void) {
    out8(CONTROL, LATCH);
    u32 low = in8(COUNTER_0), count = (u32)in8(COUNTER_0) << 8 | low;
    return count < DIVISOR ? DIVISOR - count : 0;
}

/* The counter may have begun anew before its interrupt came: time then stands still rather than going back. */
struct timespec clock_since_boot(void) {
    static u32 last_tick, last_count;
    u32 flags = irq_save(), tick_now = ticks, count = counts_since_tick();
    if (tick_now == last_tick && count < last_count) count = last_count;
    last_tick = tick_now, last_count = count;
    irq_restore(flags);
    u32 part = tick_now % TICKS_PER_SECOND * NANOSECONDS_PER_TICK + count * NANOSECONDS_PER_COUNT;
    return (struct timespec){(long)(tick_now / TICKS_PER_SECOND), (long)part};
}

struct timespec clock_of_day(void) {
    struct timespec now = clock_since_boot();
    now.tv_sec += (long)seconds_at_boot;
    return now;
}
