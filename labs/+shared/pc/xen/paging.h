/* What the beginning needs of paging.c. */
#ifndef XEN_PAGING_H
#define XEN_PAGING_H

#include "interface.h"

/* Maps all memory of the domain, with tables from `used` on; where free memory begins then. */
u32 paging_start(const struct start_info *info, u32 used);

#endif
