/* System calls by name. */
#include "unix.h"

int open(const char *path, int flags, int mode) { return system_call(SYS_open, path, flags, mode, 0, 0); }
int close(int file) { return system_call(SYS_close, file, 0, 0, 0, 0); }
int read(int file, void *to, u32 length) { return system_call(SYS_read, file, to, length, 0, 0); }
int write(int file, const void *from, u32 length) { return system_call(SYS_write, file, from, length, 0, 0); }
int seek(int file, int offset, int whence) { return system_call(SYS_lseek, file, offset, whence, 0, 0); }
int duplicate_to(int file, int wanted) { return system_call(SYS_dup2, file, wanted, 0, 0, 0); }
int make_pipe(int ends[2]) { return system_call(SYS_pipe, ends, 0, 0, 0, 0); }
int list_directory(int file, void *to, u32 length) { return system_call(SYS_getdents64, file, to, length, 0, 0); }
int get_stat(const char *path, struct stat64 *stat) { return system_call(SYS_stat64, path, stat, 0, 0, 0); }
int make_directory(const char *path, int mode) { return system_call(SYS_mkdir, path, mode, 0, 0, 0); }
int remove_directory(const char *path) { return system_call(SYS_rmdir, path, 0, 0, 0, 0); }
int unlink(const char *path) { return system_call(SYS_unlink, path, 0, 0, 0, 0); }
int link(const char *path, const char *other) { return system_call(SYS_link, path, other, 0, 0, 0); }
int rename(const char *path, const char *other) { return system_call(SYS_rename, path, other, 0, 0, 0); }
int change_directory(const char *path) { return system_call(SYS_chdir, path, 0, 0, 0, 0); }

int fork(void) { return system_call(SYS_fork, 0, 0, 0, 0, 0); }
int execute(const char *path, char *const arguments[]) {
    return system_call(SYS_execve, path, arguments, environment, 0, 0);
}
int wait_for(int pid, int *status, int options) { return system_call(SYS_waitpid, pid, status, options, 0, 0); }
int get_pid(void) { return system_call(SYS_getpid, 0, 0, 0, 0, 0); }
int send_signal(int pid, int signal) { return system_call(SYS_kill, pid, signal, 0, 0, 0); }

void leave(int status) {
    for (;;) system_call(SYS_exit, status, 0, 0, 0, 0);
}

int on_signal(int signal, signal_handler handler, u32 flags) {
    const struct sigaction action = {.handler = (void *)handler, .flags = flags};
    return system_call(SYS_rt_sigaction, signal, &action, NULL, sizeof action.mask, 0);
}

void pause_for(u32 ms) {
    const struct timespec time = {(long)(ms / 1000), (long)(ms % 1000 * 1000000)};
    system_call(SYS_nanosleep, &time, NULL, 0, 0, 0);
}

u32 milliseconds(void) {
    struct timespec now = {0, 0};
    system_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now, 0, 0, 0);
    return (u32)now.tv_sec * 1000 + (u32)now.tv_nsec / 1000000;
}

void *map_memory(u32 length) {
    const struct mmap_arguments a = {0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, ~0ul, 0};
    u32 at = (u32)system_call(SYS_mmap, &a, 0, 0, 0, 0);
    return at > ~PAGE ? NULL : (void *)at; /* the last page of numbers is errors */
}

int unmap_memory(void *at, u32 length) { return system_call(SYS_munmap, at, length, 0, 0, 0); }
int protect_memory(void *at, u32 length, int rights) { return system_call(SYS_mprotect, at, length, rights, 0, 0); }
void *set_heap_end(void *end) { return (void *)system_call(SYS_brk, end, 0, 0, 0, 0); }
