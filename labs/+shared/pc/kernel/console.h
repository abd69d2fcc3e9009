/* The console: what shows characters (drivers/serial.c, drivers/vga.c), and the terminal that processes see of it. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "file.h"
#include "types.h"

struct console_driver {
    void (*put)(char c);
    void (*settle)(void); /* a piece of output is complete; may be null */
    void (*drain)(void); /* waits until all is out; may be null */
    u32 (*room)(void); /* characters that it takes without waiting; null: always some */
};

/* Adds one that shows what is written. */
void console_add(const struct console_driver *driver);
/* A character of a kernel message. */
void console_put(char c);
/* A character as it is, and the end of a piece of output. */
void console_raw(char c);
void console_settle(void);
/* Waits until everything is out. */
void console_drain(void);

/* Characters that can be written without anybody having to wait. */
u32 console_room(void);

/* tty.c: a character that was typed; there is room for output again. Both from interrupts. */
void tty_input(char c);
void tty_room(void);
extern const struct file_calls tty_calls;

#endif
