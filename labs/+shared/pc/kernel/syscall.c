/* The way from INT 80h to the function of a call. */
#include "syscall.h"

#include "process.h"

#define MOST_CALLS 448

static call calls[MOST_CALLS];

void syscall_start(void) {
    const struct call_row *const tables[] = {file_rows,   name_rows, at_rows,    process_rows, signal_rows,
                                             memory_rows, time_rows, socket_rows};
    for (u32 k = 0; k < COUNT(tables); k++)
        for (const struct call_row *row = tables[k]; row->function; row++) calls[row->number] = row->function;
}

call call_numbered(u32 number) { return number < MOST_CALLS ? calls[number] : NULL; }

void system_call(struct frame *frame) {
    u32 number = frame->eax;
    call function = call_numbered(number);
    if (!function) {
        frame->eax = (u32)-ENOSYS;
        return;
    }
    current->frame = frame;
    frame->error = number; /* in case a signal makes the call begin anew */
    frame->eax = (u32)function(frame->ebx, frame->ecx, frame->edx, frame->esi, frame->edi, frame->ebp);
}
