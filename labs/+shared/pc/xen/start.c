/* What Xen has told, which drivers a guest of it needs, and how it ends. */
#include "../drivers/drivers.h"
#include "../kernel/boot.h"
#include "../kernel/console.h"
#include "../kernel/fs.h"
#include "../kernel/machine.h"
#include "../kernel/options.h"
#include "../kernel/power.h"
#include "console.h"
#include "paging.h"
#include "split.h"
#include "store.h"
#include "tools.h"

void xen_main(const struct start_info *info);

static const struct start_info *told;

/* boot.S calls it. Xen has laid out, from low to high: the kernel, the disk in memory, the list of frames, this page of
   information, two rings, the first page tables, and a stack that is not used any more. */
void xen_main(const struct start_info *info) {
    told = info;
    hypercall(UPDATE_VA_MAPPING, (u32)&shared_info, info->shared_info | PTE_PRESENT | PTE_WRITE, 0, INVALIDATE_PAGE);
    u32 used = PHYSICAL(info->page_directory) + info->page_tables * PAGE_SIZE;
    const struct boot boot = {
        .command_line = info->command_line,
        .used = paging_start(info, used),
        .memory = info->pages * PAGE_SIZE,
        .module = info->module,
        .module_length = info->module_length,
    };
    kernel_main(&boot);
}

void consoles_start(void) { ring_console_start(told); }
void input_start(void) { ring_console_listen(); }

/* Each access to a port is a fault into Xen, so the disk's controller moves the data. */
static void drive_devices(void) {
    const u32 level = 1;
    hypercall(PHYSDEV_OP, SET_IO_LEVEL, (u32)&level, 0, 0);
    options.dma = true;
    ata_start();
    ne2000_start();
    blkback_start();
    netback_start();
}

/* Domain 0 drives the machine's devices; the others have the front halves of drivers. */
void devices_start(void) {
    store_start(told);
    if (told->flags & INITIAL_DOMAIN) {
        drive_devices();
    } else {
        blkfront_start();
        netfront_start();
    }
}

const struct file_calls *machine_device(u32 device) {
    if (!(told->flags & INITIAL_DOMAIN)) return NULL;
    return device == DEVICE_PRIVCMD ? &privcmd_calls : device == DEVICE_XENBUS ? &xenbus_calls : NULL;
}

void power_off(u8 status) {
    const u32 reason = SHUTDOWN_POWEROFF;
    (void)status; /* Xen has no word for it */
    fs_shut_down();
    console_drain();
    for (;;) hypercall(SCHED_OP, SHUTDOWN, (u32)&reason, 0, 0);
}
