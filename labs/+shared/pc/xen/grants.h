/* Lending frames to other domains, and mapping those that others lend. */
#ifndef XEN_GRANTS_H
#define XEN_GRANTS_H

#include "../kernel/types.h"

/* False if Xen gives this domain no table. */
bool grants_start(void);
/* Lets a domain reach a frame; the reference by which it does, 0 if there is none left. */
u32 grant_give(u32 domain, const void *frame, bool for_reading_only);
/* The domain must have given it back. */
void grant_take_back(u32 reference);

/* A frame of another domain in the place of one of this domain's, whose own mapping is gone from then on. */
struct grant_mapping {
    void *at;
    u32 handle;
};
/* False if Xen refuses. */
bool grant_map(struct grant_mapping *mapping, u32 domain, u32 reference, bool for_reading_only);
void grant_unmap(const struct grant_mapping *mapping);

/* Copies between a page that a domain lends and a place here, within one page; false if Xen refuses. */
bool grant_read(void *to, u32 domain, u32 reference, u32 offset, u32 length);
bool grant_write(u32 domain, u32 reference, const void *from, u32 length);

#endif
