/*
 * The back half of the block driver. A page that a request lends is mapped for as long as the disk's controller moves
 * its data, straight between the disk and that page. Each sector is checked against the partition that is the domain's.
 */
#include "split.h"

#include "../kernel/block.h"
#include "../kernel/frames.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"
#include "../kernel/string.h"
#include "backend.h"

#define SECTORS (BLOCK_SIZE / SECTOR_SIZE)
#define DEVICES 20

/* Why a request gets an error for its answer. */
enum lie { LIE_MALFORMED, LIE_EXTENT, LIE_GRANT, LIES };
static const char *const lie_names[LIES] = {"malformed", "extent", "grant"};

struct device {
    struct backend common;
    u32 refused[LIES];
    bool writable;
    u32 first, sectors; /* of the disk */
    struct grant_mapping ring;
    u32 requests_taken;
};

static struct device devices[DEVICES];
static struct grant_mapping window; /* the page of the request that is being served */
static u8 *bounce; /* a block of the disk, where a request does not ask for whole ones */

BACKEND_HEARS(kind)

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

/* It is said once of each domain and reason: who asks for nonsense shall not write this domain's console full. */
static bool refuse(struct device *device, enum lie why) {
    if (device->refused[why]++ == 0)
        print("blkback: domain %u: a request is refused: %s\n", device->common.domain, lie_names[why]);
    return false;
}

static bool move_segment(struct device *device, bool write, u32 sector, const struct block_segment *segment) {
    u32 count = segment->last - segment->first + 1u;
    if (!grant_map(&window, device->common.domain, segment->reference, write)) return refuse(device, LIE_GRANT);
    u8 *at = (u8 *)window.at + segment->first * SECTOR_SIZE;
    int error = count == SECTORS && sector % SECTORS == 0 ? move_block(write, sector / SECTORS, at)
                                                           : move_sectors(write, sector, count, at);
    grant_unmap(&window);
    return error == 0;
}

static bool perform(struct device *device, const struct block_request *request) {
    bool write = request->operation == BLOCK_WRITE;
    if (request->operation > BLOCK_WRITE || request->segments > BLOCK_SEGMENTS) return refuse(device, LIE_MALFORMED);
    if (write && !device->writable) return refuse(device, LIE_MALFORMED);
    u64 sector = request->sector;
    for (u32 k = 0; k < request->segments; k++) {
        const struct block_segment *segment = &request->segment[k];
        u32 count = segment->last - segment->first + 1u;
        if (segment->first > segment->last || segment->last >= SECTORS) return refuse(device, LIE_MALFORMED);
        if (sector >= device->sectors || count > device->sectors - (u32)sector) return refuse(device, LIE_EXTENT);
        if (!move_segment(device, write, device->first + (u32)sector, segment)) return false;
        sector += count;
    }
    return true;
}

static void respond(const struct device *device, const struct block_request *request, bool good) {
    volatile struct block_ring *ring = device->ring.at;
    volatile struct block_response *response = &ring->slot[ring->responses_put % BLOCK_REQUESTS].response;
    response->id = request->id;
    response->operation = request->operation;
    response->status = good ? 0 : -1;
    backend_respond(&device->common, ring);
}

/* Of what was refused alone: who keeps to the rules waits for no telling. */
static void tell_store(struct device *device) {
    char text[STORE_TEXT];
    u32 length = 0, sum = 0;
    for (u32 k = 0; k < LIES; k++) sum += device->refused[k];
    if (!backend_may_tell(&kind, &device->common, sum)) return;
    for (u32 k = 0; k < LIES; k++)
        length += print_to(text + length, sizeof text - length, k ? " %s=%u" : "%s=%u", lie_names[k], device->refused[k]);
    backend_tell(&device->common, text);
}

/* The request is copied before it is looked at: the other side can write the ring at any time. */
static bool serve(struct backend *backend) {
    struct device *device = (struct device *)backend;
    volatile struct block_ring *ring = device->ring.at;
    u32 put = ring->requests_put;
    if (put - device->requests_taken > BLOCK_REQUESTS) {
        refuse(device, LIE_MALFORMED);
        device->common.told_at = 0; /* it is the last that is told */
        tell_store(device);
        backend_drop(&kind, backend, "counts more requests than its ring holds");
        return false;
    }
    while (device->requests_taken != put) {
        struct block_request request;
        memcpy(&request, (const void *)&ring->slot[device->requests_taken++ % BLOCK_REQUESTS].request, sizeof request);
        respond(device, &request, perform(device, &request));
    }
    ring->request_event = device->requests_taken + 1;
    COMPILER_BARRIER();
    tell_store(device);
    return ring->requests_put != device->requests_taken;
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

static bool begin(struct backend *backend) {
    struct device *device = (struct device *)backend;
    char path[STORE_TEXT], text[STORE_TEXT];
    memset(device->refused, 0, sizeof device->refused);
    store_read(store_path(path, backend->path, "mode"), text, sizeof text);
    device->writable = text[0] == 'w';
    store_read(store_path(path, backend->path, "params"), text, sizeof text);
    if (find_extent(device, text)) return true;
    print("blkback: there is no %s for domain %u\n", text, backend->domain);
    return false;
}

static bool connect(struct backend *backend) {
    struct device *device = (struct device *)backend;
    char path[STORE_TEXT];
    if (!device->ring.at) device->ring.at = frame_get();
    if (!device->ring.at || !backend_map(backend, &device->ring, "ring-ref")) return false;
    device->requests_taken = 0;
    store_write_number(store_path(path, backend->path, "sectors"), device->sectors);
    store_write_number(store_path(path, backend->path, "sector-size"), SECTOR_SIZE);
    store_write_number(store_path(path, backend->path, "info"), 0);
    return true;
}

static void disconnect(struct backend *backend) { grant_unmap(&((struct device *)backend)->ring); }

BACKEND_KIND("blkback", "backend/vbd", NULL)

void blkback_start(void) {
    bounce = frame_get();
    window.at = frame_get();
    if (disk && bounce && window.at && grants_start()) process_start_in_kernel("blkback", run);
}
