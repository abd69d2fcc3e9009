/* The beginning: from the boot loader to the first program. */
#include "../drivers/drivers.h"
#include "block.h"
#include "boot.h"
#include "clock.h"
#include "console.h"
#include "file.h"
#include "frames.h"
#include "fs.h"
#include "interrupts.h"
#include "machine.h"
#include "options.h"
#include "path.h"
#include "power.h"
#include "print.h"
#include "process.h"
#include "syscall.h"

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
    devices_start();
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

void kernel_main(const struct boot *boot) {
    if (boot->command_line) options_read(boot->command_line);
    consoles_start();
    print("Varve 1.0, a small UNIX for IA-32\n");
    if (boot->memory == 0) panic("the boot loader does not say how much memory there is");
    machine_start();
    frames_start(boot->used, boot->memory);
    struct frame_counts frames = frames_counted();
    print("memory: %u KB, %u KB free\n", boot->memory / 1024, frames.free * 4);
    if (boot->module) ramdisk_start(boot->module, boot->module_length);
    schedule_start();
    syscall_start();
    interrupts_start();
    clock_start();
    input_start();
    process_start_first(begin);
    for (;;) { /* from here on this is the idle process */
        irq_disable();
        schedule();
        cpu_wait();
    }
}
