/* What the beginning needs of console.c. */
#ifndef XEN_CONSOLE_H
#define XEN_CONSOLE_H

#include "interface.h"

void ring_console_start(const struct start_info *info);
void ring_console_listen(void);

#endif
