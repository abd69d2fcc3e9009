/* What is started by name; everything else about a driver stays in its file. */
#ifndef DRIVERS_H
#define DRIVERS_H

#include "../kernel/file.h"
#include "../kernel/types.h"

/* Each kind of machine says which drivers these are (bare/start.c, xen/start.c). */
void consoles_start(void); /* what shows messages */
void input_start(void); /* what is typed, once there are interrupts */
void devices_start(void); /* disk and network, in the first process */
/* Calls of a character device that only this kind of machine has, or null. */
const struct file_calls *machine_device(u32 device);

void serial_start(void); /* COM1: shows, and after serial_listen takes what is typed */
void serial_listen(void);
void vga_start(void);
void keyboard_start(void);
void ata_start(void);
void virtio_blk_start(void);
void ramdisk_start(void *image, u32 length);
void ne2000_start(void);
u32 rtc_seconds(void); /* since 1970, when the machine was switched on */

#endif
