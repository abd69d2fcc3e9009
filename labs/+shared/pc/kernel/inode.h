/*
 * Inodes: files as the kernel knows them, without names. An inode belongs to the disk (fs.h), or to /proc; what it
 * can do is in its table of calls. In memory there is at most one copy of each, which whoever uses it holds.
 */
#ifndef INODE_H
#define INODE_H

#include "../abi/linux.h"
#include "types.h"

struct inode;

#define NAME_LENGTH 59

/* One entry of a directory, as it is listed. */
struct entry {
    u32 inode;
    u8 type; /* DT_DIR … */
    char name[NAME_LENGTH + 1];
};

/* Positions and lengths in bytes; each returns a negative error number, or what it says. */
struct inode_calls {
    /* Bytes read; `to` may be in the process. */
    int (*read)(struct inode *inode, void *to, u32 offset, u32 length);
    int (*write)(struct inode *inode, const void *from, u32 offset, u32 length);
    int (*truncate)(struct inode *inode, u32 size);
    /* Finds a name in a directory and holds what it finds. */
    int (*find)(struct inode *directory, const char *name, struct inode **found);
    /* The entry at a position, and the position of the next; 0 at the end, 1 for an entry. */
    int (*list)(struct inode *directory, u32 *position, struct entry *entry);
};

struct extent {
    u32 start, count; /* in blocks */
};
#define EXTENTS 28

struct inode {
    const struct inode_calls *calls;
    u32 uses;
    u32 number;
    u16 mode, links; /* type and rights as in stat */
    u32 size, modified, device; /* device: number of a character device */
    u32 extent_count;
    struct extent extents[EXTENTS];
    bool changed; /* since it was last on disk */
};

#define PROC_NUMBERS 0x10000u /* inode numbers from here on are /proc's */

void inode_hold(struct inode *inode);
void inode_drop(struct inode *inode);
int inode_read(struct inode *inode, void *to, u32 offset, u32 length);
int inode_write(struct inode *inode, const void *from, u32 offset, u32 length);
void inode_stat(const struct inode *inode, struct stat64 *stat);

#endif
