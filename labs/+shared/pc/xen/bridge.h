/* A bridge between the card, this domain's own station, and the stations of other domains. */
#ifndef XEN_BRIDGE_H
#define XEN_BRIDGE_H

#include "../kernel/types.h"

/* Why a frame is dropped. */
enum drop { DROP_MALFORMED, DROP_STATION, DROP_ADDRESS, DROP_PROTOCOL, DROP_ISOLATED, DROP_NO_ROOM, DROPS };
extern const char *const drop_names[DROPS];

/* Where the station of another domain is joined on. */
struct bridge_port {
    u32 domain;
    u8 station[6]; /* the only ones that it may send from */
    u32 address;
    bool (*deliver)(struct bridge_port *port, const u8 *frame, u32 length); /* false: it has no room */
    u32 sent, received, dropped[DROPS]; /* by the domain, to it, and whatever was not let through either way */
    struct bridge_port *next;
};

/* Takes the place of the card, and hears all that comes to it; false: there is no card. */
bool bridge_start(void);
void bridge_join(struct bridge_port *port);
void bridge_leave(struct bridge_port *port);
/* A frame that the domain sends, in memory that it cannot reach. Frames are at least FRAME_LEAST long. */
void bridge_take(struct bridge_port *from, u8 *frame, u32 length);

#endif
