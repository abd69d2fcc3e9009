/* The inodes in memory. */
#include "inode.h"

#include "fs.h"
#include "string.h"

#define INODES 256

static struct inode inodes[INODES];

struct inode *inode_slot(u32 number) {
    struct inode *unused = NULL;
    for (struct inode *inode = inodes; inode < inodes + INODES; inode++) {
        if (inode->uses > 0 && inode->number == number) return inode;
        if (inode->uses == 0 && !unused) unused = inode;
    }
    return unused;
}

void inode_hold(struct inode *inode) { inode->uses++; }

void inode_drop(struct inode *inode) {
    if (inode->uses == 1 && inode->links == 0 && inode->number < PROC_NUMBERS) fs_inode_free(inode);
    inode->uses--;
}

int inode_read(struct inode *inode, void *to, u32 offset, u32 length) {
    return inode->calls->read ? inode->calls->read(inode, to, offset, length) : -EINVAL;
}

int inode_write(struct inode *inode, const void *from, u32 offset, u32 length) {
    return inode->calls->write ? inode->calls->write(inode, from, offset, length) : -EINVAL;
}

void inode_stat(const struct inode *inode, struct stat64 *stat) {
    memset(stat, 0, sizeof *stat);
    stat->st_dev = inode->number < PROC_NUMBERS ? 0x300 : 3;
    stat->st_ino = stat->st_ino_low = inode->number;
    stat->st_mode = inode->mode;
    stat->st_nlink = inode->links;
    stat->st_rdev = inode->device;
    stat->st_size = inode->size;
    stat->st_blksize = PAGE_SIZE;
    for (u32 k = 0; k < inode->extent_count; k++) stat->st_blocks += inode->extents[k].count * (PAGE_SIZE / 512);
    stat->st_atime = stat->st_mtime = stat->st_ctime = inode->modified;
}
