/* Inodes on the disk: loading and storing them, and the contents that their extents hold. */
#include "block.h"
#include "cache.h"
#include "clock.h"
#include "fs.h"
#include "fs_format.h"
#include "print.h"
#include "space.h"
#include "string.h"

static int read_content(struct inode *inode, void *to, u32 offset, u32 length);
static int write_content(struct inode *inode, const void *from, u32 offset, u32 length);
static int truncate_content(struct inode *inode, u32 size);

static const struct inode_calls disk_calls = {
    .read = read_content, .write = write_content, .truncate = truncate_content, .find = fs_find, .list = fs_list,
};

/* ---- the table on the disk ---- */

static int table_entry(u32 number, struct buffer **buffer, struct disk_inode **entry) {
    int error = cache_get(1 + number / INODES_IN_BLOCK, buffer);
    if (!error) *entry = (struct disk_inode *)(*buffer)->data + number % INODES_IN_BLOCK;
    return error;
}

int fs_inode(u32 number, struct inode **found) {
    struct inode *inode = inode_slot(number);
    if (inode && inode->uses > 0) {
        inode->uses++;
        *found = inode;
        return 0;
    }
    struct buffer *buffer;
    struct disk_inode *entry;
    int error = table_entry(number, &buffer, &entry);
    if (error) return error;
    /* Reading may have waited: somebody else may have brought it in meanwhile. */
    inode = inode_slot(number);
    if (inode && inode->uses == 0) {
        if (entry->mode == 0) {
            print("varve: disk: a name leads to inode %u, which is free\n", number);
            error = -EUCLEAN;
        } else if (!fs_inode_valid(number, entry)) {
            error = -EUCLEAN;
        } else {
            *inode = (struct inode){&disk_calls, 0, number, entry->mode, entry->links, entry->size,
                                    entry->modified, entry->device, entry->extent_count, {}, false};
            memcpy(inode->extents, entry->extents, sizeof inode->extents);
        }
    }
    cache_put(buffer);
    if (!inode) return -ENFILE;
    if (error) return error;
    inode->uses++;
    *found = inode;
    return 0;
}

int fs_inode_store(struct inode *inode) {
    struct buffer *buffer;
    struct disk_inode *entry;
    int error = table_entry(inode->number, &buffer, &entry);
    if (error) return error;
    memset(entry, 0, sizeof *entry);
    if (inode->mode != 0) {
        const u32 before = offsetof(struct disk_inode, checksum) / 4;
        *entry = (struct disk_inode){inode->mode, inode->links, inode->size, inode->modified, inode->device,
                                     inode->extent_count, {}, 0, {}};
        memcpy(entry->extents, inode->extents, inode->extent_count * sizeof(struct extent));
        entry->checksum =
            checksum_add(checksum_add(1, entry, before), entry->extents, sizeof entry->extents / 4);
    }
    cache_change(buffer, INODES);
    cache_put(buffer);
    return 0;
}

int fs_inode_make(u16 mode, struct inode **made) {
    u32 number = fs_allocate_inode();
    if (number == 0) return -ENOSPC;
    struct inode *inode = inode_slot(number);
    if (!inode) {
        fs_free_inode(number);
        return -ENFILE;
    }
    *inode = (struct inode){.calls = &disk_calls, .uses = 1, .number = number, .mode = mode, .links = 1,
                            .modified = clock_seconds()};
    *made = inode;
    return fs_inode_store(inode);
}

static void free_blocks_from(struct inode *inode, u32 keep) {
    u32 first = 0, kept = 0;
    for (u32 k = 0; k < inode->extent_count; k++) {
        struct extent *e = &inode->extents[k];
        u32 count = e->count, stay = keep > first ? least(keep - first, count) : 0;
        for (u32 n = stay; n < count; n++) fs_free_block(e->start + n);
        e->count = stay;
        if (stay > 0) kept = k + 1;
        first += count;
    }
    inode->extent_count = kept;
}

void fs_inode_free(struct inode *inode) {
    if (fs_begin_change() != 0) return;
    free_blocks_from(inode, 0);
    inode->mode = 0;
    if (fs_inode_store(inode) == 0) fs_free_inode(inode->number);
    fs_end_change();
}

/* ---- contents ---- */

/* The block with that index in the file, or 0. */
static u32 block_at(const struct inode *inode, u32 index) {
    for (u32 k = 0; k < inode->extent_count; k++) {
        if (index < inode->extents[k].count) return inode->extents[k].start + index;
        index -= inode->extents[k].count;
    }
    return 0;
}

