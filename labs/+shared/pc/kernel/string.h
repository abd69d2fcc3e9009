/* Bytes and text. */
#ifndef STRING_H
#define STRING_H

#include "types.h"

/* The compiler calls these three by their C names. */
void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *a, const void *b, size_t length);

void move_bytes(void *to, const void *from, u32 length); /* the two may overlap */
u32 text_length(const char *text);
bool text_equal(const char *a, const char *b);
/* Copies at most size - 1 characters and ends them with a zero. */
void text_copy(char *to, const char *from, u32 size);
/* If `text` begins with `start`, what comes behind it, else null. */
const char *text_after(const char *text, const char *start);

#endif
