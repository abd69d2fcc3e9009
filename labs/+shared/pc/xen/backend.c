/*
 * Back ends: devices come and go in the store. Each has a state there, and so has its other half; whoever sees the
 * other's change goes on from there. What a domain asks for is believed to be nothing but a wish.
 */
#include "backend.h"

#include "../kernel/clock.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"
#include "../kernel/string.h"
#include "events.h"

void backend_ring(const struct backend *device) { hypercall(EVENT_CHANNEL_OP, SEND_EVENT, (u32)&device->port, 0, 0); }

void backend_respond(const struct backend *device, volatile void *ring) {
    volatile struct ring_head *head = ring;
    u32 put = head->responses_put + 1;
    COMPILER_BARRIER();
    head->responses_put = put;
    COMPILER_BARRIER();
    if (head->response_event == put) backend_ring(device);
}

bool backend_may_tell(struct backend_kind *kind, struct backend *device, u32 counted) {
    if (counted == device->told) return false;
    if (device->told_at == clock_ticks()) {
        kind->again = device->told_at + 1;
        return false;
    }
    device->told_at = clock_ticks();
    device->told = counted;
    return true;
}

void backend_tell(const struct backend *device, const char *statistics) {
    char path[STORE_TEXT];
    store_write(store_path(path, device->path, "statistics"), statistics);
}

static void set_state(const struct backend *device, u32 state) {
    char path[STORE_TEXT];
    store_write_number(store_path(path, device->path, "state"), state);
}

static void begin(struct backend_kind *kind, struct backend *device, const char *path) {
    char text[STORE_TEXT];
    *device = (struct backend){.known = true};
    text_copy(device->path, path, BACKEND_PATH);
    device->domain = store_number(store_path(text, path, "frontend-id"), 0);
    if (store_read(store_path(text, path, "frontend"), device->front, BACKEND_PATH) <= 0 || !kind->begin(device)) {
        set_state(device, CLOSED);
        return;
    }
    text_copy(device->front_state, store_path(text, device->front, "state"), BACKEND_PATH);
    set_state(device, WAITS);
    store_watch(device->front_state, kind->news_came);
}

bool backend_map(const struct backend *device, struct grant_mapping *ring, const char *key) {
    char path[STORE_TEXT];
    return grant_map(ring, device->domain, store_number(store_path(path, device->front, key), 0), false);
}

static bool bind(struct backend_kind *kind, struct backend *device) {
    char path[STORE_TEXT];
    struct bind_port bind = {(u16)device->domain, 0, 0, 0};
    bind.remote = store_number(store_path(path, device->front, "event-channel"), 0);
    if (hypercall(EVENT_CHANNEL_OP, BIND_PORT, (u32)&bind, 0, 0) != 0) return false;
    device->port = bind.port;
    event_handle(device->port, kind->ring_rung);
    return true;
}

static void connect(struct backend_kind *kind, struct backend *device) {
    if (!kind->connect(device)) return;
    device->connected = bind(kind, device);
    if (device->connected)
        set_state(device, CONNECTED);
    else
        kind->disconnect(device);
}

static void disconnect(struct backend_kind *kind, struct backend *device) {
    if (!device->connected) return;
    device->connected = false;
    kind->disconnect(device);
    hypercall(EVENT_CHANNEL_OP, CLOSE_PORT, (u32)&device->port, 0, 0);
}

void backend_drop(struct backend_kind *kind, struct backend *device, const char *why) {
    print("%s: domain %u %s\n", kind->name, device->domain, why);
    device->dropped = true;
    disconnect(kind, device);
    set_state(device, CLOSED);
}

/* ---- what the store says ---- */

static struct backend *next(const struct backend_kind *kind, struct backend *device) {
    u8 *after = device ? (u8 *)device + kind->size : kind->devices;
    return after == (u8 *)kind->devices + kind->count * kind->size ? NULL : (struct backend *)after;
}

static struct backend *device_at(struct backend_kind *kind, const char *path) {
    struct backend *unused = NULL;
    for (struct backend *d = next(kind, NULL); d; d = next(kind, d)) {
        if (d->known && text_equal(d->path, path)) return d;
        if (!d->known && !unused) unused = d;
    }
    if (unused) begin(kind, unused, path);
    return unused;
}

static void look_at(struct backend_kind *kind, const char *path) {
    struct backend *device = device_at(kind, path);
    if (!device) return;
    device->seen = true;
    u32 state = device->front_state[0] ? store_number(device->front_state, CLOSED) : CLOSED;
    bool ready = state == INITIALISED || state == CONNECTED;
    if (ready && !device->connected && !device->dropped) connect(kind, device);
    if (state >= CLOSING) disconnect(kind, device);
}

static void look_around(struct backend_kind *kind) {
    for (struct backend *d = next(kind, NULL); d; d = next(kind, d)) d->seen = false;
    int domains_end = store_list(kind->top, kind->domains, STORE_TEXT);
    for (char *domain = kind->domains; domain < kind->domains + domains_end; domain += text_length(domain) + 1) {
        int names_end = store_list(store_path(kind->below, kind->top, domain), kind->names, STORE_TEXT);
        for (char *name = kind->names; name < kind->names + names_end; name += text_length(name) + 1)
            look_at(kind, store_path(kind->found, kind->below, name));
    }
    for (struct backend *d = next(kind, NULL); d; d = next(kind, d)) {
        if (!d->known || d->seen) continue;
        disconnect(kind, d);
        if (d->front_state[0]) {
            store_unwatch(d->front_state, kind->news_came);
            if (kind->end) kind->end(d);
        }
        d->known = false;
    }
}

/* ---- the process ---- */

static void wait(struct backend_kind *kind) {
    irq_disable();
    while (!kind->news && !kind->rung)
        if (sleep_until(&kind->waiting, kind->again) != 0) break;
    if (need_schedule) { /* there is work without end, and others have some, too */
        make_ready(current);
        schedule();
    }
}

void backend_run(struct backend_kind *kind) {
    irq_enable();
    store_watch(kind->top, kind->news_came);
    for (;;) {
        wait(kind);
        bool look = kind->news;
        kind->news = kind->rung = false;
        kind->again = 0;
        irq_enable();
        if (look) look_around(kind);
        for (struct backend *d = next(kind, NULL); d; d = next(kind, d))
            if (d->connected && kind->serve(d)) kind->rung = true;
    }
}
