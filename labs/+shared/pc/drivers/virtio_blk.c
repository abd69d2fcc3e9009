/*
 * A disk that exists in virtual machines only: a request is three buffers, which say what is wanted, where the data are,
 * and where the disk shall put its answer.
 */
#include "../abi/linux.h"
#include "../kernel/block.h"
#include "../kernel/clock.h"
#include "../kernel/interrupts.h"
#include "../kernel/lock.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"
#include "drivers.h"
#include "virtio.h"

#define DEVICE 0x1001
#define SECTORS 8 /* in a block */
#define PATIENCE (5 * TICKS_PER_SECOND)
#define READ 0
#define WRITE 1
#define UNANSWERED 0xff

static struct virtio virtio;
static u8 ring[VIRTIO_PAGES * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static struct {
    u32 type, reserved, sector, sector_high;
} request;
static volatile u8 status;
static struct lock lock;
static struct queue answer;
static bool answered;

static void handle(bool process_ran) {
    (void)process_ran;
    if (!virtio_interrupted(&virtio) || !virtio_done(&virtio)) return;
    answered = true;
    wake_all(&answer);
}

static int wait_for_answer(void) {
    u32 flags = irq_save(), until = clock_ticks() + PATIENCE;
    int result = 0;
    while (!answered && result != -EAGAIN) result = sleep_until(&answer, until);
    bool came = answered;
    answered = false;
    irq_restore(flags);
    return came && status == 0 ? 0 : -EIO;
}

static void describe(u16 number, volatile void *at, u32 length, u16 flags) {
    virtio.descriptors[number] =
        (struct virtio_descriptor){PHYSICAL(at), 0, length, flags, (u16)(number + 1)};
}

static int transfer(u32 block, const void *frame, u32 type) {
    lock_take(&lock);
    request.type = type;
    request.sector = block * SECTORS;
    status = UNANSWERED;
    describe(0, &request, sizeof request, VIRTIO_NEXT);
    describe(1, (void *)frame, BLOCK_SIZE, VIRTIO_NEXT | (type == READ ? VIRTIO_WRITE : 0));
    describe(2, &status, sizeof status, VIRTIO_WRITE);
    virtio_send(&virtio, 0);
    int error = wait_for_answer();
    if (error) print("varve: disk: %s block %u: status %02x\n", type == READ ? "read" : "write", block, status);
    lock_give(&lock);
    return error;
}

static int read(u32 block, void *to) { return transfer(block, to, READ); }
static int write(u32 block, const void *from) { return transfer(block, from, WRITE); }

void virtio_blk_start(void) {
    static struct block_device device = {"virtio disk", 0, read, write};
    if (!virtio_start(&virtio, DEVICE, ring)) return;
    device.blocks = virtio_configuration(&virtio, 0) / SECTORS;
    interrupt_handle(virtio.line, handle);
    virtio_ready(&virtio);
    block_announce(&device);
}
