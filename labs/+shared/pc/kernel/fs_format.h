/*
 * The file system as it lies on the disk, in blocks of 4 KB:
 *
 *   block 0      the superblock
 *   block 1 …    the table of inodes, 16 in each block; inode 1 is the root directory, there is no inode 0
 *   the rest     contents of files and directories
 *
 * Which blocks are free is written nowhere: free is what no inode claims, and the kernel finds out when it mounts the
 * disk. So there is no map that could disagree with the inodes after a power failure. A directory is a file of entries
 * of 64 bytes. disk.ts, which makes disks, writes the same format.
 */
#ifndef FS_FORMAT_H
#define FS_FORMAT_H

#include "inode.h"
#include "types.h"

#define FS_MAGIC 0x76726176u /* "varv" */
#define FS_VERSION 1
#define ROOT_INODE 1

struct disk_super {
    u32 magic, version;
    u32 blocks; /* of the whole file system */
    u32 inode_blocks; /* of the table */
    u32 clean; /* 1: shut down in order */
    u32 checksum; /* of the five words before */
};

struct disk_inode {
    u16 mode, links; /* mode 0: free */
    u32 size, modified, device;
    u32 extent_count;
    u32 reserved[2];
    u32 checksum; /* of all other words */
    struct extent extents[EXTENTS];
};
#define INODES_IN_BLOCK (PAGE_SIZE / sizeof(struct disk_inode))

struct disk_entry {
    u32 inode; /* 0: free */
    char name[NAME_LENGTH + 1];
};
#define ENTRIES_IN_BLOCK (PAGE_SIZE / sizeof(struct disk_entry))

/* Starts with 1, so that a block of zeroes is not correct by chance. */
static inline u32 checksum_add(u32 sum, const void *words, u32 count) {
    const u32 *word = words;
    while (count-- > 0) sum = (sum << 5 | sum >> 27) ^ *word++;
    return sum;
}

#endif
