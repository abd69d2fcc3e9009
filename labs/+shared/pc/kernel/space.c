/* Address spaces: regions, and the making, copying and freeing of spaces. What happens at a touch is in touch.c. */
#include "space.h"

#include "../abi/linux.h"
#include "frames.h"
#include "inode.h"
#include "string.h"

struct space *space_make(void) {
    struct space *space = frame_get_zeroed();
    pte_t *directory = space ? frame_get() : NULL;
    if (!directory) {
        if (space) frame_drop(space);
        return NULL;
    }
    memset(directory, 0, KERNEL_ENTRY * sizeof *directory);
    for (u32 k = KERNEL_ENTRY; k < ENTRIES; k++) fill_pte(&directory[k], kernel_directory[k]);
    directory_made(directory);
    space->directory = directory;
    return space;
}

/* ---- the pages behind a region ---- */

/* The entry for an address, or null if not even its table is there. */
static pte_t *entry_of(struct space *space, u32 address) {
    pte_t directory = space->directory[DIRECTORY_INDEX(address)];
    if (!(directory & PTE_PRESENT)) return NULL;
    return (pte_t *)frame_at(directory) + TABLE_INDEX(address);
}

#define NEXT_TABLE(address) (((address) & ~0x3fffffu) + 0x400000u)

static void drop_pages(struct space *space, u32 start, u32 end) {
    changes_begin();
    for (u32 address = start; address < end; address += PAGE_SIZE) {
        pte_t *entry = entry_of(space, address);
        if (!entry) {
            address = NEXT_TABLE(address) - PAGE_SIZE;
            continue;
        }
        if (!(*entry & PTE_PRESENT)) continue;
        void *frame = frame_at(*entry);
        set_pte(entry, 0);
        flush_page(address);
        frame_drop(frame);
        space->resident--;
    }
    changes_end();
}

/* Rights that went must go from the entries at once; rights that came are given at the next touch. */
static void forbid_writing(struct space *space, u32 start, u32 end, bool all) {
    changes_begin();
    for (u32 address = start; address < end; address += PAGE_SIZE) {
        pte_t *entry = entry_of(space, address);
        if (!entry) {
            address = NEXT_TABLE(address) - PAGE_SIZE;
            continue;
        }
        if (!(*entry & PTE_PRESENT)) continue;
        set_pte(entry, *entry & ~(PTE_WRITE | (all ? PTE_USER : 0)));
        flush_page(address);
    }
    changes_end();
}

/* ---- regions ---- */

static void hold_file(struct region *region) {
    if (region->file) inode_hold(region->file);
}

static void insert(struct space *space, u32 at, struct region region) {
    move_bytes(&space->regions[at + 1], &space->regions[at], (space->count - at) * sizeof region);
    space->regions[at] = region;
    space->count++;
}

static void erase(struct space *space, u32 at) {
    struct inode *file = space->regions[at].file;
    space->count--;
    move_bytes(&space->regions[at], &space->regions[at + 1], (space->count - at) * sizeof(struct region));
    if (file) inode_drop(file);
}

/* The first region that ends behind the address: its index, or the count. */
static u32 region_after(struct space *space, u32 address) {
    u32 k = 0;
    while (k < space->count && space->regions[k].end <= address) k++;
    return k;
}

static void move_start(struct region *region, u32 start) {
    region->file_offset += start - region->start;
    region->start = start;
}

/* Cuts the region that spans the address in two; 0 or -ENOMEM. */
static int cut(struct space *space, u32 address) {
    u32 k = region_after(space, address);
    if (k == space->count || space->regions[k].start >= address) return 0;
    if (space->count == REGIONS) return -ENOMEM;
    struct region upper = space->regions[k];
    move_start(&upper, address);
    hold_file(&upper);
    space->regions[k].end = address;
    insert(space, k + 1, upper);
    return 0;
}

int space_add(struct space *space, const struct region *region) {
    struct region added = *region;
    u32 k = region_after(space, added.start);
    if (added.start < USER_START || added.end > USER_END || added.start >= added.end) return -EINVAL;
    if (k < space->count && space->regions[k].start < added.end) return -EINVAL;
    struct region *below = k > 0 ? &space->regions[k - 1] : NULL;
    if (below && below->end == added.start && !below->file && !added.file && below->rights == added.rights) {
        below->end = added.end; /* one anonymous region continues the other */
        return 0;
    }
    if (space->count == REGIONS) return -ENOMEM;
    hold_file(&added);
    insert(space, k, added);
    return 0;
}

