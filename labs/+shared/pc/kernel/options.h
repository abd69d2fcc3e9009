/*
 * The kernel's command line. Words that are not known are left alone.
 *
 *   console=serial|vga   where messages and /dev/console go; both if it is not said
 *   disk=dma             the disk controller moves the data, not the processor
 *   ip=A.B.C.D           the address of the network card (10.0.2.15)
 *   gateway=A.B.C.D      the way to other networks (10.0.2.2)
 *   batch=off            under Xen, each change of a page table is a hypercall of its own
 *   init=/bin/prog args  the first program; takes the rest of the line (/bin/sh)
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "types.h"

#define INIT_WORDS 16

struct options {
    bool serial, vga, dma, batch;
    u32 address, gateway; /* in the order of the network */
    const char *init[INIT_WORDS + 1]; /* its path and arguments, and a null */
};
extern struct options options;

void options_read(const char *command_line);

#endif
