/*
 * The front half of a network driver: a card that another domain's bridge is. Frames to be sent are copied into pages
 * that are lent for good, and others of these wait to be filled. Interface: io/netif.h.
 */
#include "split.h"

#include "../kernel/frames.h"
#include "../kernel/machine.h"
#include "../kernel/net.h"
#include "../kernel/packets.h"
#include "../kernel/string.h"
#include "frontend.h"
#include "grants.h"

#define BUFFERS 16 /* pages for either way */

struct buffer {
    u8 *page;
    u32 reference;
    bool busy;
};

static struct frontend front;
static struct net_device device = {.name = "network of another domain"};
static volatile struct net_send_ring *send_ring;
static volatile struct net_page_ring *page_ring;
static struct buffer out[BUFFERS], in[BUFFERS];
static u32 sends_answered, pages_answered;

/* ---- sending ---- */

/* Pages of frames that the other half is done with. */
static void take_answers(void) {
    while (sends_answered != send_ring->responses_put)
        out[send_ring->slot[sends_answered++ % NET_SLOTS].response.id % BUFFERS].busy = false;
}

/* If all pages are under way the frame is lost, as on any Ethernet. */
static void send(const u8 *frame, u32 length) {
    u32 flags = irq_save();
    take_answers();
    for (u16 k = 0; k < BUFFERS; k++) {
        if (out[k].busy) continue;
        out[k].busy = true;
        memcpy(out[k].page, frame, length);
        u32 put = send_ring->requests_put;
        volatile struct net_send_request *request = &send_ring->slot[put % NET_SLOTS].request;
        request->reference = out[k].reference;
        request->offset = request->flags = 0;
        request->id = k;
        request->size = (u16)length;
        COMPILER_BARRIER();
        send_ring->requests_put = put + 1;
        COMPILER_BARRIER();
        if (send_ring->request_event == put + 1) frontend_ring(&front);
        break;
    }
    irq_restore(flags);
}

/* ---- receiving ---- */

static void offer_page(u16 number) {
    u32 put = page_ring->requests_put;
    volatile struct net_page_request *request = &page_ring->slot[put % NET_SLOTS].request;
    request->id = number;
    request->reference = in[number].reference;
    COMPILER_BARRIER();
    page_ring->requests_put = put + 1;
}

static void take_frame(const volatile struct net_page_response *response) {
    u16 number = response->id % BUFFERS, offset = response->offset;
    int length = response->status;
    if (length > 0 && offset + (u32)length <= PAGE_SIZE) net_received(in[number].page + offset, (u32)length);
    offer_page(number);
}

static void handle(bool process_ran) {
    (void)process_ran;
    do {
        while (pages_answered != page_ring->responses_put)
            take_frame(&page_ring->slot[pages_answered++ % NET_SLOTS].response);
        page_ring->response_event = pages_answered + 1;
        COMPILER_BARRIER();
    } while (pages_answered != page_ring->responses_put);
}

/* ---- meeting the other half ---- */

static bool make_buffers(struct buffer *buffers, bool for_reading_only) {
    for (u32 k = 0; k < BUFFERS; k++) {
        if (!(buffers[k].page = frame_get_zeroed())) return false;
        buffers[k].reference = grant_give(front.domain, buffers[k].page, for_reading_only);
    }
    return true;
}

static bool learn_station(void) {
    char path[STORE_TEXT], text[STORE_TEXT];
    return store_read(store_path(path, front.path, "mac"), text, sizeof text) > 0 && read_station(device.address, text);
}

void netfront_start(void) {
    char path[STORE_TEXT];
    if (!frontend_find(&front, "device/vif") || !learn_station()) return;
    send_ring = frame_get_zeroed();
    page_ring = frame_get_zeroed();
    if (!send_ring || !page_ring || !make_buffers(out, true) || !make_buffers(in, false)) return;
    if (!frontend_listen(&front, handle)) return;
    send_ring->request_event = page_ring->request_event = page_ring->response_event = 1;
    for (u16 k = 0; k < BUFFERS; k++) offer_page(k);
    frontend_lend(&front, "tx-ring-ref", send_ring);
    frontend_lend(&front, "rx-ring-ref", page_ring);
    store_write_number(store_path(path, front.path, "request-rx-copy"), 1);
    frontend_meet(&front, CONNECTED);
    device.send = send;
    net_announce(&device);
}
