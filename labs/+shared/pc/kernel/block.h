/* Disks: numbered blocks of 4 KB. A driver announces what it found; the first one is the system's disk. */
#ifndef BLOCK_H
#define BLOCK_H

#include "types.h"

#define BLOCK_SIZE PAGE_SIZE

struct block_device {
    const char *name;
    u32 blocks;
    /* 0, or -EIO after a message that says what the disk answered. Both may wait. */
    int (*read)(u32 block, void *to);
    int (*write)(u32 block, const void *from);
};

extern const struct block_device *disk; /* null: there is none */
void block_announce(const struct block_device *device);

#endif
