/* Ethernet, ARP, IPv4, UDP. RFC 826, 791, 768, and of 792 the answer to a ping. */
#include "net.h"

#include "../abi/linux.h"
#include "clock.h"
#include "frames.h"
#include "options.h"
#include "packets.h"
#include "print.h"
#include "process.h"
#include "string.h"

#define LOOPBACK 127 /* first byte of the address */
#define NETWORK_MASK 0x00ffffffu
#define PROTOCOL_ICMP 1
#define ICMP_ECHO 8

struct udp {
    u16 from, to, length, checksum;
};
struct icmp {
    u8 type, code;
    u16 checksum;
};

static const struct net_device *card;
static const u8 everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/* ---- who has which station ---- */

#define STATIONS 8
static struct station {
    u32 ip;
    u8 address[6];
} stations[STATIONS];
static u32 next_station;
static struct queue learned;

static const u8 *station_of(u32 ip) {
    for (u32 k = 0; k < STATIONS; k++)
        if (stations[k].ip == ip) return stations[k].address;
    return NULL;
}

static void learn(u32 ip, const u8 *address) {
    u8 *known = (u8 *)station_of(ip);
    if (!known) {
        stations[next_station % STATIONS].ip = ip;
        known = stations[next_station++ % STATIONS].address;
    }
    memcpy(known, address, 6);
    wake_all(&learned);
}

static void send_arp(u16 operation, const u8 *to, u32 ip) {
    u8 frame[FRAME_LEAST] = {0};
    struct ethernet *ethernet = (struct ethernet *)frame;
    struct arp *arp = (struct arp *)(ethernet + 1);
    memcpy(ethernet->to, to, 6);
    memcpy(ethernet->from, card->address, 6);
    ethernet->type = TYPE_ARP;
    *arp = (struct arp){.hardware = ARP_ETHERNET, .protocol = TYPE_IP, .hardware_length = 6, .protocol_length = 4,
                        .operation = operation, .sender_ip = options.address, .target_ip = ip};
    memcpy(arp->sender, card->address, 6);
    if (operation == ARP_REPLY) memcpy(arp->target, to, 6);
    card->send(frame, sizeof frame);
}

static void receive_arp(const struct arp *arp, u32 length) {
    if (length < sizeof *arp || arp->hardware != ARP_ETHERNET || arp->protocol != TYPE_IP) return;
    if (arp->target_ip != options.address) return;
    learn(arp->sender_ip, arp->sender);
    if (arp->operation == ARP_REQUEST) send_arp(ARP_REPLY, arp->sender, arp->sender_ip);
}

/* The station for an address, asked for three times a second apart; null if nobody answers. */
static const u8 *ask_for_station(u32 ip) {
    for (u32 tries = 0; tries < 3; tries++) {
        const u8 *address = station_of(ip);
        if (address) return address;
        send_arp(ARP_REQUEST, everybody, ip);
        u32 flags = irq_save(), until = clock_ticks() + TICKS_PER_SECOND;
        while (!station_of(ip) && sleep_until(&learned, until) != -EAGAIN) continue;
        irq_restore(flags);
    }
    return station_of(ip);
}

/* ---- datagrams ---- */

static u16 checksum(const void *bytes, u32 length) {
    const u8 *b = bytes;
    u32 sum = 0;
    for (; length > 1; length -= 2, b += 2) sum += (u32)(b[0] | b[1] << 8);
    if (length) sum += *b;
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return (u16)~sum;
}

static bool is_own(u32 ip) { return ip == options.address || (ip & 0xff) == LOOPBACK; }

u32 net_source_for(u32 to) { return (to & 0xff) == LOOPBACK ? to : options.address; }

