/* Mounting: believes nothing that the disk says before it has looked, and finds out what is free. */
#include "block.h"
#include "cache.h"
#include "frames.h"
#include "fs.h"
#include "fs_format.h"
#include "lock.h"
#include "print.h"

#define MOST_INODES 4096u

static struct disk_super super;
static u32 *used_blocks; /* a bit for each block: one frame, hence disks of at most 128 MB */
static u32 used_inodes[MOST_INODES / 32];
static u32 first_data, next_search;
static bool read_only;
static struct lock change;

#define MOST_BLOCKS (PAGE_SIZE * 8)

static bool test(const u32 *bits, u32 k) { return (bits[k / 32] >> k % 32 & 1) != 0; }
static void set(u32 *bits, u32 k) { bits[k / 32] |= 1u << k % 32; }
static void clear(u32 *bits, u32 k) { bits[k / 32] &= ~(1u << k % 32); }

/* ---- what is in use ---- */

u32 fs_allocate_block(u32 wish) {
    if (wish >= first_data && wish < super.blocks && !test(used_blocks, wish)) {
        set(used_blocks, wish);
        return wish;
    }
    for (u32 tried = first_data; tried < super.blocks; tried++) {
        if (next_search >= super.blocks || next_search < first_data) next_search = first_data;
        u32 block = next_search++;
        if (test(used_blocks, block)) continue;
        set(used_blocks, block);
        return block;
    }
    return 0;
}

void fs_free_block(u32 block) { clear(used_blocks, block); }

static u32 inode_count(void) { return super.inode_blocks * INODES_IN_BLOCK; }

u32 fs_allocate_inode(void) {
    for (u32 number = ROOT_INODE + 1; number < inode_count(); number++) {
        if (test(used_inodes, number)) continue;
        set(used_inodes, number);
        return number;
    }
    return 0;
}

void fs_free_inode(u32 number) { clear(used_inodes, number); }

/* ---- checking ---- */

static u32 super_sum(void) { return checksum_add(1, &super, 5); }

static bool damaged(u32 number, const char *how) {
    print("varve: disk: inode %u is damaged: %s\n", number, how);
    return false;
}

bool fs_inode_valid(u32 number, const struct disk_inode *inode) {
    const u32 before = offsetof(struct disk_inode, checksum) / 4;
    u32 sum = checksum_add(checksum_add(1, inode, before), inode->extents, sizeof inode->extents / 4), blocks = 0;
    if (sum != inode->checksum) return damaged(number, "its checksum is wrong");
    if (inode->extent_count > EXTENTS) return damaged(number, "it has too many extents");
    for (u32 k = 0; k < inode->extent_count; k++) {
        struct extent e = inode->extents[k];
        if (e.start < first_data || e.count == 0 || e.start >= super.blocks || e.count > super.blocks - e.start)
            return damaged(number, "an extent lies outside of the disk");
        blocks += e.count;
    }
    if ((S_ISREG(inode->mode) || S_ISDIR(inode->mode)) && inode->size > blocks * BLOCK_SIZE)
        return damaged(number, "it is longer than its extents");
    return true;
}

/* Marks what the inode claims; false if another one has claimed it before. */
static bool claim(u32 number, const struct disk_inode *inode) {
    for (u32 k = 0; k < inode->extent_count; k++)
        for (u32 n = 0; n < inode->extents[k].count; n++) {
            u32 block = inode->extents[k].start + n;
            if (test(used_blocks, block)) return damaged(number, "it shares a block with another inode");
            set(used_blocks, block);
        }
    return true;
}

/* Looks at the whole table; the number of inodes that are damaged, or an error. */
static int scan_inodes(u32 *orphans) {
    int bad = 0;
    for (u32 block = 0; block < super.inode_blocks; block++) {
        struct buffer *buffer;
        int error = cache_get(1 + block, &buffer);
        if (error) return error;
        const struct disk_inode *inodes = (const struct disk_inode *)buffer->data;
        for (u32 k = 0; k < INODES_IN_BLOCK; k++) {
            u32 number = block * INODES_IN_BLOCK + k;
            if (number == 0 || inodes[k].mode == 0) continue;
            set(used_inodes, number);
            if (!fs_inode_valid(number, &inodes[k]) || !claim(number, &inodes[k]))
                bad++;
            else if (inodes[k].links == 0)
                ++*orphans;
        }
        cache_put(buffer);
    }
    return bad;
}

/* Files that were removed while somebody still used them, when the power went. */
static void free_orphans(void) {
    for (u32 number = 1; number < inode_count(); number++) {
        struct inode *inode;
        if (!test(used_inodes, number) || fs_inode(number, &inode) != 0) continue;
        inode_drop(inode); /* the last use of an inode without a name frees it */
    }
}

static int refuse(const char *why) {
    print("varve: disk: %s\n", why);
    return -EUCLEAN;
}

static int read_super(void) {
    struct buffer *buffer;
    int error = cache_get(0, &buffer);
    if (error) return error;
    super = *(const struct disk_super *)buffer->data;
    cache_put(buffer);
    if (super.magic != FS_MAGIC) return refuse("this is not a disk of Varve: block 0 does not begin with \"varv\"");
    if (super.checksum != super_sum()) return refuse("the superblock is damaged: its checksum is wrong");
    if (super.version != FS_VERSION) return refuse("it was made for another version of Varve");
    if (super.blocks > disk->blocks) return refuse("the file system is longer than the disk: a part of it is missing");
    first_data = 1 + super.inode_blocks;
    if (super.blocks > MOST_BLOCKS || inode_count() > MOST_INODES || first_data >= super.blocks)
        return refuse("the superblock makes no sense: sizes are out of range");
    return 0;
}

int fs_mount(void) {
    if (!disk) {
        print("varve: no disk: give the machine one on the first ATA channel, or an image as a boot module\n");
        return -ENODEV;
    }
    int error = read_super();
    if (error) return error;
    used_blocks = frame_get_zeroed();
    if (!used_blocks) return -ENOMEM;
    u32 orphans = 0;
    int bad = scan_inodes(&orphans);
    if (bad < 0) return bad;
    read_only = bad > 0;
    if (bad) print("varve: disk: %d inodes are damaged; nothing will be written. Make the disk anew\n", bad);
    if (!super.clean) print("varve: disk: was not shut down in order; checked\n");
    if (orphans && !read_only) {
        print("varve: disk: removing %u files that nobody has a name for\n", orphans);
        free_orphans();
    }
    return 0;
}

/* ---- changes ---- */

static int write_super(u32 clean) {
    struct buffer *buffer;
    int error = cache_get(0, &buffer);
    if (error) return error;
    super.clean = clean;
    super.checksum = super_sum();
    *(struct disk_super *)buffer->data = super;
    cache_change(buffer, SUPER);
    cache_put(buffer);
    return cache_sync();
}

int fs_begin_change(void) {
    if (read_only || !used_blocks) return -EROFS;
    lock_take(&change);
    int error = super.clean ? write_super(0) : 0;
    if (error) lock_give(&change);
    return error;
}

void fs_end_change(void) { lock_give(&change); }

int fs_sync(void) { return disk ? cache_sync() : 0; }

void fs_shut_down(void) {
    if (!used_blocks || read_only) return;
    int error = cache_sync();
    if (!error && !super.clean) error = write_super(1);
    if (error) print("varve: disk: error %d while shutting down; some changes may be lost\n", -error);
}
