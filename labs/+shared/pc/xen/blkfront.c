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
#include "frontend.h"
#include "grants.h"

#define SECTORS (BLOCK_SIZE / SECTOR_SIZE)

static volatile struct block_ring *ring;
static struct frontend front;
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
    if (ring->request_event == put + 1) frontend_ring(&front);
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
    u32 reference = grant_give(front.domain, frame, operation == BLOCK_WRITE);
    struct block_request request = {.operation = operation, .segments = 1, .sector = (u64)block * SECTORS};
    request.segment[0] = (struct block_segment){reference, 0, SECTORS - 1, 0};
    ask(&request);
    int status = wait_for_answer();
    grant_take_back(reference);
    lock_give(&lock);
    if (status == 0) return 0;
    print("varve: disk of domain %u: it does not %s block %u\n", front.domain, operation == BLOCK_READ ? "read" : "write", block);
    return -EIO;
}

static int read(u32 block, void *to) { return transfer(BLOCK_READ, block, to); }
static int write(u32 block, const void *from) { return transfer(BLOCK_WRITE, block, from); }

void blkfront_start(void) {
    static struct block_device device = {"disk of another domain", 0, read, write};
    char path[STORE_TEXT];
    if (!frontend_find(&front, "device/vbd") || !(ring = frame_get_zeroed()) || !frontend_listen(&front, handle)) return;
    ring->request_event = ring->response_event = 1;
    frontend_lend(&front, "ring-ref", ring);
    store_write(store_path(path, front.path, "protocol"), "x86_32-abi");
    frontend_meet(&front, INITIALISED);
    device.blocks = frontend_number(&front, "sectors") / SECTORS;
    block_announce(&device);
}
