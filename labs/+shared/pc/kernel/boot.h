/* What a boot loader has said, whichever it was. */
#ifndef BOOT_H
#define BOOT_H

#include "types.h"

struct boot {
    const char *command_line; /* or null */
    u32 used, memory; /* physical addresses: what stands below is taken; end of memory, 0 if nobody said */
    void *module; /* the disk in memory, or null */
    u32 module_length;
};

/* The C code begins here, with paging on. */
void __attribute__((noreturn)) kernel_main(const struct boot *boot);

#endif
