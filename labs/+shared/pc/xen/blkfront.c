/*
 * The front half of a block driver: a disk that another domain has. Requests go into a ring of a page that both see,
 * data stay in this domain's frames, which are lent for as long as the request takes. Interface: io/blkif.h.
 */
#include "split.h"

#include "../abi/linux.h"
#include "../kernel/block.h"
#include "../kernel/frames.h"
#include "../kernel/lock.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"
#include "../kernel/string.h"
#include "events.h"
#include "grants.h"
#include "store.h"

#define SECTORS (BLOCK_SIZE / SECTOR_SIZE)

static volatile struct block_ring *ring;
static u32 port, back; /* event port, and the domain on the other side */
static u32 responses_taken;
static struct lock lock; /* one request at a time */
static struct queue answer;

static void handle(bool process_ran) {
    (void)process_ran;
    wake_all(&answer);
}

/* Puts the request into the ring, and rings if the other side sleeps. */
static void ask(const struct block_request *request) {
    u32 put = ring->requests_put;
    memcpy((void *)&ring->slot[put % BLOCK_REQUESTS].request, request, sizeof *request);
    COMPILER_BARRIER();
    ring->requests_put = put + 1;
    COMPILER_BARRIER();
    if (ring->request_event == put + 1) hypercall(EVENT_CHANNEL_OP, SEND_EVENT, (u32)&port, 0, 0);
}

static int wait_for_answer(void) {
    u32 flags = irq_save();
    ring->response_event = responses_taken + 1;
    while (ring->responses_put == responses_taken) sleep_in(&answer);
    irq_restore(flags);
    return ring->slot[responses_taken++ % BLOCK_REQUESTS].response.status;
}

static int transfer(u8 operation, u32 block, const void *frame) {
    lock_take(&lock);
    /* Whoever only reads a page from the disk's side is lent it for reading. */
    u32 reference = grant_give(back, frame, operation == BLOCK_WRITE);
    struct block_request request = {.operation = operation, .segments = 1, .sector = (u64)block * SECTORS};
    request.segment[0] = (struct block_segment){reference, 0, SECTORS - 1, 0};
    ask(&request);
    int status = wait_for_answer();
    grant_take_back(reference);
    lock_give(&lock);
    if (status == 0) return 0;
    print("varve: disk of domain %u: it does not %s block %u\n", back, operation == BLOCK_READ ? "read" : "write", block);
    return -EIO;
}

static int read(u32 block, void *to) { return transfer(BLOCK_READ, block, to); }
static int write(u32 block, const void *from) { return transfer(BLOCK_WRITE, block, from); }

/* ---- meeting the other half ---- */

static struct queue changes;
static bool news;

static void changed(void) {
    news = true;
    wake_all(&changes);
}

static void wait_for_state(const char *path, u32 wanted) {
    while (store_number(path, 0) != wanted) {
        u32 flags = irq_save();
        while (!news) sleep_in(&changes);
        news = false;
        irq_restore(flags);
    }
}

static bool make_ring(void) {
    struct allocate_port allocate = {SELF, (u16)back, 0};
    ring = frame_get_zeroed();
    if (!ring || hypercall(EVENT_CHANNEL_OP, ALLOCATE_PORT, (u32)&allocate, 0, 0) != 0) return false;
    ring->request_event = ring->response_event = 1;
    port = allocate.port;
    event_handle(port, handle);
    return true;
}

void blkfront_start(void) {
    static struct block_device device = {"disk of another domain", 0, read, write};
    static char names[STORE_TEXT], front[STORE_TEXT], other[STORE_TEXT], path[STORE_TEXT];
    if (store_list("device/vbd", names, sizeof names) <= 0) return;
    store_path(front, "device/vbd", names); /* the first one */
    if (store_read(store_path(path, front, "backend"), other, sizeof other) <= 0) return;
    back = store_number(store_path(path, front, "backend-id"), 0);
    if (!grants_start() || !make_ring()) return;
    store_write_number(store_path(path, front, "ring-ref"), grant_give(back, (const void *)ring, false));
    store_write_number(store_path(path, front, "event-channel"), port);
    store_write(store_path(path, front, "protocol"), "x86_32-abi");
    store_write_number(store_path(path, front, "state"), INITIALISED);
    store_watch(store_path(path, other, "state"), changed);
    wait_for_state(path, CONNECTED);
    device.blocks = store_number(store_path(path, other, "sectors"), 0) / SECTORS;
    store_write_number(store_path(path, front, "state"), CONNECTED);
    block_announce(&device);
}
