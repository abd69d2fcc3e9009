/*
 * xenstore's client: requests go into one ring of a shared page, answers come back in the other, and between answers
 * the news of what is watched. Interface: io/xs_wire.h.
 */
#include "store.h"

#include "../abi/linux.h"
#include "../kernel/lock.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"
#include "../kernel/string.h"
#include "events.h"

#define LIST 1
#define READ 2
#define WATCH 4
#define UNWATCH 5
#define WRITE 11
#define NEWS 15
#define FAILED 16

#define AREA 1024u
#define WATCHES 8

static volatile struct store_ring {
    char requests[AREA], answers[AREA];
    u32 requests_taken, requests_put, answers_taken, answers_put;
} *ring;
static u32 port;

static struct lock lock; /* one request at a time */
static struct queue waiting;
static bool asking;
static void (*watches[WATCHES])(void); /* the number is the token, of one or several paths */
static u32 watch_count;

static void ring_bell(void) { hypercall(EVENT_CHANNEL_OP, SEND_EVENT, (u32)&port, 0, 0); }

/* With events forbidden: rings, and a process waits until the ring has changed. */
static void wait(void) {
    ring_bell();
    if (asking && ring->answers_put == ring->answers_taken) sleep_in(&waiting);
}

static void put(const void *bytes, u32 length) {
    const char *from = bytes;
    for (u32 k = 0; k < length; k++) {
        while (ring->requests_put - ring->requests_taken == AREA) wait();
        ring->requests[ring->requests_put % AREA] = from[k];
        COMPILER_BARRIER();
        ring->requests_put++;
    }
}

static void take(void *bytes, u32 length) {
    char *to = bytes;
    for (u32 k = 0; k < length; k++) {
        while (ring->answers_put == ring->answers_taken) wait();
        char c = ring->answers[ring->answers_taken % AREA];
        COMPILER_BARRIER();
        ring->answers_taken++;
        if (to) to[k] = c;
    }
}

/* The news: a path, and the token that the watch was given. */
static void take_news(u32 length) {
    static char text[STORE_TEXT + 8];
    if (length > sizeof text) {
        take(NULL, length);
        return;
    }
    take(text, length);
    u32 token = 0;
    for (const char *c = text + text_length(text) + 1; c < text + length && *c; c++)
        token = token * 10 + (u32)(*c - '0');
    if (token < watch_count) watches[token]();
}

static void handle(bool process_ran) {
    (void)process_ran;
    wake_all(&waiting);
    struct store_header header;
    while (!asking && ring->answers_put - ring->answers_taken >= sizeof header) {
        take(&header, sizeof header);
        if (header.type == NEWS)
            take_news(header.length);
        else
            take(NULL, header.length);
    }
}

int store_exchange(struct store_header *header, const void *payload, void *answer, u32 size) {
    if (!ring) return -EIO;
    lock_take(&lock);
    u32 flags = irq_save();
    asking = true;
    put(header, sizeof *header);
    put(payload, header->length);
    ring_bell();
    for (;;) {
        take(header, sizeof *header);
        if (header->type != NEWS) break;
        take_news(header->length);
    }
    u32 kept = least(header->length, size);
    take(answer, kept);
    take(NULL, header->length - kept);
    asking = false;
    irq_restore(flags);
    lock_give(&lock);
    return (int)kept;
}

static int error_named(const char *name) {
    if (text_equal(name, "ENOENT")) return -ENOENT;
    return text_equal(name, "EACCES") ? -EACCES : -EIO;
}

/* A path, and what belongs to it; only a value has no zero at its end. */
static int request(u32 type, const char *path, const char *more, char *answer, u32 size) {
    char text[2 * STORE_TEXT];
    u32 length = print_to(text, sizeof text, "%s", path) + 1;
    if (more) length += print_to(text + length, sizeof text - length, "%s", more) + (type != WRITE);
    struct store_header header = {type, 0, 0, length};
    int got = store_exchange(&header, text, answer ? answer : text, answer ? size - 1 : sizeof text - 1);
    if (got < 0) return got;
    (answer ? answer : text)[got] = 0;
    return header.type == FAILED ? error_named(answer ? answer : text) : got;
}

int store_read(const char *path, char *value, u32 size) { return request(READ, path, NULL, value, size); }
int store_list(const char *path, char *names, u32 size) { return request(LIST, path, NULL, names, size); }

int store_write(const char *path, const char *value) { return request(WRITE, path, value, NULL, 0); }

static int about_watch(u32 type, const char *path, void (*changed)(void)) {
    char token[8];
    u32 k = 0;
    while (k < watch_count && watches[k] != changed) k++;
    if (k == WATCHES) return -ENOMEM;
    if (k == watch_count) watches[watch_count++] = changed;
    print_to(token, sizeof token, "%u", k);
    return request(type, path, token, NULL, 0);
}

int store_watch(const char *path, void (*changed)(void)) { return about_watch(WATCH, path, changed); }
int store_unwatch(const char *path, void (*changed)(void)) { return about_watch(UNWATCH, path, changed); }

u32 store_number(const char *path, u32 otherwise) {
    char text[16];
    if (store_read(path, text, sizeof text) <= 0) return otherwise;
    u32 value = 0;
    for (const char *c = text; *c >= '0' && *c <= '9'; c++) value = value * 10 + (u32)(*c - '0');
    return value;
}

int store_write_number(const char *path, u32 value) {
    char text[16];
    print_to(text, sizeof text, "%u", value);
    return store_write(path, text);
}

const char *store_path(char *text, const char *top, const char *name) {
    print_to(text, STORE_TEXT, "%s/%s", top, name);
    return text;
}

void store_start(const struct start_info *info) {
    if (info->store_port == 0) return;
    ring = frame_at(info->store_frame * PAGE_SIZE);
    port = info->store_port;
    event_handle(port, handle);
}
