/*
 * What all virtio devices have in common. A driver writes descriptors of buffers into memory, puts the number of the
 * first one into a ring, and writes one register: that is the only access to the device for a whole request. The
 * device puts the number into another ring when it is done, and interrupts.
 */
#include "virtio.h"

#include "../kernel/machine.h"
#include "../kernel/string.h"
#include "pci.h"

#define VENDOR 0x1af4u

#define GUEST_FEATURES (virtio->port + 4)
#define QUEUE_PAGE (virtio->port + 8)
#define QUEUE_SIZE (virtio->port + 12)
#define QUEUE_SELECT (virtio->port + 14)
#define QUEUE_NOTIFY (virtio->port + 16)
#define STATUS (virtio->port + 18)
#define INTERRUPT (virtio->port + 19)
#define CONFIGURATION (virtio->port + 20)

#define SEEN 1
#define HAS_DRIVER 2
#define READY 4
#define FAILED 0x80
#define DO_NOT_TELL 1

static bool take_queue(struct virtio *virtio, u8 *pages) {
    out16(QUEUE_SELECT, 0);
    virtio->size = in16(QUEUE_SIZE);
    if (virtio->size == 0 || virtio->size > VIRTIO_MOST) return false;
    memset(pages, 0, VIRTIO_PAGES * PAGE_SIZE);
    u32 available = virtio->size * sizeof(struct virtio_descriptor);
    virtio->descriptors = (struct virtio_descriptor *)pages;
    virtio->available = (struct virtio_available *)(pages + available);
    virtio->used = (struct virtio_used *)(pages + PAGE_UP(available + 6 + 2u * virtio->size));
    virtio->seen = 0;
    out32(QUEUE_PAGE, PHYSICAL(pages) / PAGE_SIZE);
    return true;
}

bool virtio_start(struct virtio *virtio, u32 device, u8 *pages) {
    u32 place;
    if (!pci_find(0, 0xffffffff, device << 16 | VENDOR, &place)) return false;
    u32 region = pci_read(place, PCI_REGION(0));
    virtio->line = pci_read(place, PCI_LINE) & 0xff;
    virtio->port = (u16)(region & ~3u);
    if (!(region & 1) || virtio->port == 0 || virtio->line >= 16) return false;
    pci_write(place, PCI_COMMAND, (pci_read(place, PCI_COMMAND) & 0xffff) | PCI_COMMAND_MASTER);
    out8(STATUS, 0);
    out8(STATUS, SEEN);
    out8(STATUS, SEEN | HAS_DRIVER);
    out32(GUEST_FEATURES, 0); /* none is needed */
    if (take_queue(virtio, pages)) return true;
    out8(STATUS, FAILED);
    return false;
}

void virtio_ready(const struct virtio *virtio) { out8(STATUS, SEEN | HAS_DRIVER | READY); }

u32 virtio_configuration(const struct virtio *virtio, u16 offset) { return in32((u16)(CONFIGURATION + offset)); }

/* The processor keeps the order of its stores; the compiler must, too. */
static inline void in_order(void) { asm volatile("" : : : "memory"); }

void virtio_send(struct virtio *virtio, u16 head) {
    in_order();
    virtio->available->ring[virtio->available->index % virtio->size] = head;
    in_order();
    virtio->available->index++;
    asm volatile("lock; addl $0, (%%esp)" : : : "memory"); /* before the other side's flags are read */
    if (!(virtio->used->flags & DO_NOT_TELL)) out16(QUEUE_NOTIFY, 0);
}

bool virtio_done(struct virtio *virtio) {
    if (virtio->seen == virtio->used->index) return false;
    virtio->seen++;
    return true;
}

bool virtio_interrupted(const struct virtio *virtio) { return (in8(INTERRUPT) & 1) != 0; }
