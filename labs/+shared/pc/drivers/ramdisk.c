/* A disk in memory: the image that the boot loader brought along as a module. */
#include "../kernel/block.h"
#include "../kernel/string.h"
#include "drivers.h"

static u8 *memory;

static int read(u32 block, void *to) {
    memcpy(to, memory + block * BLOCK_SIZE, BLOCK_SIZE);
    return 0;
}

static int write(u32 block, const void *from) {
    memcpy(memory + block * BLOCK_SIZE, from, BLOCK_SIZE);
    return 0;
}

void ramdisk_start(void *image, u32 length) {
    static struct block_device device = {"boot module", 0, read, write};
    memory = image;
    device.blocks = length / BLOCK_SIZE;
    block_announce(&device);
}
