/* Time: ticks since boot, and what programs call the time of day. */
#ifndef CLOCK_H
#define CLOCK_H

#include "../abi/linux.h"
#include "types.h"

#define TICKS_PER_SECOND 100
#define NANOSECONDS_PER_TICK 10000000u

void clock_start(void);
u32 clock_ticks(void);
/* Since boot, to the precision of the timer. */
struct timespec clock_since_boot(void);
/* Seconds since 1970. */
u32 clock_seconds(void);
struct timespec clock_of_day(void);

#endif
