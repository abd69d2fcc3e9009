/* What workloads use to check themselves. */
#include "unix.h"

/* ISO 3309, least significant bit first, as in Ethernet; four bits at a time. */
u32 crc32(u32 crc, const void *bytes, u32 length) {
    static u32 remainders[16];
    const u8 *b = bytes;
    for (u32 k = 0; remainders[15] == 0 && k < 16; k++) {
        u32 value = k;
        for (int bit = 0; bit < 4; bit++) value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
        remainders[k] = value;
    }
    crc = ~crc;
    for (; length > 0; length--) {
        crc ^= *b++;
        crc = crc >> 4 ^ remainders[crc & 15];
        crc = crc >> 4 ^ remainders[crc & 15];
    }
    return ~crc;
}

/* Linear congruential; the upper bits are the better ones. */
u32 random_next(u32 *seed) { return (*seed = *seed * 1664525u + 1013904223u) >> 8; }

int verdict(bool right, const char *format, ...) {
    char text[128];
    va_list values;
    va_start(values, format);
    u32 length = 0;
    /* Only numbers are inserted: %u and %x. */
    for (; *format && length < sizeof text - 12; format++) {
        if (*format != '%') {
            text[length++] = *format;
            continue;
        }
        u32 value = va_arg(values, u32);
        length += *++format == 'x' ? format_into(text + length, 12, "%08x", value)
                                   : format_into(text + length, 12, "%u", value);
    }
    va_end(values);
    text[length] = 0;
    print("%s: %s\n", text, right ? "ok" : "WRONG");
    return right ? 0 : 1;
}
