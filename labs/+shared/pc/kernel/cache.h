/* The block cache: what is read from the disk stays in memory, and what is written goes to the disk in order. */
#ifndef CACHE_H
#define CACHE_H

#include "types.h"

/* In which order blocks go to the disk: whatever points must not arrive before what it points to. */
enum write_order { CLEAN, CONTENT, INODES, NAMES, SUPER };

struct buffer {
    u32 block;
    u8 *data; /* one frame */
    u32 uses, last_use;
    bool valid, busy; /* busy: on its way from or to the disk */
    enum write_order order; /* not CLEAN: changed, and in which round it is written */
};

/* Finds or reads a block and holds it; -EIO, -ENOMEM. */
int cache_get(u32 block, struct buffer **buffer);
/* As above for a block whose content nobody wants: it becomes zeroes and is not read. */
int cache_get_new(u32 block, struct buffer **buffer);
void cache_put(struct buffer *buffer);
void cache_change(struct buffer *buffer, enum write_order order);
/* Writes all that was changed; the first error. */
int cache_sync(void);

#endif
