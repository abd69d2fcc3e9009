/* Segment descriptors, put together. */
#include "machine.h"

u64 place_in_descriptor(u32 base, u32 limit) {
    return (u64)(limit & 0xffff) | (u64)(base & 0xffffff) << 16 | (u64)(limit >> 16 & 0xf) << 48 |
           (u64)(base >> 24) << 56;
}

u64 tls_descriptor(u32 base, u32 limit, bool pages, bool writable) {
    const u64 user_data_32_bit = 0x0040f10000000000ull;
    return place_in_descriptor(base, limit) | user_data_32_bit | (pages ? 1ull << 55 : 0) |
           (writable ? 1ull << 41 : 0);
}
