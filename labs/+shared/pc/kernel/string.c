/* Bytes and text. */
#include "string.h"

void *memcpy(void *to, const void *from, size_t length) {
    void *start = to;
    u32 words = length / 4;
    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
    length %= 4;
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
    return start;
}

void *memset(void *to, int value, size_t length) {
    void *start = to;
    u32 words = length / 4, pattern = (value & 0xff) * 0x01010101u;
    asm volatile("rep stosl" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
    length %= 4;
    asm volatile("rep stosb" : "+D"(to), "+c"(length) : "a"(pattern) : "memory");
    return start;
}

int memcmp(const void *a, const void *b, size_t length) {
    const u8 *x = a, *y = b;
    for (; length > 0; length--, x++, y++)
        if (*x != *y) return *x - *y;
    return 0;
}

void move_bytes(void *to, const void *from, u32 length) {
    u8 *target = to;
    const u8 *source = from;
    if (target <= source)
        for (u32 k = 0; k < length; k++) target[k] = source[k];
    else
        while (length-- > 0) target[length] = source[length];
}

u32 text_length(const char *text) {
    u32 length = 0;
    while (text[length]) length++;
    return length;
}

bool text_equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

void text_copy(char *to, const char *from, u32 size) {
    for (; size > 1 && *from; size--) *to++ = *from++;
    *to = 0;
}

const char *text_after(const char *text, const char *start) {
    while (*start)
        if (*text++ != *start++) return NULL;
    return text;
}
