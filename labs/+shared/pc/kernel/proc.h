/* /proc: what the kernel knows, as files. */
#ifndef PROC_H
#define PROC_H

#include "inode.h"

/* The directory /proc itself, held. */
int proc_root(struct inode **found);

#endif
