/* The library of the programs: system calls by name, text, numbers, memory. A call that fails returns a negative error
   number. Everything here works on Linux as well. */
#ifndef UNIX_H
#define UNIX_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/linux.h"

typedef uint8_t u8;
typedef uint32_t u32;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE 4096u

extern char **environment;
int system_call(int number, ...);

/* ---- files ---- */
int open(const char *path, int flags, int mode);
int close(int file);
int read(int file, void *to, u32 length);
int write(int file, const void *from, u32 length);
int seek(int file, int offset, int whence);
int duplicate_to(int file, int wanted);
int make_pipe(int ends[2]);
int list_directory(int file, void *to, u32 length); /* records of struct dirent64 */
int get_stat(const char *path, struct stat64 *stat);
int make_directory(const char *path, int mode);
int remove_directory(const char *path);
int unlink(const char *path);
int link(const char *path, const char *other);
int rename(const char *path, const char *other);
int change_directory(const char *path);

/* ---- processes ---- */
int fork(void);
int execute(const char *path, char *const arguments[]);
/* Waits for a child (-1: any); its pid, and what became of it. */
int wait_for(int pid, int *status, int options);
void leave(int status) __attribute__((noreturn));
int get_pid(void);
int send_signal(int pid, int signal);
typedef void (*signal_handler)(int signal, struct siginfo *about, struct ucontext *context);
int on_signal(int signal, signal_handler handler, u32 flags); /* SIG_IGN and SIG_DFL too */
void pause_for(u32 milliseconds);
u32 milliseconds(void); /* of a clock that only goes forward */

#define EXITED(status) (((status) & 0x7f) == 0)
#define EXIT_STATUS(status) ((status) >> 8 & 0xff)
#define END_SIGNAL(status) ((status) & 0x7f)

/* ---- memory ---- */
void *map_memory(u32 length); /* zeroes; null if there is none */
int unmap_memory(void *at, u32 length);
int protect_memory(void *at, u32 length, int rights);
void *set_heap_end(void *end); /* null: only asks */

/* ---- text and numbers (text.c) ---- */
void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *a, const void *b, size_t length);
u32 text_length(const char *text);
int text_compare(const char *a, const char *b);
char *text_find(const char *text, char c);
u32 number_from(const char *text, u32 otherwise); /* decimal; `otherwise` if there is no text */
/* %d %u %x %s %c with width, 0 and -; to standard output, to a file, into a text. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_to(int file, const char *format, ...) __attribute__((format(printf, 2, 3)));
u32 format_into(char *text, u32 size, const char *format, ...) __attribute__((format(printf, 3, 4)));
const char *error_text(int error);
/* "name: what: why" on standard error; returns 1, for main to return. */
int complain(const char *program, const char *what, int error);

/* ---- for workloads (check.c) ---- */
u32 crc32(u32 crc, const void *bytes, u32 length); /* begin with 0 */
u32 random_next(u32 *seed);
/* Prints "name: what: ok" or "… WRONG"; the exit status of the program. */
int verdict(bool right, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
