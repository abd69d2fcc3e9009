/*
 * Network cards with the DP8390 controller: the NE2000 at port 300h, and the RTL8029, which is one on the PCI bus.
 * The card has 16 KB of its own memory, in pages of 256 bytes: 6 for a frame to be sent, the others a ring in which it
 * puts what it receives. The processor reaches that memory through a window of one port ("remote DMA").
 */
#include "../kernel/interrupts.h"
#include "../kernel/machine.h"
#include "../kernel/net.h"
#include "../kernel/string.h"
#include "drivers.h"
#include "pci.h"

#define ISA_PORT 0x300
#define ISA_LINE 9

#define COMMAND 0x00
#define PAGE_START 0x01
#define PAGE_STOP 0x02
#define BOUNDARY 0x03 /* the last page that we have read */
#define SEND_PAGE 0x04
#define SEND_LOW 0x05
#define SEND_HIGH 0x06
#define INTERRUPTS 0x07
#define REMOTE_LOW 0x08
#define REMOTE_HIGH 0x09
#define REMOTE_COUNT_LOW 0x0a
#define REMOTE_COUNT_HIGH 0x0b
#define RECEIVE_MODE 0x0c
#define FOR_EVERYBODY 0x04
#define FOR_GROUPS 0x08
#define FOR_OTHERS 0x10
#define SEND_MODE 0x0d
#define DATA_MODE 0x0e
#define INTERRUPT_MASK 0x0f
#define STATION 0x01 /* page 1, six registers */
#define CURRENT 0x07 /* page 1: the page that the card will write next */
#define WINDOW 0x10
#define RESET 0x1f

#define STOP 0x21
#define START 0x22
#define SEND 0x26
#define READ 0x0a
#define WRITE 0x12
#define REGISTER_PAGE_1 0x40

#define RECEIVED 0x01
#define OVERFLOWN 0x10
#define REMOTE_DONE 0x40
#define WAS_RESET 0x80

#define SEND_AT 0x40
#define RING_START 0x46
#define RING_STOP 0x80
#define POLLS 10000

static u16 port;
static u8 next_page; /* of the ring, to be read */
static struct net_device device = {.name = "ne2000"};

static void aim(u16 address, u32 length, u8 direction) {
    out8(port + INTERRUPTS, REMOTE_DONE);
    out8(port + REMOTE_LOW, (u8)address);
    out8(port + REMOTE_HIGH, (u8)(address >> 8));
    out8(port + REMOTE_COUNT_LOW, (u8)length);
    out8(port + REMOTE_COUNT_HIGH, (u8)(length >> 8));
    out8(port + COMMAND, direction);
}

static void card_read(u16 address, void *to, u32 length) {
    length = (length + 1) & ~1u;
    aim(address, length, READ);
    in_words(port + WINDOW, to, length / 2);
}

static void card_write(u16 address, const void *from, u32 length) {
    length = (length + 1) & ~1u;
    aim(address, length, WRITE);
    out_words(port + WINDOW, from, length / 2);
    for (u32 k = 0; k < POLLS && !(in8(port + INTERRUPTS) & REMOTE_DONE); k++) continue;
}

static void send(const u8 *frame, u32 length) {
    u32 flags = irq_save();
    for (u32 k = 0; k < POLLS && (in8(port + COMMAND) & 4); k++) continue; /* the one before is still on its way */
    card_write(SEND_AT << 8, frame, length);
    out8(port + SEND_PAGE, SEND_AT);
    out8(port + SEND_LOW, (u8)length);
    out8(port + SEND_HIGH, (u8)(length >> 8));
    out8(port + COMMAND, SEND);
    irq_restore(flags);
}

static u8 current_page(void) {
    out8(port + COMMAND, START | REGISTER_PAGE_1);
    u8 page = in8(port + CURRENT);
    out8(port + COMMAND, START);
    return page;
}

static void release_up_to(u8 page) {
    next_page = page;
    out8(port + BOUNDARY, page == RING_START ? RING_STOP - 1 : page - 1);
}

/* Each frame in the ring has a head of its own: status, next page, length with these four bytes. */
static void receive_all(void) {
    static u8 frame[1536];
    struct {
        u8 status, next;
        u16 length;
    } head;
    while (next_page != current_page()) {
        card_read((u16)(next_page << 8), &head, sizeof head);
        u32 length = head.length - sizeof head;
        if (head.next < RING_START || head.next >= RING_STOP || length > sizeof frame) {
            release_up_to(current_page()); /* the ring makes no sense: forget what is in it */
            return;
        }
        card_read((u16)((next_page << 8) + sizeof head), frame, length);
        release_up_to(head.next);
        net_received(frame, length);
    }
}

static void set_up(void) {
    out8(port + COMMAND, STOP);
    out8(port + DATA_MODE, 0x49); /* words, normal operation */
    out8(port + REMOTE_COUNT_LOW, 0);
    out8(port + REMOTE_COUNT_HIGH, 0);
    out8(port + RECEIVE_MODE, 0x20); /* look, do not store */
    out8(port + SEND_MODE, 0x02); /* loop back while it is being set up */
    out8(port + PAGE_START, RING_START);
    out8(port + PAGE_STOP, RING_STOP);
    out8(port + INTERRUPTS, 0xff);
    out8(port + INTERRUPT_MASK, RECEIVED | OVERFLOWN);
}

static void go(void) {
    out8(port + COMMAND, STOP | REGISTER_PAGE_1);
    for (u32 k = 0; k < 6; k++) out8((u16)(port + STATION + k), device.address[k]);
    out8(port + CURRENT, RING_START);
    out8(port + COMMAND, START);
    out8(port + BOUNDARY, RING_STOP - 1);
    next_page = RING_START;
    out8(port + SEND_MODE, 0);
    out8(port + RECEIVE_MODE, FOR_EVERYBODY); /* and our own */
}

static void hear_all(void) { out8(port + RECEIVE_MODE, FOR_EVERYBODY | FOR_OTHERS | FOR_GROUPS); }

static void handle(bool process_ran) {
    (void)process_ran;
    u8 reason = in8(port + INTERRUPTS);
    out8(port + INTERRUPTS, reason);
    if (reason & (RECEIVED | OVERFLOWN)) receive_all();
}

/* ---- where the card is ---- */

#define RTL8029 0x802910ecu

static bool find_pci(u32 *line) {
    u32 place;
    if (!pci_find(0, 0xffffffff, RTL8029, &place)) return false;
    port = (u16)(pci_read(place, PCI_REGION(0)) & ~3u);
    *line = pci_read(place, PCI_LINE) & 0xff;
    return port != 0 && *line < 16;
}

static bool reset(void) {
    out8(port + RESET, in8(port + RESET));
    for (u32 k = 0; k < POLLS; k++)
        if (in8(port + INTERRUPTS) & WAS_RESET) return in8(port + INTERRUPTS) != 0xff;
    return false;
}

void ne2000_start(void) {
    u8 station[32];
    u32 line = ISA_LINE;
    if (!find_pci(&line)) {
        port = ISA_PORT;
        if (in8(port + COMMAND) == 0xff) return;
    }
    if (!reset()) return;
    set_up();
    card_read(0, station, sizeof station); /* every byte of the address stands there twice */
    for (u32 k = 0; k < 6; k++) device.address[k] = station[2 * k];
    go();
    device.send = send;
    device.hear_all = hear_all;
    interrupt_handle(line, handle);
    net_announce(&device);
}
