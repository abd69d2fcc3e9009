/* What happens when memory is touched: pages come into being, and shared ones are copied when they are written. */
#include "../abi/linux.h"
#include "frames.h"
#include "inode.h"
#include "space.h"
#include "string.h"

static struct region *region_of(struct space *space, u32 address) {
    for (u32 k = 0; k < space->count; k++)
        if (address >= space->regions[k].start && address < space->regions[k].end) return &space->regions[k];
    return NULL;
}

/* The entry for an address; makes its table if there is none. Null: no memory. */
static pte_t *entry_made(struct space *space, u32 address) {
    pte_t *slot = &space->directory[DIRECTORY_INDEX(address)];
    if (!(*slot & PTE_PRESENT)) {
        pte_t *table = frame_get_zeroed();
        if (!table) return NULL;
        changes_begin();
        table_made(table);
        set_pte(slot, entry_for(table, PTE_PRESENT | PTE_WRITE | PTE_USER));
        changes_end();
    }
    return (pte_t *)frame_at(*slot) + TABLE_INDEX(address);
}

/* Demand-zero, and demand-load: a fresh frame with the region's bytes. */
static int bring(struct space *space, const struct region *region, u32 page, pte_t rights) {
    void *frame = frame_get_zeroed();
    if (!frame) return -ENOMEM;
    if (region->file && page < region->file_end) {
        u32 length = least(PAGE_SIZE, region->file_end - page);
        int got = inode_read(region->file, frame, region->file_offset + page - region->start, length);
        if (got < 0) {
            frame_drop(frame);
            return got;
        }
    }
    /* Reading may have waited for the disk; only now look for the entry. */
    pte_t *entry = entry_made(space, page);
    if (!entry || (*entry & PTE_PRESENT)) {
        frame_drop(frame);
        return entry ? 0 : -ENOMEM;
    }
    set_pte(entry, entry_for(frame, rights));
    space->resident++;
    return 0;
}

/* Copy-on-write: the last user of a frame may have it as it is. */
static int own(pte_t *entry, u32 page, pte_t rights) {
    void *frame = frame_at(*entry);
    if (frame_uses(frame) > 1) {
        void *copy = frame_get();
        if (!copy) return -ENOMEM;
        memcpy(copy, frame, PAGE_SIZE);
        frame_drop(frame);
        frame = copy;
    }
    changes_begin();
    set_pte(entry, entry_for(frame, rights));
    flush_page(page);
    changes_end();
    return 0;
}

int space_touch(struct space *space, u32 address, bool write) {
    const struct region *region = region_of(space, address);
    if (!region || !(region->rights & (write ? PROT_WRITE : PROT_READ | PROT_EXEC | PROT_WRITE))) return -EFAULT;
    u32 page = PAGE_DOWN(address);
    pte_t *entry = entry_made(space, page);
    if (!entry) return -ENOMEM;
    pte_t rights = PTE_PRESENT | PTE_USER | (region->rights & PROT_WRITE ? PTE_WRITE : 0);
    if (!(*entry & PTE_PRESENT)) return bring(space, region, page, rights);
    if (write && !(*entry & PTE_WRITE)) return own(entry, page, rights);
    if (!(*entry & PTE_USER)) { /* mprotect gave the page back: copy-on-write still decides about writing */
        changes_begin();
        set_pte(entry, *entry | PTE_USER);
        flush_page(page);
        changes_end();
    }
    return 0;
}

int space_write(struct space *space, u32 address, const void *from, u32 length) {
    const u8 *source = from;
    while (length > 0) {
        int error = space_touch(space, address, true);
        if (error) return error;
        pte_t entry = *entry_made(space, address);
        u32 part = least(length, PAGE_SIZE - address % PAGE_SIZE);
        memcpy((u8 *)frame_at(entry) + address % PAGE_SIZE, source, part);
        address += part, source += part, length -= part;
    }
    return 0;
}

/* ---- between the kernel and the current process ---- */

int copy_in(void *to, u32 from, u32 length) {
    return user_range(from, length) ? user_copy(to, (const void *)from, length) : -EFAULT;
}

int copy_out(u32 to, const void *from, u32 length) {
    return user_range(to, length) ? user_copy((void *)to, from, length) : -EFAULT;
}

int copy_text(char *to, u32 from, u32 size) {
    u32 done = 0;
    while (done < size) {
        /* Never beyond a page: the next one may not be there, and the text may end before. */
        u32 part = least(least(size - done, 32), PAGE_SIZE - (from + done) % PAGE_SIZE);
        int error = copy_in(to + done, from + done, part);
        if (error) return error;
        for (u32 k = 0; k < part; k++)
            if (to[done + k] == 0) return (int)(done + k);
        done += part;
    }
    return -ENAMETOOLONG;
}
