/* The beginning: from the boot loader to the first program. */
#include "../drivers/drivers.h"
#include "block.h"
#include "clock.h"
#include "console.h"
#include "file.h"
#include "frames.h"
#include "fs.h"
#include "interrupts.h"
#include "machine.h"
#include "multiboot.h"
#include "options.h"
#include "path.h"
#include "power.h"
#include "print.h"
#include "process.h"
#include "syscall.h"

extern u8 kernel_end[]; /* kernel.ld */

void kernel_main(u32 magic, u32 info_at);

/* ---- the first process: begins in the kernel and becomes a program ---- */

static void open_console(void) {
    struct file *console;
    int error = file_open("/dev/console", O_RDWR, 0, &console);
    if (error) print("varve: cannot open /dev/console: error %d; the first program has no terminal\n", -error);
    for (int k = 0; !error && k < 3; k++) {
        if (k > 0) file_hold(console);
        file_install(console, k);
    }
}

static void __attribute__((noreturn)) give_up(const char *what, int error) {
    print("varve: %s: error %d. There is nothing to run; switching off\n", what, -error);
    power_off(1);
}

static void begin(void) {
    irq_enable();
    ata_start();
    ne2000_start();
    if (disk) print("disk: %s, %u KB\n", disk->name, disk->blocks * (BLOCK_SIZE / 1024));
    int error = fs_mount();
    if (!error) error = path_find("/", &current->directory);
    if (error) give_up("the root file system cannot be used", error);
    open_console();
    struct frame *frame = (struct frame *)(current->stack + PAGE_SIZE) - 1;
    error = process_exec_first(frame, options.init);
    if (error) give_up(options.init[0], error);
    irq_disable(); /* return_from_trap is next */
}

/* ---- the machine ---- */

/* What the loader put into memory must not be given away: modules, of which the first is the disk. */
static u32 use_modules(const struct multiboot_info *info) {
    u32 used = PHYSICAL(kernel_end);
    if (!(info->flags & MULTIBOOT_MODULES)) return used;
    const struct multiboot_module *modules = VIRTUAL(info->modules);
    for (u32 k = 0; k < info->module_count; k++)
        if (modules[k].end > used) used = modules[k].end;
    if (info->module_count > 0) ramdisk_start(VIRTUAL(modules[0].start), modules[0].end - modules[0].start);
    return used;
}

static void start_consoles(void) {
    if (options.serial) serial_start();
    if (options.vga) vga_start();
}

/* Keys count wherever they come from. */
static void start_input(void) {
    if (options.serial) serial_listen();
    keyboard_start();
}

void kernel_main(u32 magic, u32 info_at) {
    const struct multiboot_info *info = VIRTUAL(info_at);
    bool told = magic == MULTIBOOT_LOADER;
    if (told && (info->flags & MULTIBOOT_COMMAND_LINE)) options_read(VIRTUAL(info->command_line));
    start_consoles();
    print("Varve 1.0, a small UNIX for IA-32\n");
    if (!told || !(info->flags & MULTIBOOT_MEMORY)) panic("the boot loader does not say how much memory there is");
    machine_start();
    u32 memory = 0x100000 + info->memory_above * 1024;
    frames_start(use_modules(info), memory);
    struct frame_counts frames = frames_counted();
    print("memory: %u KB, %u KB free\n", memory / 1024, frames.free * 4);
    schedule_start();
    syscall_start();
    interrupts_start();
    clock_start();
    start_input();
    process_start_first(begin);
    for (;;) { /* from here on this is the idle process */
        irq_disable();
        schedule();
        cpu_wait();
    }
}
