/* The network: Ethernet, ARP, IPv4 and UDP, as much as datagrams need. Addresses and ports are in network order. */
#ifndef NET_H
#define NET_H

#include "types.h"

#define DATAGRAM_MOST 1472 /* bytes that fit into one Ethernet frame */

struct net_device {
    const char *name;
    u8 address[6];
    void (*send)(const u8 *frame, u32 length);
    void (*hear_all)(void); /* also frames for other stations */
};

void net_announce(const struct net_device *device);
/* A driver hands over a frame, from an interrupt. */
void net_received(u8 *frame, u32 length);
/* Puts something between the card and this kernel's own station: from now on what the card receives goes to `take`, and
   what the kernel sends to `between`. The card itself, or null if there is none. */
const struct net_device *net_interpose(const struct net_device *between, void (*take)(u8 *frame, u32 length));
/* A frame for this kernel's own station. */
void net_deliver(u8 *frame, u32 length);

/* What a datagram says besides its bytes. */
struct ends {
    u32 from, to;
    u16 from_port, to_port;
};
/* Waits for the address of the station if need be; -ENETUNREACH, -EHOSTUNREACH. */
int net_send(const struct ends *ends, const u8 *bytes, u32 length);
/* The address under which datagrams to `to` leave this machine. */
u32 net_source_for(u32 to);
/* socket.c: a datagram for this machine. */
void socket_deliver(const struct ends *ends, const u8 *bytes, u32 length);

static inline u16 swap16(u16 v) { return (u16)(v << 8 | v >> 8); }

#endif
