/*
 * The bridge. It has nothing to learn: which station stands behind which port is known, and all others are beyond the
 * card. A tenant may send from its own station and address only, reaches the card and this domain, and no other tenant.
 */
#include "bridge.h"

#include "../kernel/machine.h"
#include "../kernel/net.h"
#include "../kernel/packets.h"
#include "../kernel/print.h"
#include "../kernel/string.h"

const char *const drop_names[DROPS] = {"malformed", "station", "address", "protocol", "isolated", "no-room"};

static struct bridge_port *ports;
static const struct net_device *card;

static bool for_group(const u8 *station) { return station[0] & 1; }
static bool is_station(const u8 *a, const u8 *b) { return memcmp(a, b, 6) == 0; }

static struct bridge_port *port_of(const u8 *station) {
    struct bridge_port *port = ports;
    while (port && !is_station(port->station, station)) port = port->next;
    return port;
}

/* ---- what a tenant may send ---- */

static enum drop check_arp(const struct bridge_port *from, const struct arp *arp, u32 length) {
    if (length < sizeof *arp || arp->hardware != ARP_ETHERNET || arp->protocol != TYPE_IP) return DROP_MALFORMED;
    if (arp->hardware_length != 6 || arp->protocol_length != 4) return DROP_MALFORMED;
    if (!is_station(arp->sender, from->station)) return DROP_STATION;
    return arp->sender_ip == from->address ? DROPS : DROP_ADDRESS;
}

static enum drop check_ip(const struct bridge_port *from, const struct ip *ip, u32 length) {
    if (length < sizeof *ip || ip->version >> 4 != 4) return DROP_MALFORMED;
    return ip->from == from->address ? DROPS : DROP_ADDRESS;
}

/* Why the frame goes no further; DROPS: it does. What is neither IP nor ARP could carry an address unseen. */
static enum drop check(const struct bridge_port *from, const u8 *frame, u32 length) {
    const struct ethernet *ethernet = (const struct ethernet *)frame;
    if (length < sizeof *ethernet || length > FRAME_MOST) return DROP_MALFORMED;
    if (!is_station(ethernet->from, from->station)) return DROP_STATION;
    length -= sizeof *ethernet;
    enum drop why = DROP_PROTOCOL;
    if (ethernet->type == TYPE_ARP) why = check_arp(from, (const struct arp *)(ethernet + 1), length);
    if (ethernet->type == TYPE_IP) why = check_ip(from, (const struct ip *)(ethernet + 1), length);
    if (why == DROPS && port_of(ethernet->to)) return DROP_ISOLATED;
    return why;
}

/* It is said once of each domain and reason: who sends rubbish shall not write this domain's console full. */
static void drop(struct bridge_port *from, enum drop why) {
    if (from->dropped[why]++ == 0)
        print("bridge: domain %u: a frame is dropped: %s\n", from->domain, drop_names[why]);
}

/* ---- ways ---- */

static void deliver(struct bridge_port *to, const u8 *frame, u32 length) {
    if (to->deliver(to, frame, length))
        to->received++;
    else
        to->dropped[DROP_NO_ROOM]++;
}

static void deliver_to_tenants(const u8 *frame, u32 length) {
    for (struct bridge_port *port = ports; port; port = port->next)
        if (for_group(frame) || is_station(port->station, frame)) deliver(port, frame, length);
}

static bool for_own(const u8 *frame) { return for_group(frame) || is_station(frame, card->address); }

void bridge_take(struct bridge_port *from, u8 *frame, u32 length) {
    enum drop why = check(from, frame, length);
    if (why != DROPS) {
        drop(from, why);
        return;
    }
    from->sent++;
    if (!is_station(frame, card->address)) card->send(frame, length);
    u32 flags = irq_save();
    if (for_own(frame)) net_deliver(frame, length);
    irq_restore(flags);
}

static void take_from_card(u8 *frame, u32 length) {
    deliver_to_tenants(frame, length);
    if (for_own(frame)) net_deliver(frame, length);
}

static void send_own(const u8 *frame, u32 length) {
    u32 flags = irq_save();
    deliver_to_tenants(frame, length);
    irq_restore(flags);
    if (!port_of(frame)) card->send(frame, length);
}

/* ---- who takes part ---- */

bool bridge_start(void) {
    static struct net_device between = {.name = "bridge", .send = send_own};
    card = net_interpose(&between, take_from_card);
    if (!card) return false;
    memcpy(between.address, card->address, 6);
    card->hear_all();
    return true;
}

void bridge_join(struct bridge_port *port) {
    u32 flags = irq_save();
    port->next = ports;
    ports = port;
    irq_restore(flags);
}

void bridge_leave(struct bridge_port *port) {
    u32 flags = irq_save();
    struct bridge_port **place = &ports;
    while (*place && *place != port) place = &(*place)->next;
    if (*place) *place = port->next;
    irq_restore(flags);
}
