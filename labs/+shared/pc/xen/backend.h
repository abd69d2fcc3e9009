/* What the back ends of all kinds of devices have in common: a process of its own, which the store tells of devices. */
#ifndef XEN_BACKEND_H
#define XEN_BACKEND_H

#include "../kernel/process.h"
#include "grants.h"
#include "store.h"

#define BACKEND_PATH 80

/* Every device begins with this. */
struct backend {
    bool known, connected, seen, dropped;
    u32 domain, port;
    u32 told, told_at; /* what had been counted when the store was last told, and the tick */
    char path[BACKEND_PATH], front[BACKEND_PATH], front_state[BACKEND_PATH];
};

struct backend_kind {
    const char *name, *top; /* of the process; of the devices in the store */
    void *devices;
    u32 count, size;
    /* What the store says of a new device; false: there is nothing to serve it with. */
    bool (*begin)(struct backend *device);
    /* The other half has published its rings; false: they cannot be had. */
    bool (*connect)(struct backend *device);
    void (*disconnect)(struct backend *device);
    /* Its domain is gone; null: nothing is to be done about that. */
    void (*end)(struct backend *device);
    /* Serves what has been asked for, one ring at most, and says whether there is more of it. */
    bool (*serve)(struct backend *device);
    /* Watches and events say nothing but that they came: each kind has its own pair, made by BACKEND_HEARS. */
    void (*news_came)(void);
    void (*ring_rung)(bool process_ran);
    u32 again; /* tick at which `serve` is wanted though nothing has come; 0: none */

    bool news, rung;
    struct queue waiting;
    char domains[STORE_TEXT], names[STORE_TEXT], below[STORE_TEXT], found[STORE_TEXT];
};

#define BACKEND_HEARS(kind)                                                                                            \
    static struct backend_kind kind;                                                                                   \
    static void news_came(void) {                                                                                      \
        kind.news = true;                                                                                              \
        wake_all(&kind.waiting);                                                                                       \
    }                                                                                                                  \
    static void ring_rung(bool process_ran) {                                                                          \
        (void)process_ran;                                                                                             \
        kind.rung = true;                                                                                              \
        wake_all(&kind.waiting);                                                                                       \
    }

/* The kind, whose five ways of each device have these names in its file; `end` may be null. */
#define BACKEND_KIND(kind_name, place, last)                                                                           \
    static struct backend_kind kind = {                                                                                \
        .name = kind_name,                                                                                             \
        .top = place,                                                                                                  \
        .devices = devices,                                                                                            \
        .count = sizeof devices / sizeof *devices,                                                                     \
        .size = sizeof *devices,                                                                                       \
        .begin = begin,                                                                                                \
        .connect = connect,                                                                                            \
        .disconnect = disconnect,                                                                                      \
        .end = last,                                                                                                   \
        .serve = serve,                                                                                                \
        .news_came = news_came,                                                                                        \
        .ring_rung = ring_rung,                                                                                        \
    };                                                                                                                 \
    static void run(void) { backend_run(&kind); }

/* With these every ring begins. */
struct ring_head {
    u32 requests_put, request_event, responses_put, response_event;
};

/* Never returns. */
void backend_run(struct backend_kind *kind);
/* Maps the ring whose reference the other half has written under `key`; its place is this domain's for good. */
bool backend_map(const struct backend *device, struct grant_mapping *ring, const char *key);
/* The device is not served any more: its domain has broken the rules of the ring. */
void backend_drop(struct backend_kind *kind, struct backend *device, const char *why);
void backend_ring(const struct backend *device);
/* A response stands in the ring, for whoever wants an event about it. */
void backend_respond(const struct backend *device, volatile void *ring);
/* Whether the store is to be told now that so much was counted: at most once in a tick, for telling takes long. */
bool backend_may_tell(struct backend_kind *kind, struct backend *device, u32 counted);
void backend_tell(const struct backend *device, const char *statistics);

#endif
