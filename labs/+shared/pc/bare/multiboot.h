/* What a multiboot 1 loader tells the kernel it starts. */
#ifndef MULTIBOOT_H
#define MULTIBOOT_H

#include "../kernel/types.h"

#define MULTIBOOT_LOADER 0x2badb002u

#define MULTIBOOT_MEMORY 0x01u
#define MULTIBOOT_COMMAND_LINE 0x04u
#define MULTIBOOT_MODULES 0x08u

struct multiboot_info {
    u32 flags;
    u32 memory_below, memory_above; /* in KB, above: from 1 MB on */
    u32 boot_device, command_line;
    u32 module_count, modules;
};

struct multiboot_module {
    u32 start, end, name, reserved;
};

#endif
