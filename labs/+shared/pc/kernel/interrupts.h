/* Interrupts from devices: 16 lines, a handler for each. */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

#include "types.h"

void interrupts_start(void);
/* From now on interrupts of the line come to the handler, which learns whether a process was interrupted. */
void interrupt_handle(u32 line, void (*handler)(bool process_ran));
/* trap.c: one has come. */
void interrupt(u32 line, bool process_ran);

#endif
