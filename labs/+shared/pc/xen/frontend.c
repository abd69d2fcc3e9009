/* Front ends: a device stands in the store below this domain's own place, with the way to its other half. */
#include "frontend.h"

#include "../kernel/machine.h"
#include "../kernel/process.h"
#include "events.h"
#include "grants.h"

static struct queue changes;
static bool news;

static void changed(void) {
    news = true;
    wake_all(&changes);
}

bool frontend_find(struct frontend *front, const char *kind) {
    char names[STORE_TEXT], path[STORE_TEXT];
    if (store_list(kind, names, sizeof names) <= 0) return false;
    store_path(front->path, kind, names); /* the first one */
    if (store_read(store_path(path, front->path, "backend"), front->back, sizeof front->back) <= 0) return false;
    front->domain = store_number(store_path(path, front->path, "backend-id"), 0);
    return grants_start();
}

bool frontend_listen(struct frontend *front, void (*handler)(bool process_ran)) {
    struct allocate_port allocate = {SELF, (u16)front->domain, 0};
    if (hypercall(EVENT_CHANNEL_OP, ALLOCATE_PORT, (u32)&allocate, 0, 0) != 0) return false;
    front->port = allocate.port;
    event_handle(front->port, handler);
    return true;
}

void frontend_lend(const struct frontend *front, const char *key, volatile void *ring) {
    char path[STORE_TEXT];
    store_write_number(store_path(path, front->path, key), grant_give(front->domain, (const void *)ring, false));
}

void frontend_meet(const struct frontend *front, enum device_state state) {
    char path[STORE_TEXT];
    store_write_number(store_path(path, front->path, "event-channel"), front->port);
    store_write_number(store_path(path, front->path, "state"), state);
    store_watch(store_path(path, front->back, "state"), changed);
    while (store_number(path, 0) != CONNECTED) {
        u32 flags = irq_save();
        while (!news) sleep_in(&changes);
        news = false;
        irq_restore(flags);
    }
    store_unwatch(path, changed);
    store_write_number(store_path(path, front->path, "state"), CONNECTED);
}

u32 frontend_number(const struct frontend *front, const char *key) {
    char path[STORE_TEXT];
    return store_number(store_path(path, front->back, key), 0);
}

void frontend_ring(const struct frontend *front) {
    hypercall(EVENT_CHANNEL_OP, SEND_EVENT, (u32)&front->port, 0, 0);
}
