/* The halves of split drivers: front ends in domains that have no devices, back ends in the one that has. */
#ifndef XEN_SPLIT_H
#define XEN_SPLIT_H

void blkfront_start(void);
/* Serves this domain's disk, or parts of it, to others, in a process of its own. */
void blkback_start(void);

void netfront_start(void);
/* Lets others use this domain's network card, each under its own address. */
void netback_start(void);

#endif
