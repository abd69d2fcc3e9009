/* Integers by their width, and a few words that the whole kernel uses. */
#ifndef TYPES_H
#define TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define PAGE_SIZE 4096u
#define PAGE_DOWN(address) ((u32)(address) & ~(PAGE_SIZE - 1))
#define PAGE_UP(address) PAGE_DOWN((u32)(address) + PAGE_SIZE - 1)

/* Physical memory stands at KERNEL_BASE in every address space; processes have what is below. */
#define KERNEL_BASE 0xc0000000u
#define KERNEL_WINDOW 0x10000000u /* at most 256 MB of it */
#define PHYSICAL(pointer) ((u32)(pointer) - KERNEL_BASE)
#define VIRTUAL(physical) ((void *)((u32)(physical) + KERNEL_BASE))

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline u32 least(u32 a, u32 b) { return a < b ? a : b; }

#endif
