/* Physical memory: frames of 4 KB, handed out, shared, and taken back. */
#ifndef FRAMES_H
#define FRAMES_H

#include "types.h"

/* Says which memory there is; `used` ends what the loader has put there (physical addresses). */
void frames_start(u32 used, u32 memory_end);

/* A frame of nobody else, as the kernel sees it; null if there is none left. */
void *frame_get(void);
void *frame_get_zeroed(void);
/* One more user of the frame, as of copy-on-write and shared program text. */
void frame_share(void *frame);
u32 frame_uses(void *frame);
/* One user less; the last one frees it. */
void frame_drop(void *frame);

struct frame_counts {
    u32 total, free;
};
struct frame_counts frames_counted(void);

#endif
