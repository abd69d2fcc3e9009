/* Event ports: what a guest of Xen has in the place of interrupt lines. */
#ifndef XEN_EVENTS_H
#define XEN_EVENTS_H

#include "../kernel/types.h"

/* From now on events of the port come to the handler, which learns whether a process was interrupted. */
void event_handle(u32 port, void (*handler)(bool process_ran));

#endif
