/* Text for people: kernel messages, and the end when there is no way on. */
#ifndef PRINT_H
#define PRINT_H

#include "types.h"

/* Knows %d %u %x %c %s %%, with a width, a leading 0 and a leading -. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same into `text`, which holds `size` bytes; returns the length. */
u32 print_to(char *text, u32 size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The kernel found itself in a state that it cannot explain: says so and stops the machine. */
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
