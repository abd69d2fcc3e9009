/* The block cache: a fixed number of blocks, the least recently used one makes room. */
#include "cache.h"

#include "../abi/linux.h"
#include "block.h"
#include "frames.h"
#include "lock.h"
#include "string.h"

#define BUFFERS 64

const struct block_device *disk;

void block_announce(const struct block_device *device) {
    if (!disk) disk = device;
}

static struct buffer buffers[BUFFERS];
static struct queue change; /* of `busy` or `uses` of any buffer */
static u32 clock;

static int transfer(struct buffer *buffer, bool write) {
    buffer->busy = true;
    enum write_order order = buffer->order;
    if (write) buffer->order = CLEAN; /* before: who changes it meanwhile marks it again */
    int error = write ? disk->write(buffer->block, buffer->data) : disk->read(buffer->block, buffer->data);
    if (write && error && buffer->order == CLEAN) buffer->order = order;
    buffer->busy = false;
    wake_all(&change);
    return error;
}

static struct buffer *find(u32 block) {
    for (struct buffer *b = buffers; b < buffers + BUFFERS; b++)
        if (b->data && b->block == block) return b;
    return NULL;
}

/* An entry that can take another block: one that was never used, else the one that was not used for longest. */
static struct buffer *oldest(void) {
    struct buffer *found = NULL;
    for (struct buffer *b = buffers; b < buffers + BUFFERS; b++) {
        if (!b->data) {
            b->data = frame_get();
            if (b->data) return b;
            continue;
        }
        if (b->uses == 0 && !b->busy && (!found || b->last_use < found->last_use)) found = b;
    }
    return found;
}

/* Holds the entry for a block, whatever it contains. */
static int take(u32 block, struct buffer **taken) {
    for (;;) {
        struct buffer *buffer = find(block);
        if (!buffer) {
            buffer = oldest();
            if (!buffer) {
                u32 flags = irq_save();
                sleep_in(&change);
                irq_restore(flags);
                continue;
            }
            if (buffer->order != CLEAN) { /* somebody may take it while it is written: look again */
                int error = transfer(buffer, true);
                if (error) return error;
                continue;
            }
            buffer->block = block;
            buffer->valid = false;
        }
        buffer->uses++;
        buffer->last_use = ++clock;
        u32 flags = irq_save();
        while (buffer->busy) sleep_in(&change);
        irq_restore(flags);
        *taken = buffer;
        return 0;
    }
}

int cache_get(u32 block, struct buffer **buffer) {
    int error = take(block, buffer);
    if (error || (*buffer)->valid) return error;
    error = transfer(*buffer, false);
    (*buffer)->valid = error == 0;
    if (error) cache_put(*buffer);
    return error;
}

int cache_get_new(u32 block, struct buffer **buffer) {
    int error = take(block, buffer);
    if (error) return error;
    memset((*buffer)->data, 0, BLOCK_SIZE);
    (*buffer)->valid = true;
    return 0;
}

void cache_put(struct buffer *buffer) {
    if (--buffer->uses == 0) wake_all(&change);
}

void cache_change(struct buffer *buffer, enum write_order order) {
    if (buffer->order < order) buffer->order = order;
}

int cache_sync(void) {
    int first_error = 0;
    for (enum write_order order = CONTENT; order <= SUPER; order++)
        for (struct buffer *b = buffers; b < buffers + BUFFERS; b++) {
            if (b->order != order || b->busy) continue;
            int error = transfer(b, true);
            if (error && !first_error) first_error = error;
        }
    return first_error;
}
