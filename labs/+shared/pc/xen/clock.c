/* Time under Xen: its system time in shared memory, continued by the time-stamp counter, and a timer for each tick. */
#include "../kernel/clock.h"

#include "events.h"
#include "../kernel/machine.h"
#include "../kernel/process.h"

#define NANOSECONDS_PER_SECOND 1000000000u

static u64 began; /* system time */
static volatile u32 ticks;

/* The compiler would want a library for this. */
static u32 divide(u64 dividend, u32 divisor, u32 *rest) {
    u32 quotient;
    asm("divl %4" : "=a"(quotient), "=d"(*rest) : "0"((u32)dividend), "1"((u32)(dividend >> 32)), "r"(divisor));
    return quotient;
}

static u64 time_stamp(void) {
    u64 value;
    asm volatile("rdtsc" : "=A"(value));
    return value;
}

/* Xen counts the version up before and after it writes: odd means that it is writing. */
static u64 system_time(void) {
    u32 version;
    u64 now;
    do {
        volatile struct time_info *time = &shared_info.time;
        version = time->version;
        COMPILER_BARRIER();
        u64 cycles = time_stamp() - time->time_stamp;
        cycles = time->shift < 0 ? cycles >> -time->shift : cycles << time->shift;
        now = time->system_time + ((u64)(u32)cycles * time->multiplier >> 32);
        COMPILER_BARRIER();
    } while ((version & 1) || version != shared_info.time.version);
    return now;
}

static void set_timer(void) {
    u64 due = began + (u64)(ticks + 1) * NANOSECONDS_PER_TICK;
    hypercall(SET_TIMER_OP, (u32)due, (u32)(due >> 32), 0, 0);
}

/* Ticks that passed while another domain ran are counted now. */
static void tick(bool process_ran) {
    u32 rest, now = divide(system_time() - began, NANOSECONDS_PER_TICK, &rest);
    while (ticks < now) {
        ticks++;
        schedule_tick(process_ran);
    }
    set_timer();
}

void clock_start(void) {
    struct bind_virtual_interrupt bind = {VIRTUAL_TIMER, 0, 0};
    began = system_time();
    hypercall(VCPU_OP, STOP_PERIODIC_TIMER, 0, 0, 0);
    hypercall(EVENT_CHANNEL_OP, BIND_VIRTUAL_INTERRUPT, (u32)&bind, 0, 0);
    event_handle(bind.port, tick);
    set_timer();
}

u32 clock_ticks(void) { return ticks; }

static struct timespec parts(u64 nanoseconds) {
    u32 rest, seconds = divide(nanoseconds, NANOSECONDS_PER_SECOND, &rest);
    return (struct timespec){(long)seconds, (long)rest};
}

struct timespec clock_since_boot(void) { return parts(system_time() - began); }

/* The wall clock is that of system time zero. */
struct timespec clock_of_day(void) {
    struct timespec now = parts(system_time() + shared_info.wall_nanoseconds);
    now.tv_sec += (long)shared_info.wall_seconds;
    return now;
}

u32 clock_seconds(void) { return (u32)clock_of_day().tv_sec; }
