/* Addresses of the network in text. */
#include "packets.h"

#include "string.h"

bool read_address(u32 *address, const char *text) {
    u32 value = 0, part = 0, bytes = 0;
    for (;; text++) {
        if (*text >= '0' && *text <= '9') {
            part = part * 10 + (u32)(*text - '0');
            continue;
        }
        if (part > 255) return false;
        value |= part << 8 * bytes++;
        part = 0;
        if (*text != '.' || bytes == 4) break;
    }
    if (bytes != 4 || *text) return false;
    *address = value;
    return true;
}

/* 16 if it is none. */
static u32 digit(char c) {
    if (c >= '0' && c <= '9') return (u32)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (u32)(c - 'a') + 10 : 16;
}

bool read_station(u8 *station, const char *text) {
    u8 value[6];
    for (u32 k = 0; k < 6; k++, text += 3) {
        u32 high = digit(text[0]), low = high < 16 ? digit(text[1]) : 16;
        if (low == 16 || text[2] != (k < 5 ? ':' : 0)) return false;
        value[k] = (u8)(high << 4 | low);
    }
    memcpy(station, value, sizeof value);
    return true;
}
