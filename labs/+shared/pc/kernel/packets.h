/* What stands at the beginning of a packet. RFC 826, 791. Numbers are in network order. */
#ifndef PACKETS_H
#define PACKETS_H

#include "types.h"

#define FRAME_LEAST 60u
#define FRAME_MOST 1514u /* without the checksum, which the card sees to */
#define TYPE_IP 0x0008
#define TYPE_ARP 0x0608
#define ARP_ETHERNET 0x0100
#define ARP_REQUEST 0x0100
#define ARP_REPLY 0x0200

struct ethernet {
    u8 to[6], from[6];
    u16 type;
};
struct arp {
    u16 hardware, protocol;
    u8 hardware_length, protocol_length;
    u16 operation;
    u8 sender[6];
    u32 sender_ip;
    u8 target[6];
    u32 target_ip;
} __attribute__((packed));
struct ip {
    u8 version, service;
    u16 length, identification, fragment;
    u8 time_to_live, protocol;
    u16 checksum;
    u32 from, to;
};

/* Addresses as people write them: 10.0.2.15, and 00:16:3e:00:00:01. False, and nothing is changed, if `text` is none. */
bool read_address(u32 *address, const char *text);
bool read_station(u8 *station, const char *text);

#endif