int net_send(const struct ends *ends, const u8 *bytes, u32 length) {
    if (is_own(ends->to)) {
        socket_deliver(ends, bytes, length);
        return 0;
    }
    if (!card) return -ENETUNREACH;
    bool near = ((ends->to ^ options.address) & NETWORK_MASK) == 0;
    const u8 *station = ask_for_station(near ? ends->to : options.gateway);
    if (!station) return -EHOSTUNREACH;
    u8 *frame = frame_get_zeroed();
    if (!frame) return -ENOMEM;
    static u16 identification;
    struct ethernet *ethernet = (struct ethernet *)frame;
    struct ip *ip = (struct ip *)(ethernet + 1);
    struct udp *udp = (struct udp *)(ip + 1);
    u32 udp_length = sizeof *udp + length, ip_length = sizeof *ip + udp_length;
    memcpy(ethernet->to, station, 6);
    memcpy(ethernet->from, card->address, 6);
    ethernet->type = TYPE_IP;
    *ip = (struct ip){.version = 0x45, .length = swap16((u16)ip_length), .identification = swap16(identification++),
                      .time_to_live = 64, .protocol = IPPROTO_UDP, .from = ends->from, .to = ends->to};
    ip->checksum = checksum(ip, sizeof *ip);
    *udp = (struct udp){ends->from_port, ends->to_port, swap16((u16)udp_length), 0}; /* 0: there is no checksum */
    memcpy(udp + 1, bytes, length);
    u32 frame_length = sizeof *ethernet + ip_length;
    card->send(frame, frame_length < FRAME_LEAST ? FRAME_LEAST : frame_length);
    frame_drop(frame);
    return 0;
}

static void receive_udp(const struct ip *ip, const struct udp *udp, u32 length) {
    if (length < sizeof *udp || swap16(udp->length) < sizeof *udp || swap16(udp->length) > length) return;
    const struct ends ends = {ip->from, ip->to, udp->from, udp->to};
    socket_deliver(&ends, (const u8 *)(udp + 1), swap16(udp->length) - sizeof *udp);
}

/* The answer to a ping is the ping with its ends exchanged. */
static void receive_icmp(struct ethernet *ethernet, struct ip *ip, u32 length) {
    struct icmp *icmp = (struct icmp *)(ip + 1);
    if (length < sizeof *icmp || icmp->type != ICMP_ECHO) return;
    memcpy(ethernet->to, ethernet->from, 6);
    memcpy(ethernet->from, card->address, 6);
    ip->to = ip->from;
    ip->from = options.address;
    icmp->type = 0;
    icmp->checksum = 0;
    icmp->checksum = checksum(icmp, length);
    u32 whole = sizeof *ethernet + sizeof *ip + length;
    card->send((const u8 *)ethernet, whole < FRAME_LEAST ? FRAME_LEAST : whole);
}

static void receive_ip(struct ethernet *ethernet, struct ip *ip, u32 length) {
    if (length < sizeof *ip || ip->version != 0x45 || checksum(ip, sizeof *ip) != 0) return;
    u32 whole = swap16(ip->length);
    if (whole < sizeof *ip || whole > length || ip->to != options.address) return;
    if (swap16(ip->fragment) & 0x3fff) return; /* pieces of a datagram are not put together */
    length = whole - sizeof *ip;
    if (ip->protocol == IPPROTO_UDP) receive_udp(ip, (const struct udp *)(ip + 1), length);
    if (ip->protocol == PROTOCOL_ICMP) receive_icmp(ethernet, ip, length);
}

void net_deliver(u8 *frame, u32 length) {
    struct ethernet *ethernet = (struct ethernet *)frame;
    if (length < sizeof *ethernet) return;
    length -= sizeof *ethernet;
    if (ethernet->type == TYPE_ARP) receive_arp((const struct arp *)(ethernet + 1), length);
    if (ethernet->type == TYPE_IP) receive_ip(ethernet, (struct ip *)(ethernet + 1), length);
}

/* ---- between the card and this ---- */

static void (*received)(u8 *frame, u32 length) = net_deliver;

void net_received(u8 *frame, u32 length) { received(frame, length); }

const struct net_device *net_interpose(const struct net_device *between, void (*take)(u8 *frame, u32 length)) {
    const struct net_device *real = card;
    if (!real) return NULL;
    card = between;
    received = take;
    return real;
}

void net_announce(const struct net_device *device) {
    const u8 *a = (const u8 *)&options.address, *h = device->address;
    card = device;
    print("%s: station %02x:%02x:%02x:%02x:%02x:%02x, address %u.%u.%u.%u\n", device->name, h[0], h[1], h[2], h[3],
          h[4], h[5], a[0], a[1], a[2], a[3]);
}
