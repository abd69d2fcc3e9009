/* Switching off. */
#ifndef POWER_H
#define POWER_H

#include "types.h"

/* Brings the disk in order, and the machine to its end with a status that who started it can see. */
void __attribute__((noreturn)) power_off(u8 status);

#endif
