/* Where characters go. */
#include "console.h"

#define DRIVERS 2

static const struct console_driver *drivers[DRIVERS];
static u32 count;

void console_add(const struct console_driver *driver) {
    if (count < DRIVERS) drivers[count++] = driver;
}

void console_put(char c) {
    for (u32 k = 0; k < count; k++) {
        if (c == '\n') drivers[k]->put('\r');
        drivers[k]->put(c);
        if (c == '\n' && drivers[k]->settle) drivers[k]->settle();
    }
}

void console_raw(char c) {
    for (u32 k = 0; k < count; k++) drivers[k]->put(c);
}

void console_settle(void) {
    for (u32 k = 0; k < count; k++)
        if (drivers[k]->settle) drivers[k]->settle();
}

u32 console_room(void) {
    u32 room = ~0u;
    for (u32 k = 0; k < count; k++)
        if (drivers[k]->room) room = least(room, drivers[k]->room());
    return room;
}

void console_drain(void) {
    console_settle();
    for (u32 k = 0; k < count; k++)
        if (drivers[k]->drain) drivers[k]->drain();
}
