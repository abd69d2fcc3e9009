/* The PCI bus 0, by configuration mechanism 1. */
#include "pci.h"

#include "../kernel/machine.h"

#define ADDRESS 0xcf8
#define DATA 0xcfc
#define ENABLE 0x80000000u
#define PLACES 256 /* 32 devices of 8 functions */
#define NOBODY 0xffffffffu

static void select(u32 place, u32 offset) { out32(ADDRESS, ENABLE | place << 8 | offset); }

u32 pci_read(u32 place, u32 offset) {
    select(place, offset);
    return in32(DATA);
}

void pci_write(u32 place, u32 offset, u32 value) {
    select(place, offset);
    out32(DATA, value);
}

bool pci_find(u32 offset, u32 mask, u32 value, u32 *place) {
    for (*place = 0; *place < PLACES; ++*place) {
        if (pci_read(*place, 0) == NOBODY) {
            if (*place % 8 == 0) *place += 7; /* a device has a function 0, or is not there */
            continue;
        }
        if ((pci_read(*place, offset) & mask) == value) return true;
    }
    return false;
}
