/* What a guest of Xen 3 on x86_32 has to know of it: numbers and structures, from Xen's public headers. */
#ifndef XEN_INTERFACE_H
#define XEN_INTERFACE_H

#include "../kernel/types.h"

#define SET_TRAP_TABLE 0
#define MMU_UPDATE 1
#define SET_GDT 2
#define STACK_SWITCH 3
#define SET_CALLBACKS 4
#define FPU_TASKSWITCH 5
#define UPDATE_DESCRIPTOR 10
#define MULTICALL 13
#define UPDATE_VA_MAPPING 14
#define SET_TIMER_OP 15
#define XEN_VERSION 17
#define GRANT_TABLE_OP 20
#define VCPU_OP 24
#define MMUEXT_OP 26
#define SCHED_OP 29
#define EVENT_CHANNEL_OP 32
#define PHYSDEV_OP 33

#define SELF 0x7ff0u /* the domain that asks */

/* Where every guest can read which of its own frames a frame of the machine is. */
#define MACHINE_TO_PHYSICAL ((const u32 *)0xfc000000u)

struct start_info {
    char magic[32];
    u32 pages, shared_info, flags;
    u32 store_frame, store_port;
    u32 console_frame, console_port;
    u32 page_directory, page_tables; /* linear address of the first one, and how many they are */
    const u32 *frame_list;
    void *module;
    u32 module_length;
    char command_line[1024];
};

#define INITIAL_DOMAIN 2 /* of the flags: domain 0 */

struct time_info {
    u32 version, padding;
    u64 time_stamp, system_time;
    u32 multiplier;
    signed char shift;
    u8 more_padding[3];
};

#define EVENT_WORDS 32

struct shared_info {
    /* Of the first processor; there may be 32. */
    u8 upcall_pending, upcall_mask;
    u32 pending_selector, fault_address, padding[5];
    struct time_info time;
    u8 other_processors[31 * 64];
    u32 pending[EVENT_WORDS], mask[EVENT_WORDS];
    u32 wall_version, wall_seconds, wall_nanoseconds;
};

struct trap_info {
    u8 vector, flags;
    u16 cs;
    u32 address;
};
#define TRAP_FROM_PROCESS 3 /* a process may use it by INT */
#define TRAP_MASKS_EVENTS 4

#define INVALIDATE_PAGE 2 /* of UPDATE_VA_MAPPING */

struct mmu_update {
    u32 slot, slot_high, entry, entry_high; /* machine address of an entry, and its new value */
};

struct mmuext_op {
    u32 command, first, second;
};
#define PIN_DIRECTORY 1
#define UNPIN 4
#define NEW_DIRECTORY 5
#define FLUSH_ALL 6
#define FLUSH_PAGE 7

struct multicall {
    u32 call;
    int result;
    u32 arguments[6];
};

#define BLOCK 1
#define SHUTDOWN 2
#define SHUTDOWN_POWEROFF 0
#define SHUTDOWN_CRASH 3

#define STOP_PERIODIC_TIMER 7

#define BIND_PORT 0
#define BIND_VIRTUAL_INTERRUPT 1
#define BIND_PHYSICAL_INTERRUPT 2
#define CLOSE_PORT 3
#define SEND_EVENT 4
#define ALLOCATE_PORT 6
#define UNMASK 9
#define VIRTUAL_TIMER 0

struct bind_virtual_interrupt {
    u32 interrupt, processor, port;
};

struct allocate_port {
    u16 domain, remote;
    u32 port;
};

struct bind_port {
    u16 domain, padding;
    u32 remote, port;
};

struct bind_physical_interrupt {
    u32 line, flags, port;
};

/* Of PHYSDEV_OP, for the domain that drives the machine's devices. */
#define SET_IO_LEVEL 6
#define END_OF_INTERRUPT 12

struct console_ring {
    char in[1024], out[2048];
    u32 in_taken, in_put, out_taken, out_put;
};

/* ---- grants: grant_table.h ---- */

#define MAP_GRANT 0
#define UNMAP_GRANT 1
#define SETUP_GRANT_TABLE 2

struct setup_grant_table {
    u16 domain;
    u32 frames;
    short status;
    u32 *list;
};

#define MAP_FOR_KERNEL 2
#define MAP_READ_ONLY 4

struct map_grant {
    u64 place;
    u32 flags, reference;
    u16 domain;
    short status;
    u32 handle;
    u64 bus_address;
};

#define COPY_GRANT 5
#define SOURCE_IS_LENT 1
#define TARGET_IS_LENT 2

/* A part of a page: of a frame of one's own, or of one that a domain lends. */
struct copy_end {
    u32 frame; /* or reference */
    u16 domain, offset;
};
struct copy_grant {
    struct copy_end source, target;
    u16 length, flags;
    short status;
};

struct unmap_grant {
    u64 place, bus_address;
    u32 handle;
    short status;
};

/* ---- the ring between the halves of a block driver: io/ring.h, io/blkif.h ---- */

#define BLOCK_READ 0
#define BLOCK_WRITE 1
#define BLOCK_SEGMENTS 11 /* of one request, each a part of a page */
#define BLOCK_REQUESTS 32 /* that the ring holds */
#define SECTOR_SIZE 512u

struct block_segment {
    u32 reference;
    u8 first, last; /* sectors of the page */
    u16 padding;
};

struct block_request {
    u8 operation, segments;
    u16 device;
    u64 id __attribute__((packed, aligned(4)));
    u64 sector __attribute__((packed, aligned(4)));
    struct block_segment segment[BLOCK_SEGMENTS];
};

struct block_response {
    u64 id __attribute__((packed, aligned(4)));
    u8 operation;
    short status; /* 0, or -1 */
};

/* Whoever puts something in looks at the other's wish: at which count of it an event is wanted. */
struct block_ring {
    u32 requests_put, request_event, responses_put, response_event;
    u32 padding[12];
    union {
        struct block_request request;
        struct block_response response;
    } slot[BLOCK_REQUESTS];
};

/* ---- the rings between the halves of a network driver: io/netif.h ---- */

#define NET_SLOTS 256 /* of either ring */
#define NET_MORE_DATA 4 /* flags of a frame to be sent that is not alone in its page */
#define NET_EXTRA_INFO 8
#define NET_OKAY 0
#define NET_ERROR (-1)
#define NET_DROPPED (-2)

struct net_send_request {
    u32 reference;
    u16 offset, flags, id, size;
};
struct net_send_response {
    u16 id;
    short status;
};
/* A page that may be filled with a frame. */
struct net_page_request {
    u16 id, padding;
    u32 reference;
};
struct net_page_response {
    u16 id, offset, flags;
    short status; /* the frame's length, or an error */
};

struct net_send_ring {
    u32 requests_put, request_event, responses_put, response_event;
    u32 padding[12];
    union {
        struct net_send_request request;
        struct net_send_response response;
    } slot[NET_SLOTS];
};
struct net_page_ring {
    u32 requests_put, request_event, responses_put, response_event;
    u32 padding[12];
    union {
        struct net_page_request request;
        struct net_page_response response;
    } slot[NET_SLOTS];
};

/* Of a device's two halves, in the store: io/xenbus.h. */
enum device_state { INITIALISING = 1, WAITS = 2, INITIALISED = 3, CONNECTED = 4, CLOSING = 5, CLOSED = 6 };

#endif
