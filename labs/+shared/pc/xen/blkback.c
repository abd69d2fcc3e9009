/*
 * The back half of the block driver: one process that serves the rings of all domains. A page that a request lends is
 * mapped for as long as the disk's controller moves its data, straight between the disk and that page. What a domain
 * asks for is believed to be nothing but a wish: each sector is checked against the partition that is its own.
 */
#include "split.h"

#include "../kernel/block.h"
#include "../kernel/frames.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"
#include "../kernel/process.h"
#include "../kernel/string.h"
#include "events.h"
#include "grants.h"
#include "store.h"

#define SECTORS (BLOCK_SIZE / SECTOR_SIZE)
#define DEVICES 20
#define PATH 80
#define TOP "backend/vbd"

struct device {
    bool known, connected, seen;
    u32 domain;
    char back[PATH], front_state[PATH], front[PATH];
    bool writable;
    u32 first, sectors; /* of the disk */
    struct grant_mapping ring; /* its place is this domain's for good */
    u32 port, requests_taken;
};

static struct device devices[DEVICES];
static struct grant_mapping window; /* the page of the request that is being served */
static u8 *bounce; /* a block of the disk, where a request does not ask for whole ones */

static struct queue waiting;
static bool news, rung;

static void news_came(void) {
    news = true;
    wake_all(&waiting);
}

static void ring_rung(bool process_ran) {
    (void)process_ran;
    rung = true;
    wake_all(&waiting);
}

/* ---- requests ---- */

static int move_block(bool write, u32 block, void *at) { return write ? disk->write(block, at) : disk->read(block, at); }

/* Sectors of a page that are not a whole block of the disk go by way of one. */
static int move_sectors(bool write, u32 sector, u32 count, u8 *at) {
    int error = 0;
    for (; count > 0 && error == 0; count--, sector++, at += SECTOR_SIZE) {
        u8 *place = bounce + sector % SECTORS * SECTOR_SIZE;
        error = disk->read(sector / SECTORS, bounce);
        if (error) break;
        memcpy(write ? place : at, write ? at : place, SECTOR_SIZE);
        if (write) error = disk->write(sector / SECTORS, bounce);
    }
    return error;
}

static bool move_segment(const struct device *device, bool write, u32 sector, const struct block_segment *segment) {
    u32 count = segment->last - segment->first + 1u;
    if (!grant_map(&window, device->domain, segment->reference, write)) return false;
    u8 *at = (u8 *)window.at + segment->first * SECTOR_SIZE;
    int error = count == SECTORS && sector % SECTORS == 0 ? move_block(write, sector / SECTORS, at)
                                                           : move_sectors(write, sector, count, at);
    grant_unmap(&window);
    return error == 0;
}

static bool perform(const struct device *device, const struct block_request *request) {
    bool write = request->operation == BLOCK_WRITE;
    if (request->operation > BLOCK_WRITE || (write && !device->writable)) return false;
    if (request->segments > BLOCK_SEGMENTS) return false;
    u64 sector = request->sector;
    for (u32 k = 0; k < request->segments; k++) {
        const struct block_segment *segment = &request->segment[k];
        u32 count = segment->last - segment->first + 1u;
        if (segment->first > segment->last || segment->last >= SECTORS) return false;
        if (sector >= device->sectors || count > device->sectors - (u32)sector) {
            print("blkback: domain %u may not reach sector %u: its disk has %u\n", device->domain, (u32)sector,
                  device->sectors);
            return false;
        }
        if (!move_segment(device, write, device->first + (u32)sector, segment)) return false;
        sector += count;
    }
    return true;
}

static void respond(const struct device *device, const struct block_request *request, bool good) {
    volatile struct block_ring *ring = device->ring.at;
    u32 put = ring->responses_put;
    volatile struct block_response *response = &ring->slot[put % BLOCK_REQUESTS].response;
    response->id = request->id;
    response->operation = request->operation;
    response->status = good ? 0 : -1;
    COMPILER_BARRIER();
    ring->responses_put = put + 1;
    COMPILER_BARRIER();
    if (ring->response_event == put + 1) hypercall(EVENT_CHANNEL_OP, SEND_EVENT, (u32)&device->port, 0, 0);
}

static void disconnect(struct device *device);

/* The request is copied before it is looked at: the other side can write the ring at any time. */
static void serve_ring(struct device *device) {
    volatile struct block_ring *ring = device->ring.at;
    do {
        u32 put = ring->requests_put;
        if (put - device->requests_taken > BLOCK_REQUESTS) {
            print("blkback: domain %u counts more requests than its ring holds\n", device->domain);
            disconnect(device);
            return;
        }
        while (device->requests_taken != put) {
            struct block_request request;
            memcpy(&request, (const void *)&ring->slot[device->requests_taken++ % BLOCK_REQUESTS].request,
                   sizeof request);
            respond(device, &request, perform(device, &request));
        }
        ring->request_event = device->requests_taken + 1;
        COMPILER_BARRIER();
    } while (ring->requests_put != device->requests_taken);
}

/* ---- devices ---- */

static u32 word_of(const u8 *bytes) {
    return bytes[0] | (u32)bytes[1] << 8 | (u32)bytes[2] << 16 | (u32)bytes[3] << 24;
}

