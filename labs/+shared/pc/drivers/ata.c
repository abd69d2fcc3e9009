/*
 * The first disk on the first ATA channel. A block is 8 sectors, asked for by one command. By programmed input and
 * output the disk interrupts when it has, or wants, a portion of them, and the processor moves the words; with disk=dma
 * on the command line the controller moves them, and there is one interrupt at the end.
 */
#include "../abi/linux.h"
#include "../kernel/block.h"
#include "../kernel/clock.h"
#include "../kernel/interrupts.h"
#include "../kernel/lock.h"
#include "../kernel/machine.h"
#include "../kernel/options.h"
#include "../kernel/print.h"
#include "ata_dma.h"
#include "drivers.h"

#define BASE 0x1f0
#define DATA (BASE + 0)
#define ERROR (BASE + 1)
#define SECTOR_COUNT (BASE + 2)
#define LBA_LOW (BASE + 3)
#define LBA_MIDDLE (BASE + 4)
#define LBA_HIGH (BASE + 5)
#define DRIVE (BASE + 6)
#define STATUS (BASE + 7)
#define COMMAND (BASE + 7)
#define CONTROL 0x3f6 /* read: the status, without accepting an interrupt */
#define LINE 14

#define BUSY 0x80
#define FAULT 0x20
#define WANTS_DATA 0x08
#define FAILED 0x01
#define NO_INTERRUPTS 0x02

#define READ 0x20
#define WRITE 0x30
#define READ_MULTIPLE 0xc4
#define WRITE_MULTIPLE 0xc5
#define SET_MULTIPLE 0xc6
#define READ_DMA 0xc8
#define WRITE_DMA 0xca
#define IDENTIFY 0xec

#define SECTOR_WORDS 256
#define SECTORS 8 /* in a block */
#define PATIENCE (5 * TICKS_PER_SECOND)
#define POLLS 100000

static struct lock lock;
static struct queue answer;
static bool answered;
static u8 last_status;
static u32 portion = 1; /* sectors for each interrupt */

static void handle(bool process_ran) {
    (void)process_ran;
    last_status = in8(STATUS);
    answered = true;
    wake_all(&answer);
}

/* Polls until the disk is not busy; its status, or 0xff if that takes too long. */
static u8 settled(void) {
    for (u32 k = 0; k < POLLS; k++) {
        u8 status = in8(CONTROL);
        if (!(status & BUSY)) return status;
    }
    return 0xff;
}

static int complain(const char *what, u32 block, const char *why, u8 status) {
    print("varve: disk: %s block %u: %s (status %02x, error %02x)\n", what, block, why, status, in8(ERROR));
    return -EIO;
}

static int wait_for_answer(const char *what, u32 block) {
    u32 flags = irq_save(), until = clock_ticks() + PATIENCE;
    int result = 0;
    while (!answered && result != -EAGAIN) result = sleep_until(&answer, until);
    bool came = answered;
    answered = false;
    irq_restore(flags);
    if (!came) return complain(what, block, "no answer for 5 seconds", in8(CONTROL));
    if (last_status & (FAILED | FAULT)) return complain(what, block, "the disk reports an error", last_status);
    return 0;
}

static void command(u8 code, u32 block) {
    u32 sector = block * SECTORS;
    answered = false;
    out8(DRIVE, (u8)(0xe0 | (sector >> 24 & 0x0f)));
    out8(SECTOR_COUNT, SECTORS);
    out8(LBA_LOW, (u8)sector);
    out8(LBA_MIDDLE, (u8)(sector >> 8));
    out8(LBA_HIGH, (u8)(sector >> 16));
    out8(COMMAND, code);
}

static int transfer_by_dma(u32 block, const void *frame, bool to_memory) {
    const char *what = to_memory ? "read" : "write";
    lock_take(&lock);
    ata_dma_prepare(frame, to_memory);
    command(to_memory ? READ_DMA : WRITE_DMA, block);
    ata_dma_go();
    int error = wait_for_answer(what, block);
    if (!ata_dma_end() && !error) error = complain(what, block, "the controller reports an error", last_status);
    lock_give(&lock);
    return error;
}

static int read_by_dma(u32 block, void *to) { return transfer_by_dma(block, to, true); }
static int write_by_dma(u32 block, const void *from) { return transfer_by_dma(block, from, false); }

static int read(u32 block, void *to) {
    int error = 0;
    lock_take(&lock);
    command(portion == 1 ? READ : READ_MULTIPLE, block);
    for (u32 done = 0; done < SECTORS && !error; done += portion) {
        error = wait_for_answer("read", block);
        if (!error && !(last_status & WANTS_DATA)) error = complain("read", block, "it has no data", last_status);
        if (!error) in_words(DATA, (u16 *)to + done * SECTOR_WORDS, portion * SECTOR_WORDS);
    }
    lock_give(&lock);
    return error;
}

static int write(u32 block, const void *from) {
    int error = 0;
    lock_take(&lock);
    command(portion == 1 ? WRITE : WRITE_MULTIPLE, block);
    for (u32 done = 0; done < SECTORS && !error; done += portion) {
        u8 status = settled(); /* there is no interrupt for the first portion */
        if (status == 0xff || !(status & WANTS_DATA))
            error = complain("write", block, "it does not take data", status);
        if (error) break;
        out_words(DATA, (const u16 *)from + done * SECTOR_WORDS, portion * SECTOR_WORDS);
        error = wait_for_answer("write", block);
    }
    lock_give(&lock);
    return error;
}

/* Asks for a whole block at once; an old disk answers with an error and goes on sector by sector. */
static void ask_for_portions(void) {
    out8(SECTOR_COUNT, SECTORS);
    out8(COMMAND, SET_MULTIPLE);
    u8 status = settled();
    if (!(status & (FAILED | FAULT)) && status != 0xff) portion = SECTORS;
}

static bool identify(u16 answers[SECTOR_WORDS]) {
    out8(CONTROL, NO_INTERRUPTS);
    out8(DRIVE, 0xe0);
    u8 status = in8(CONTROL);
    if (status == 0 || status == 0xff) return false;
    out8(SECTOR_COUNT, 0), out8(LBA_LOW, 0), out8(LBA_MIDDLE, 0), out8(LBA_HIGH, 0);
    out8(COMMAND, IDENTIFY);
    status = settled();
    /* What is not a disk, as a CD drive, answers with an error. */
    if (status == 0xff || (status & FAILED) || !(status & WANTS_DATA)) return false;
    in_words(DATA, answers, SECTOR_WORDS);
    return true;
}

void ata_start(void) {
    static u16 answers[SECTOR_WORDS];
    static struct block_device device = {"ATA disk", 0, read, write};
    if (!identify(answers)) return;
    if (options.dma && ata_dma_start()) {
        device.name = "ATA disk by DMA";
        device.read = read_by_dma;
        device.write = write_by_dma;
    }
    device.blocks = ((u32)answers[61] << 16 | answers[60]) / SECTORS;
    ask_for_portions();
    in8(STATUS);
    out8(CONTROL, 0);
    interrupt_handle(LINE, handle);
    block_announce(&device);
}
