/* System calls about time. */
#include "clock.h"
#include "process.h"
#include "space.h"
#include "syscall.h"

static int sys_time(u32 to) {
    u32 now = clock_seconds();
    return to && copy_out(to, &now, sizeof now) ? -EFAULT : (int)now;
}

static int sys_gettimeofday(u32 to) {
    struct timespec now = clock_of_day();
    const struct timeval time = {now.tv_sec, now.tv_nsec / 1000};
    return to ? copy_out(to, &time, sizeof time) : 0;
}

static bool is_clock(u32 clock) {
    return clock <= CLOCK_MONOTONIC || (clock >= CLOCK_MONOTONIC_RAW && clock <= CLOCK_BOOTTIME);
}

static struct timespec read_clock(u32 clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? clock_of_day() : clock_since_boot();
}

static int sys_clock_gettime(u32 clock, u32 to) {
    const struct timespec now = read_clock(clock);
    return is_clock(clock) ? copy_out(to, &now, sizeof now) : -EINVAL;
}

/* The same in words of 64 bits, for programs that will live beyond 2038. */
static int sys_clock_gettime64(u32 clock, u32 to) {
    const struct timespec now = read_clock(clock);
    const u32 wide[4] = {(u32)now.tv_sec, 0, (u32)now.tv_nsec, 0};
    return is_clock(clock) ? copy_out(to, wide, sizeof wide) : -EINVAL;
}

static int sys_times(u32 to) {
    const struct tms times = {(long)current->user_ticks, (long)current->system_ticks, (long)current->children_user,
                              (long)current->children_system};
    int error = to ? copy_out(to, &times, sizeof times) : 0;
    return error ? error : (int)clock_ticks();
}

/* Never shorter than asked: the tick that is under way does not count. */
static u32 ticks_for(struct timespec time) {
    u32 part = ((u32)time.tv_nsec + NANOSECONDS_PER_TICK - 1) / NANOSECONDS_PER_TICK;
    return (u32)time.tv_sec * TICKS_PER_SECOND + part + 1;
}

static int sys_nanosleep(u32 wanted_at, u32 left_at) {
    static struct queue sleepers;
    struct timespec time;
    int error = copy_in(&time, wanted_at, sizeof time);
    if (error) return error;
    if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= 1000000000 || time.tv_sec > 10000000) return -EINVAL;
    u32 flags = irq_save(), until = clock_ticks() + ticks_for(time);
    while ((error = sleep_lightly(&sleepers, until)) == 0) continue;
    irq_restore(flags);
    if (error == -EAGAIN) return 0;
    u32 left = until - clock_ticks();
    const struct timespec rest = {(long)(left / TICKS_PER_SECOND),
                                  (long)(left % TICKS_PER_SECOND * NANOSECONDS_PER_TICK)};
    return left_at && copy_out(left_at, &rest, sizeof rest) ? -EFAULT : -EINTR;
}

static int sys_alarm(u32 seconds) {
    u32 now = clock_ticks(), left = current->alarm_at ? current->alarm_at - now + TICKS_PER_SECOND - 1 : 0;
    schedule_alarm(seconds ? now + seconds * TICKS_PER_SECOND : 0);
    return (int)(left / TICKS_PER_SECOND);
}

static int sys_sched_yield(void) {
    need_schedule = true;
    return 0;
}

const struct call_row time_rows[] = {
    ROW(time, sys_time),
    ROW(gettimeofday, sys_gettimeofday),
    ROW(clock_gettime, sys_clock_gettime),
    ROW(clock_gettime64, sys_clock_gettime64),
    ROW(times, sys_times),
    ROW(nanosleep, sys_nanosleep),
    ROW(alarm, sys_alarm),
    ROW(sched_yield, sys_sched_yield),
    LAST_ROW,
};