#define PARTITIONS 446 /* where the table begins in the disk's first sector */

/* "hda" is all of the disk, "hda2" its second partition. */
static bool find_extent(struct device *device, const char *name) {
    const char *number = text_after(name, "hda");
    if (!disk || !number) return false;
    device->first = 0;
    device->sectors = disk->blocks * SECTORS;
    if (!*number) return true;
    if (*number < '1' || *number > '4' || number[1]) return false;
    if (disk->read(0, bounce) != 0 || bounce[510] != 0x55 || bounce[511] != 0xaa) return false;
    const u8 *entry = bounce + PARTITIONS + (*number - '1') * 16;
    u32 first = word_of(entry + 8), sectors = word_of(entry + 12);
    if (first > device->sectors || sectors > device->sectors - first) return false;
    device->first = first;
    device->sectors = sectors;
    return sectors > 0;
}

static void set_state(const struct device *device, u32 state) {
    char path[STORE_TEXT];
    store_write_number(store_path(path, device->back, "state"), state);
}

static void begin(struct device *device, const char *back) {
    char path[STORE_TEXT], text[STORE_TEXT];
    struct grant_mapping ring = device->ring;
    memset(device, 0, sizeof *device);
    device->ring = ring;
    text_copy(device->back, back, PATH);
    device->domain = store_number(store_path(path, back, "frontend-id"), 0);
    if (store_read(store_path(path, back, "frontend"), device->front, PATH) <= 0) return;
    store_read(store_path(path, back, "mode"), text, sizeof text);
    device->writable = text[0] == 'w';
    store_read(store_path(path, back, "params"), text, sizeof text);
    device->known = true;
    if (!find_extent(device, text)) {
        print("blkback: there is no %s for domain %u\n", text, device->domain);
        set_state(device, CLOSED);
        return;
    }
    text_copy(device->front_state, store_path(path, device->front, "state"), PATH);
    set_state(device, WAITS);
    store_watch(device->front_state, news_came);
}

static void connect(struct device *device) {
    char path[STORE_TEXT];
    struct bind_port bind = {(u16)device->domain, 0, 0, 0};
    u32 reference = store_number(store_path(path, device->front, "ring-ref"), 0);
    bind.remote = store_number(store_path(path, device->front, "event-channel"), 0);
    if (!device->ring.at) device->ring.at = frame_get();
    if (!device->ring.at || !grant_map(&device->ring, device->domain, reference, false)) return;
    if (hypercall(EVENT_CHANNEL_OP, BIND_PORT, (u32)&bind, 0, 0) != 0) {
        grant_unmap(&device->ring);
        return;
    }
    device->port = bind.port;
    device->requests_taken = 0;
    device->connected = true;
    event_handle(device->port, ring_rung);
    store_write_number(store_path(path, device->back, "sectors"), device->sectors);
    store_write_number(store_path(path, device->back, "sector-size"), SECTOR_SIZE);
    store_write_number(store_path(path, device->back, "info"), 0);
    set_state(device, CONNECTED);
}

static void disconnect(struct device *device) {
    if (!device->connected) return;
    device->connected = false;
    grant_unmap(&device->ring);
    hypercall(EVENT_CHANNEL_OP, CLOSE_PORT, (u32)&device->port, 0, 0);
}

/* ---- what the store says ---- */

static struct device *device_at(const char *back) {
    struct device *unused = NULL;
    for (struct device *d = devices; d < devices + DEVICES; d++) {
        if (d->known && text_equal(d->back, back)) return d;
        if (!d->known && !unused) unused = d;
    }
    if (unused) begin(unused, back);
    return unused;
}

static void look_at(const char *back) {
    struct device *device = device_at(back);
    if (!device) return;
    device->seen = true;
    u32 state = device->front_state[0] ? store_number(device->front_state, CLOSED) : CLOSED;
    if (state == INITIALISED && !device->connected) connect(device);
    if (state >= CLOSING) disconnect(device);
}

static void look_around(void) {
    static char domains[STORE_TEXT], names[STORE_TEXT], top[STORE_TEXT], back[STORE_TEXT];
    for (struct device *d = devices; d < devices + DEVICES; d++) d->seen = false;
    int domains_end = store_list(TOP, domains, sizeof domains);
    for (char *domain = domains; domain < domains + domains_end; domain += text_length(domain) + 1) {
        int names_end = store_list(store_path(top, TOP, domain), names, sizeof names);
        for (char *name = names; name < names + names_end; name += text_length(name) + 1)
            look_at(store_path(back, top, name));
    }
    for (struct device *d = devices; d < devices + DEVICES; d++) {
        if (!d->known || d->seen) continue;
        disconnect(d);
        store_unwatch(d->front_state, news_came);
        d->known = false;
    }
}

static void serve(void) {
    irq_enable();
    store_watch(TOP, news_came);
    for (;;) {
        irq_disable();
        while (!news && !rung) sleep_in(&waiting);
        bool look = news;
        news = rung = false;
        irq_enable();
        if (look) look_around();
        for (struct device *d = devices; d < devices + DEVICES; d++)
            if (d->connected) serve_ring(d);
    }
}

void blkback_start(void) {
    bounce = frame_get();
    window.at = frame_get();
    if (disk && bounce && window.at && grants_start()) process_start_in_kernel("blkback", serve);
}
