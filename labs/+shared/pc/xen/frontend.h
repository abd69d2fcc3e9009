/* What the front ends of all kinds of devices have in common: how they find and meet their other half. */
#ifndef XEN_FRONTEND_H
#define XEN_FRONTEND_H

#include "store.h"

struct frontend {
    char path[STORE_TEXT], back[STORE_TEXT]; /* of both halves in the store */
    u32 domain, port; /* the domain on the other side, and the event channel to it */
};

/* The first device of a kind that this domain has; false: it has none. */
bool frontend_find(struct frontend *front, const char *kind);
/* A channel, which the other half may bind to. */
bool frontend_listen(struct frontend *front, void (*handler)(bool process_ran));
/* Lends the other half a ring, and writes the reference under `key`. */
void frontend_lend(const struct frontend *front, const char *key, volatile void *ring);
/* Writes the channel and the state, and waits until the other half is connected. */
void frontend_meet(const struct frontend *front, enum device_state state);
u32 frontend_number(const struct frontend *front, const char *key);
void frontend_ring(const struct frontend *front);

#endif
