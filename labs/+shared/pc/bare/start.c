/* What a multiboot loader has said, and which drivers a PC needs. */
#include "../drivers/drivers.h"
#include "../kernel/block.h"
#include "../kernel/boot.h"
#include "../kernel/options.h"
#include "multiboot.h"

extern u8 kernel_end[]; /* kernel.ld */

void multiboot_main(u32 magic, u32 info_at);

/* What the loader put into memory must not be given away: modules, of which the first is the disk. */
static void use_modules(struct boot *boot, const struct multiboot_info *info) {
    const struct multiboot_module *modules = VIRTUAL(info->modules);
    for (u32 k = 0; k < info->module_count; k++)
        if (modules[k].end > boot->used) boot->used = modules[k].end;
    if (info->module_count == 0) return;
    boot->module = VIRTUAL(modules[0].start);
    boot->module_length = modules[0].end - modules[0].start;
}

/* boot.S calls it: the loader's magic number, and the physical address of what it tells. */
void multiboot_main(u32 magic, u32 info_at) {
    const struct multiboot_info *info = VIRTUAL(info_at);
    struct boot boot = {.used = PHYSICAL(kernel_end)};
    u32 told = magic == MULTIBOOT_LOADER ? info->flags : 0;
    if (told & MULTIBOOT_COMMAND_LINE) boot.command_line = VIRTUAL(info->command_line);
    if (told & MULTIBOOT_MEMORY) boot.memory = 0x100000 + info->memory_above * 1024;
    if (told & MULTIBOOT_MODULES) use_modules(&boot, info);
    kernel_main(&boot);
}

void consoles_start(void) {
    if (options.serial) serial_start();
    if (options.vga) vga_start();
}

/* Keys count wherever they come from. */
void input_start(void) {
    if (options.serial) serial_listen();
    keyboard_start();
}

void devices_start(void) {
    ata_start();
    if (!disk) virtio_blk_start(); /* only then: looking through the bus takes its time */
    ne2000_start();
}

const struct file_calls *machine_device(u32 device) {
    (void)device;
    return NULL;
}
