/* Address spaces: what a process sees as its memory. */
#ifndef SPACE_H
#define SPACE_H

#include "machine.h"
#include "types.h"

struct inode;

#define USER_START 0x1000u /* nobody has page 0: a null pointer faults */
#define USER_END KERNEL_BASE
#define STACK_SIZE 0x800000u
#define MAP_START 0x40000000u /* mmap looks for room from here */

/* A run of pages with the same rights. Its pages come into being when they are touched: from the file as far as
 * that reaches, and zero behind it. */
struct region {
    u32 start, end;
    u32 rights; /* PROT_READ, PROT_WRITE, PROT_EXEC of Linux */
    struct inode *file; /* or null */
    u32 file_offset, file_end; /* of `start` in the file; address at which the file's bytes end */
};

#define REGIONS 64

/* Fits into one frame. */
struct space {
    pte_t *directory;
    u32 heap_start, heap_end; /* brk */
    u32 resident; /* pages present */
    u32 count;
    struct region regions[REGIONS]; /* by address */
};

struct space *space_make(void);
/* A copy that shares all frames until one of the two writes (copy-on-write). */
struct space *space_copy(struct space *from);
void space_free(struct space *space);

/* Adds a region where nothing is; -ENOMEM, -EINVAL. Takes its own hold on the file. */
int space_add(struct space *space, const struct region *region);
/* Takes away whatever is between the two addresses. */
int space_remove(struct space *space, u32 start, u32 end);
int space_protect(struct space *space, u32 start, u32 end, u32 rights);
/* Where `length` bytes are free, or 0. */
u32 space_room(struct space *space, u32 length);
int space_set_heap(struct space *space, u32 end);

/* Makes the page at `address` usable for a read or a write; 0, -EFAULT, -ENOMEM, -EIO. */
int space_touch(struct space *space, u32 address, bool write);
/* Stores into a space that need not be the current one. */
int space_write(struct space *space, u32 address, const void *from, u32 length);

/* True if all of it lies where processes live. Whether it is there shows when it is copied. */
static inline bool user_range(u32 address, u32 length) {
    return address <= USER_END && length <= USER_END - address;
}
int copy_in(void *to, u32 from, u32 length);
int copy_out(u32 to, const void *from, u32 length);
/* Copies a text of at most size - 1 characters; its length, -EFAULT or -ENAMETOOLONG. */
int copy_text(char *to, u32 from, u32 size);

#endif
