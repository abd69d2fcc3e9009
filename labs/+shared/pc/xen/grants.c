/* Grants: a table that this domain shares with Xen says which of its frames which other domain may reach. */
#include "grants.h"

#include "../kernel/frames.h"
#include "../kernel/machine.h"

/* Xen's own frame: it is mapped in the place of one of the kernel's, which stays unused. */
static volatile struct grant_entry {
    u16 flags, domain;
    u32 frame;
} *table;

#define GRANTS (PAGE_SIZE / sizeof(struct grant_entry))
#define FIRST 8 /* those below are for the tools */
#define ACCESS 1
#define READ_ONLY 4
#define IN_USE 0x18

bool grants_start(void) {
    if (table) return true;
    u32 frame = 0;
    struct setup_grant_table setup = {SELF, 1, 0, &frame};
    void *place = frame_get();
    if (!place || hypercall(GRANT_TABLE_OP, SETUP_GRANT_TABLE, (u32)&setup, 1, 0) != 0 || setup.status != 0)
        return false;
    hypercall(UPDATE_VA_MAPPING, (u32)place, frame * PAGE_SIZE | PTE_PRESENT | PTE_WRITE, 0, INVALIDATE_PAGE);
    table = place;
    return true;
}

u32 grant_give(u32 domain, const void *frame, bool for_reading_only) {
    for (u32 k = FIRST; k < GRANTS; k++) {
        if (table[k].flags != 0) continue;
        table[k].domain = (u16)domain;
        table[k].frame = bus_address(frame) / PAGE_SIZE;
        COMPILER_BARRIER();
        table[k].flags = (u16)(ACCESS | (for_reading_only ? READ_ONLY : 0));
        return k;
    }
    return 0;
}

void grant_take_back(u32 reference) {
    /* Who still has it mapped keeps this entry busy, so that it is not given to anybody else. */
    if (!(table[reference].flags & IN_USE)) table[reference].flags = 0;
}

bool grant_map(struct grant_mapping *mapping, u32 domain, u32 reference, bool for_reading_only) {
    struct map_grant map = {
        .place = (u32)mapping->at,
        .flags = MAP_FOR_KERNEL | (for_reading_only ? MAP_READ_ONLY : 0),
        .reference = reference,
        .domain = (u16)domain,
    };
    if (hypercall(GRANT_TABLE_OP, MAP_GRANT, (u32)&map, 1, 0) != 0 || map.status != 0) return false;
    mapping->handle = map.handle;
    return true;
}

void grant_unmap(const struct grant_mapping *mapping) {
    struct unmap_grant unmap = {.place = (u32)mapping->at, .handle = mapping->handle};
    hypercall(GRANT_TABLE_OP, UNMAP_GRANT, (u32)&unmap, 1, 0);
}

/* ---- copies, which need no place to map anything at ---- */

static struct copy_end own(const void *place) {
    return (struct copy_end){bus_address(place) / PAGE_SIZE, SELF, (u32)place % PAGE_SIZE};
}

static bool copy(struct copy_end source, struct copy_end target, u32 length, u16 flags) {
    struct copy_grant copy = {source, target, (u16)length, flags, 0};
    return hypercall(GRANT_TABLE_OP, COPY_GRANT, (u32)&copy, 1, 0) == 0 && copy.status == 0;
}

bool grant_read(void *to, u32 domain, u32 reference, u32 offset, u32 length) {
    return copy((struct copy_end){reference, (u16)domain, (u16)offset}, own(to), length, SOURCE_IS_LENT);
}

bool grant_write(u32 domain, u32 reference, const void *from, u32 length) {
    return copy(own(from), (struct copy_end){reference, (u16)domain, 0}, length, TARGET_IS_LENT);
}
