/*
 * Physical memory. Memory that was never used lies above a mark that only rises; frames that came back are chained
 * through their own first words. So the kernel does not touch memory before somebody needs it, which a monitor that
 * gives memory on demand will appreciate.
 */
#include "frames.h"

#include "machine.h"
#include "print.h"
#include "string.h"

static u32 fresh, end; /* physical addresses: next frame that was never used, end of memory */
static u32 base, freed_count;
static void *freed;
static u16 *uses; /* of each frame from `base` on */

#define MOST_USES 0xffff

static u16 *uses_of(void *frame) {
    u32 physical = PHYSICAL(frame);
    if (physical < base || physical >= end || physical % PAGE_SIZE != 0)
        panic("%08x is not a frame of memory", (u32)frame);
    return &uses[(physical - base) / PAGE_SIZE];
}

void frames_start(u32 used, u32 memory_end) {
    base = PAGE_UP(used);
    end = PAGE_DOWN(least(memory_end, KERNEL_WINDOW));
    if (base >= end) panic("no memory is left above %08x", base);
    u32 table = (end - base) / PAGE_SIZE * sizeof *uses;
    uses = VIRTUAL(base);
    memset(uses, 0, table);
    base = fresh = base + PAGE_UP(table);
}

void *frame_get(void) {
    u32 flags = irq_save();
    void *frame = freed;
    if (frame) {
        freed = *(void **)frame;
        freed_count--;
    } else if (fresh < end) {
        frame = VIRTUAL(fresh);
        fresh += PAGE_SIZE;
    }
    if (frame) *uses_of(frame) = 1;
    irq_restore(flags);
    return frame;
}

void *frame_get_zeroed(void) {
    void *frame = frame_get();
    if (frame) memset(frame, 0, PAGE_SIZE);
    return frame;
}

void frame_share(void *frame) {
    u16 *count = uses_of(frame);
    if (*count == 0 || *count == MOST_USES) panic("frame %08x shared with %u users", PHYSICAL(frame), *count);
    ++*count;
}

u32 frame_uses(void *frame) { return *uses_of(frame); }

void frame_drop(void *frame) {
    u16 *count = uses_of(frame);
    if (*count == 0) panic("frame %08x freed twice", PHYSICAL(frame));
    u32 flags = irq_save();
    if (--*count == 0) {
        *(void **)frame = freed;
        freed = frame;
        freed_count++;
    }
    irq_restore(flags);
}

struct frame_counts frames_counted(void) {
    return (struct frame_counts){(end - base) / PAGE_SIZE, (end - fresh) / PAGE_SIZE + freed_count};
}
