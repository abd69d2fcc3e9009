/* System calls. Their functions take the registers as the program set them and return what EAX shall be. */
#ifndef SYSCALL_H
#define SYSCALL_H

#include "machine.h"

void syscall_start(void);
void system_call(struct frame *frame);

/* One table for each file of calls, by number; syscall.c puts them together. */
typedef int (*call)(u32 a, u32 b, u32 c, u32 d, u32 e, u32 f);
struct call_row {
    u32 number;
    call function;
};
/* The function of a call, or null. */
call call_numbered(u32 number);
extern const struct call_row file_rows[], name_rows[], at_rows[], process_rows[], signal_rows[], memory_rows[],
    time_rows[], socket_rows[];

/* Casts hide that each function takes only the arguments it needs: the caller removes them from the stack. */
#define ROW(name, function) {SYS_##name, (call)(void *)(function)}
#define LAST_ROW {0, NULL}

#endif
