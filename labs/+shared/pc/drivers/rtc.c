/* The battery clock of the PC (MC146818), read once at boot. */
#include "../kernel/machine.h"
#include "drivers.h"

#define INDEX 0x70
#define DATA 0x71

#define STATUS_A 0x0a
#define UPDATING 0x80
#define STATUS_B 0x0b
#define BINARY 0x04
#define HOURS_24 0x02
#define AFTERNOON 0x80

static u8 cell(u8 number) {
    out8(INDEX, number);
    return in8(DATA);
}

static u32 value(u8 number, u8 status) {
    u8 v = cell(number);
    return status & BINARY ? v : (v >> 4) * 10u + (v & 15);
}

static u32 hour(u8 status) {
    u8 v = cell(4), clean = v & (u8)~AFTERNOON;
    u32 h = status & BINARY ? clean : (clean >> 4) * 10u + (clean & 15);
    return status & HOURS_24 ? h : h % 12 + (v & AFTERNOON ? 12 : 0);
}

/* Days from 1 January 1970; years that begin in March put the leap day at the end. */
static u32 days(u32 year, u32 month, u32 day) {
    if (month <= 2) year--, month += 12;
    return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 - 457) / 5 + day - 719469;
}

u32 rtc_seconds(void) {
    for (u32 k = 0; k < 10000 && (cell(STATUS_A) & UPDATING); k++) continue;
    u8 status = cell(STATUS_B);
    u32 year = value(9, status);
    year += year < 70 ? 2000 : 1900;
    u32 day = days(year, value(8, status), value(7, status));
    return ((day * 24 + hour(status)) * 60 + value(2, status)) * 60 + value(0, status);
}
