/*
 * The back half of the network driver. A frame is copied out of the page that the domain lends before anybody looks at
 * it, so that it cannot change after it was checked, and into a page that the domain has put at disposal for one.
 */
#include "split.h"

#include "../kernel/frames.h"
#include "../kernel/machine.h"
#include "../kernel/packets.h"
#include "../kernel/print.h"
#include "../kernel/string.h"
#include "backend.h"
#include "bridge.h"

#define DEVICES 20
#define AT_ONCE 32 /* frames of one domain, before others have their turn */

struct device {
    struct backend common;
    struct bridge_port port;
    struct grant_mapping send, pages;
    u32 sends_taken, pages_taken;
};

static struct device devices[DEVICES];
static u8 *buffer; /* for the frame that a domain sends */

BACKEND_HEARS(kind)

/* ---- what the domain sends ---- */

static bool take_frame(struct device *device, const struct net_send_request *request) {
    u32 length = request->size;
    if (request->flags & (NET_MORE_DATA | NET_EXTRA_INFO)) return false; /* nobody has offered that */
    if (length > FRAME_MOST || request->offset + length > PAGE_SIZE) return false;
    if (!grant_read(buffer, device->common.domain, request->reference, request->offset, length)) return false;
    /* A card sends no shorter ones; what is added shall be nobody's data. */
    if (length < FRAME_LEAST) memset(buffer + length, 0, FRAME_LEAST - length);
    bridge_take(&device->port, buffer, length < FRAME_LEAST ? FRAME_LEAST : length);
    return true;
}

static void respond(struct device *device, u16 id, bool good) {
    volatile struct net_send_ring *ring = device->send.at;
    u32 put = ring->responses_put;
    volatile struct net_send_response *response = &ring->slot[put % NET_SLOTS].response;
    response->id = id;
    response->status = good ? NET_OKAY : NET_ERROR;
    backend_respond(&device->common, ring);
}

static void tell_store(struct device *device);

/* The request is copied before it is looked at: the other side can write the ring at any time. */
static bool serve(struct backend *backend) {
    struct device *device = (struct device *)backend;
    volatile struct net_send_ring *ring = device->send.at;
    u32 put = ring->requests_put;
    if (put - device->sends_taken > NET_SLOTS) {
        device->port.dropped[DROP_MALFORMED]++;
        device->common.told_at = 0; /* it is the last that is told */
        tell_store(device);
        backend_drop(&kind, backend, "counts more frames than its ring holds");
        return false;
    }
    for (u32 k = 0; k < AT_ONCE && device->sends_taken != put; k++) {
        struct net_send_request request;
        memcpy(&request, (const void *)&ring->slot[device->sends_taken++ % NET_SLOTS].request, sizeof request);
        bool good = take_frame(device, &request);
        if (!good) device->port.dropped[DROP_MALFORMED]++;
        respond(device, request.id, good);
    }
    ring->request_event = device->sends_taken + 1;
    COMPILER_BARRIER();
    tell_store(device);
    return ring->requests_put != device->sends_taken;
}

/* ---- what comes for the domain; called with events forbidden ---- */

static bool deliver(struct bridge_port *port, const u8 *frame, u32 length) {
    struct device *device = (struct device *)((u8 *)port - __builtin_offsetof(struct device, port));
    volatile struct net_page_ring *ring = device->pages.at;
    if (!device->common.connected) return false;
    u32 waiting = ring->requests_put - device->pages_taken, put = ring->responses_put;
    if (waiting == 0 || waiting > NET_SLOTS) return false;
    struct net_page_request request;
    memcpy(&request, (const void *)&ring->slot[device->pages_taken++ % NET_SLOTS].request, sizeof request);
    bool good = grant_write(device->common.domain, request.reference, frame, length);
    volatile struct net_page_response *response = &ring->slot[put % NET_SLOTS].response;
    response->id = request.id;
    response->offset = response->flags = 0;
    response->status = (short)(good ? (int)length : NET_ERROR);
    backend_respond(&device->common, ring);
    if (kind.again == 0) ring_rung(false); /* the store is to be told, or will be at that tick */
    return good;
}

/* ---- what the store says ---- */

static u32 frames_counted_of(const struct bridge_port *port) {
    u32 sum = port->sent + port->received;
    for (u32 k = 0; k < DROPS; k++) sum += port->dropped[k];
    return sum;
}

static void tell_store(struct device *device) {
    const struct bridge_port *port = &device->port;
    char text[STORE_TEXT];
    if (!backend_may_tell(&kind, &device->common, frames_counted_of(port))) return;
    u32 length = print_to(text, sizeof text, "sent=%u received=%u", port->sent, port->received);
    for (u32 k = 0; k < DROPS; k++)
        length += print_to(text + length, sizeof text - length, " %s=%u", drop_names[k], port->dropped[k]);
    backend_tell(&device->common, text);
}

static bool begin(struct backend *backend) {
    struct device *device = (struct device *)backend;
    char path[STORE_TEXT], text[STORE_TEXT];
    device->port = (struct bridge_port){.domain = backend->domain, .deliver = deliver};
    store_write_number(store_path(path, backend->path, "feature-rx-copy"), 1);
    if (store_read(store_path(path, backend->path, "mac"), text, sizeof text) <= 0) return false;
    if (!read_station(device->port.station, text)) return false;
    if (store_read(store_path(path, backend->path, "ip"), text, sizeof text) <= 0) return false;
    if (!read_address(&device->port.address, text)) return false;
    bridge_join(&device->port); /* from now on nobody else is let through to this station */
    return true;
}

static bool connect(struct backend *backend) {
    struct device *device = (struct device *)backend;
    if (!device->send.at) device->send.at = frame_get();
    if (!device->pages.at) device->pages.at = frame_get();
    if (!device->send.at || !device->pages.at) return false;
    if (!backend_map(backend, &device->send, "tx-ring-ref")) return false;
    if (!backend_map(backend, &device->pages, "rx-ring-ref")) {
        grant_unmap(&device->send);
        return false;
    }
    device->sends_taken = device->pages_taken = 0;
    return true;
}

static void disconnect(struct backend *backend) {
    struct device *device = (struct device *)backend;
    grant_unmap(&device->send);
    grant_unmap(&device->pages);
}

static void end(struct backend *backend) { bridge_leave(&((struct device *)backend)->port); }

BACKEND_KIND("netback", "backend/vif", end)

void netback_start(void) {
    buffer = frame_get();
    if (buffer && grants_start() && bridge_start()) process_start_in_kernel("netback", run);
}