/* One more block at the end of the file, where possible right behind its last one. */
static int grow(struct inode *inode, u32 *block) {
    struct extent *last = inode->extent_count ? &inode->extents[inode->extent_count - 1] : NULL;
    u32 wish = last ? last->start + last->count : 0;
    *block = fs_allocate_block(wish);
    if (*block == 0) return -ENOSPC;
    if (last && *block == wish) {
        last->count++;
    } else if (inode->extent_count < EXTENTS) {
        inode->extents[inode->extent_count++] = (struct extent){*block, 1};
    } else {
        fs_free_block(*block);
        return -EFBIG; /* in too many pieces */
    }
    inode->changed = true;
    return 0;
}

static u32 blocks_of(const struct inode *inode) {
    u32 blocks = 0;
    for (u32 k = 0; k < inode->extent_count; k++) blocks += inode->extents[k].count;
    return blocks;
}

static enum write_order order_of(const struct inode *inode) { return S_ISDIR(inode->mode) ? NAMES : CONTENT; }

int fs_block_of(struct inode *inode, u32 offset, bool make, struct buffer **buffer) {
    u32 index = offset / BLOCK_SIZE, block = block_at(inode, index);
    if (block != 0) return cache_get(block, buffer);
    if (!make) return -EIO;
    for (u32 have = blocks_of(inode); have <= index; have++) { /* files have no holes: fill up with zeroes */
        int error = grow(inode, &block);
        if (!error) error = cache_get_new(block, buffer);
        if (error) return error;
        cache_change(*buffer, order_of(inode));
        if (have < index) cache_put(*buffer);
    }
    return 0;
}

static int read_content(struct inode *inode, void *to, u32 offset, u32 length) {
    u32 done = 0;
    if (offset >= inode->size) return 0;
    length = least(length, inode->size - offset);
    while (done < length) {
        struct buffer *buffer;
        u32 at = (offset + done) % BLOCK_SIZE, part = least(length - done, BLOCK_SIZE - at);
        int error = fs_block_of(inode, offset + done, false, &buffer);
        if (!error) {
            error = user_copy((u8 *)to + done, buffer->data + at, part);
            cache_put(buffer);
        }
        if (error) return done ? (int)done : error;
        done += part;
    }
    return (int)done;
}

static int write_blocks(struct inode *inode, const u8 *from, u32 offset, u32 length) {
    u32 done = 0;
    while (done < length) {
        struct buffer *buffer;
        u32 at = (offset + done) % BLOCK_SIZE, part = least(length - done, BLOCK_SIZE - at);
        int error = fs_block_of(inode, offset + done, true, &buffer);
        if (!error) {
            error = user_copy(buffer->data + at, from + done, part);
            cache_change(buffer, order_of(inode));
            cache_put(buffer);
        }
        if (error) return done ? (int)done : error;
        done += part;
        if (offset + done > inode->size) inode->size = offset + done, inode->changed = true;
    }
    return (int)done;
}

/* Gives back blocks that were taken for what then could not be done. */
static void trim(struct inode *inode) { free_blocks_from(inode, (inode->size + BLOCK_SIZE - 1) / BLOCK_SIZE); }

static int write_content(struct inode *inode, const void *from, u32 offset, u32 length) {
    if (offset > 0x7fffffff - length) return -EFBIG;
    int error = fs_begin_change();
    if (error) return error;
    int done = write_blocks(inode, from, offset, length);
    if (done < (int)length) trim(inode);
    inode->modified = clock_seconds();
    error = fs_inode_store(inode);
    fs_end_change();
    return error ? error : done;
}

/* Grows with zeroes, or gives back what is behind the new end. */
static int change_size(struct inode *inode, u32 size) {
    struct buffer *buffer;
    int error = 0;
    if (size > inode->size) {
        error = fs_block_of(inode, size - 1, true, &buffer);
        if (error) return error;
        cache_put(buffer);
    } else {
        free_blocks_from(inode, (size + BLOCK_SIZE - 1) / BLOCK_SIZE);
        if (size % BLOCK_SIZE != 0) { /* what is behind must read as zeroes if the file grows again */
            error = fs_block_of(inode, size, false, &buffer);
            if (error) return error;
            memset(buffer->data + size % BLOCK_SIZE, 0, BLOCK_SIZE - size % BLOCK_SIZE);
            cache_change(buffer, order_of(inode));
            cache_put(buffer);
        }
    }
    inode->size = size;
    return 0;
}

static int truncate_content(struct inode *inode, u32 size) {
    if (size == inode->size) return 0;
    int error = fs_begin_change();
    if (error) return error;
    error = change_size(inode, size);
    if (error) trim(inode);
    inode->modified = clock_seconds();
    int stored = fs_inode_store(inode);
    fs_end_change();
    return error ? error : stored;
}
