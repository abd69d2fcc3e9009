/* The way into Xen: a page that Xen fills with one small stub for each call. */
#ifndef HYPERCALL_H
#define HYPERCALL_H

#include "../kernel/types.h"

extern const u8 hypercall_page[]; /* boot.S */

static inline int hypercall(u32 number, u32 a, u32 b, u32 c, u32 d) {
    int result;
    u32 b1, c1, d1, s1;
    asm volatile("call *%0"
                 : "=a"(result), "=b"(b1), "=c"(c1), "=d"(d1), "=S"(s1)
                 : "0"(hypercall_page + 32 * number), "1"(a), "2"(b), "3"(c), "4"(d)
                 : "memory");
    return result;
}

#endif
