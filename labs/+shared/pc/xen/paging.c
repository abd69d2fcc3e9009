/* Page tables under Xen: the kernel asks, Xen checks and stores. */
#include "paging.h"

#include "../kernel/machine.h"
#include "../kernel/options.h"
#include "../kernel/print.h"

pte_t *kernel_directory;
const u32 *frame_list;
static u32 loaded; /* the directory in use, a physical address */

/* ---- changes that wait to go to Xen together ---- */

static struct mmu_update updates[128];
static u32 waiting, flushes, page_to_flush;
static bool gathering;

static void demand(int result, const char *what) {
    if (result != 0) panic("Xen refuses %s: error %d", what, -result);
}

static void send(void) {
    if (waiting > 0) demand(hypercall(MMU_UPDATE, (u32)updates, waiting, 0, SELF), "changes of page tables");
    waiting = 0;
}

static void change(u32 machine_address, pte_t entry) {
    updates[waiting++] = (struct mmu_update){machine_address, 0, entry, 0};
    if (!gathering || waiting == COUNT(updates)) send();
}

static void extended(u32 command, u32 first) {
    const struct mmuext_op op = {command, first, 0};
    demand(hypercall(MMUEXT_OP, (u32)&op, 1, 0, SELF), "an operation on address spaces");
}

void changes_begin(void) { gathering = options.batch; }

/* Changes, and the pages that the processor has to forget: two calls in one. */
void changes_end(void) {
    const struct mmuext_op flush = {flushes == 1 ? FLUSH_PAGE : FLUSH_ALL, page_to_flush, 0};
    struct multicall both[2] = {{MMU_UPDATE, 0, {(u32)updates, waiting, 0, SELF}},
                                {MMUEXT_OP, 0, {(u32)&flush, 1, 0, SELF}}};
    if (flushes > 0 && waiting > 0) {
        hypercall(MULTICALL, (u32)both, 2, 0, 0);
        demand(both[0].result | both[1].result, "changes of page tables");
        waiting = 0;
    } else if (flushes > 0) {
        extended(flush.command, flush.first);
    }
    send();
    flushes = 0;
    gathering = false;
}

void set_pte(pte_t *slot, pte_t entry) {
    change(machine_frame(slot) * PAGE_SIZE + (u32)slot % PAGE_SIZE, entry);
}

void flush_page(u32 address) {
    page_to_flush = address;
    if (gathering)
        flushes++;
    else
        extended(FLUSH_PAGE, address);
}

/* ---- tables ---- */

/* Whether the kernel itself may write a frame at its place in the window. Xen takes no table that anybody may. */
static void allow_writing(const void *frame, bool may) {
    u32 table = kernel_directory[DIRECTORY_INDEX(frame)] & ~(PAGE_SIZE - 1);
    change(table + TABLE_INDEX(frame) * sizeof(pte_t), entry_for(frame, PTE_PRESENT | (may ? PTE_WRITE : 0)));
}

void table_made(pte_t *table) { allow_writing(table, false); }
void table_gone(pte_t *table) { allow_writing(table, true); }

/* A pinned directory stays checked while no processor uses it. */
void directory_made(pte_t *directory) {
    allow_writing(directory, false);
    extended(PIN_DIRECTORY, machine_frame(directory));
}

void directory_gone(pte_t *directory) {
    extended(UNPIN, machine_frame(directory));
    allow_writing(directory, true);
}

void load_address_space(u32 directory) {
    extended(NEW_DIRECTORY, machine_frame(VIRTUAL(directory)));
    loaded = directory;
}

u32 current_address_space(void) { return loaded; }

u32 bus_address(const void *place) {
    const pte_t *table = frame_at(kernel_directory[DIRECTORY_INDEX(place)]);
    return PAGE_DOWN(table[TABLE_INDEX(place)]) | (u32)place % PAGE_SIZE;
}

/* ---- the beginning ---- */

/* Xen has mapped the beginning of memory; the kernel wants all of it. */
u32 paging_start(const struct start_info *info, u32 used) {
    u32 memory = least(info->pages * PAGE_SIZE, KERNEL_WINDOW);
    frame_list = info->frame_list;
    kernel_directory = (pte_t *)info->page_directory;
    loaded = PHYSICAL(kernel_directory);
    for (u32 at = 0; at < memory; at += ENTRIES * PAGE_SIZE) {
        pte_t *slot = &kernel_directory[DIRECTORY_INDEX(VIRTUAL(at))], *table = VIRTUAL(used);
        if (*slot & PTE_PRESENT) continue;
        for (u32 k = 0; k < ENTRIES; k++) {
            u32 frame = at + k * PAGE_SIZE;
            fill_pte(&table[k], frame < memory ? entry_for(VIRTUAL(frame), PTE_PRESENT | PTE_WRITE) : 0);
        }
        table_made(table);
        set_pte(slot, entry_for(table, PTE_PRESENT | PTE_WRITE | PTE_USER));
        used += PAGE_SIZE;
    }
    return used;
}
