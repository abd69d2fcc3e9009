/* Virtio devices on PCI by the registers of the specification 0.9.5, and the ring through which they are spoken to. */
#ifndef VIRTIO_H
#define VIRTIO_H

#include "../kernel/types.h"

#define VIRTIO_MOST 256 /* entries of a ring that this driver has room for */
#define VIRTIO_NEXT 1 /* the chain goes on at `next` */
#define VIRTIO_WRITE 2 /* the device writes there */

struct virtio_descriptor {
    u32 address, address_high, length;
    u16 flags, next;
};

struct virtio_available { /* written by the driver */
    u16 flags, index, ring[VIRTIO_MOST];
};

struct virtio_used { /* written by the device */
    u16 flags, index;
    struct {
        u32 head, written;
    } ring[VIRTIO_MOST];
};

struct virtio {
    u16 port;
    u32 line;
    u16 size, seen; /* entries of the ring; how many of the used ones have been looked at */
    struct virtio_descriptor *descriptors;
    volatile struct virtio_available *available;
    volatile struct virtio_used *used;
};

/* Finds the device that calls itself `device`, and begins to talk to it; false if there is none that will. */
bool virtio_start(struct virtio *virtio, u32 device, u8 *pages);
/* Pages that its one queue takes, one after the other in memory. */
#define VIRTIO_PAGES 3
void virtio_ready(const struct virtio *virtio);
u32 virtio_configuration(const struct virtio *virtio, u16 offset);
/* Hands over the chain that begins at descriptor `head`, and tells the device unless it does not want to know. */
void virtio_send(struct virtio *virtio, u16 head);
/* Whether a chain has come back since the last time. */
bool virtio_done(struct virtio *virtio);
/* Accepts the interrupt; false if it was another device's. */
bool virtio_interrupted(const struct virtio *virtio);

#endif