int space_remove(struct space *space, u32 start, u32 end) {
    int error = cut(space, start);
    if (!error) error = cut(space, end);
    if (error) return error;
    u32 k = region_after(space, start);
    while (k < space->count && space->regions[k].start < end) {
        drop_pages(space, space->regions[k].start, space->regions[k].end);
        erase(space, k);
    }
    return 0;
}

int space_protect(struct space *space, u32 start, u32 end, u32 rights) {
    int error = cut(space, start);
    if (!error) error = cut(space, end);
    u32 address = start;
    for (u32 k = region_after(space, start); !error && address < end; k++) {
        if (k == space->count || space->regions[k].start > address) return -ENOMEM; /* a hole */
        struct region *region = &space->regions[k];
        region->rights = rights;
        forbid_writing(space, region->start, region->end, rights == 0);
        address = region->end;
    }
    return error;
}

u32 space_room(struct space *space, u32 length) {
    u32 address = MAP_START;
    for (u32 k = region_after(space, address); k < space->count; k++) {
        if (space->regions[k].start >= address && space->regions[k].start - address >= length) break;
        address = space->regions[k].end;
    }
    return length <= USER_END - STACK_SIZE - address ? address : 0;
}

int space_set_heap(struct space *space, u32 end) {
    u32 old = PAGE_UP(space->heap_end), new = PAGE_UP(end);
    int error = 0;
    if (end < space->heap_start || end > MAP_START) return -ENOMEM;
    if (new < old) error = space_remove(space, new, old);
    if (new > old) {
        const struct region region = {.start = old, .end = new, .rights = PROT_READ | PROT_WRITE};
        error = space_add(space, &region);
    }
    if (!error) space->heap_end = end;
    return error;
}

/* ---- whole spaces ---- */

static void share_table(pte_t *source, pte_t *target) {
    for (u32 n = 0; n < ENTRIES; n++) {
        pte_t entry = source[n];
        if (!(entry & PTE_PRESENT)) continue;
        if (entry & PTE_WRITE) set_pte(&source[n], entry &= ~PTE_WRITE);
        frame_share(frame_at(entry));
        fill_pte(&target[n], entry);
    }
}

/* Gives the copy all tables of the original, with every frame shared and none writable. */
static int share_pages(struct space *from, struct space *to) {
    int error = 0;
    changes_begin();
    for (u32 k = 0; k < KERNEL_ENTRY && !error; k++) {
        if (!(from->directory[k] & PTE_PRESENT)) continue;
        pte_t *target = frame_get_zeroed();
        if (target) {
            share_table(frame_at(from->directory[k]), target);
            table_made(target);
            set_pte(&to->directory[k], entry_for(target, PTE_PRESENT | PTE_WRITE | PTE_USER));
        } else {
            error = -ENOMEM;
        }
    }
    changes_end();
    return error;
}

struct space *space_copy(struct space *from) {
    struct space *to = space_make();
    if (!to) return NULL;
    pte_t *directory = to->directory;
    *to = *from;
    to->directory = directory;
    for (u32 k = 0; k < to->count; k++) hold_file(&to->regions[k]);
    int error = share_pages(from, to);
    load_address_space(current_address_space()); /* forget that pages were writable */
    if (!error) return to;
    space_free(to);
    return NULL;
}

/* Nothing is a directory or a table any more when its frame goes back. */
static void retire_tables(pte_t *directory) {
    directory_gone(directory);
    changes_begin();
    for (u32 k = 0; k < KERNEL_ENTRY; k++)
        if (directory[k] & PTE_PRESENT) table_gone(frame_at(directory[k]));
    changes_end();
}

void space_free(struct space *space) {
    retire_tables(space->directory);
    for (u32 k = 0; k < KERNEL_ENTRY; k++) {
        if (!(space->directory[k] & PTE_PRESENT)) continue;
        pte_t *table = frame_at(space->directory[k]);
        for (u32 n = 0; n < ENTRIES; n++)
            if (table[n] & PTE_PRESENT) frame_drop(frame_at(table[n]));
        frame_drop(table);
    }
    while (space->count > 0) erase(space, space->count - 1);
    frame_drop(space->directory);
    frame_drop(space);
}
