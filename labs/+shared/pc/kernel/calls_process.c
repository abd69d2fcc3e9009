/* System calls about processes: their life, their groups, and who they are. */
#include "path.h"
#include "process.h"
#include "space.h"
#include "string.h"
#include "syscall.h"

static int sys_exit(u32 status) { process_exit((int)(status & 0xff) << 8); }
static int sys_fork(void) { return process_fork(current->frame); }

/* As far as it makes a process: memory is copied even if the caller was ready to share it, as a child of vfork does. */
static int sys_clone(u32 flags, u32 stack, u32 parent_id_at) {
    if ((flags & (CLONE_THREAD | CLONE_SETTLS)) || ((flags & CLONE_VM) && !(flags & CLONE_VFORK))) return -ENOSYS;
    struct frame child_frame = *current->frame;
    if (stack) child_frame.esp = stack;
    int pid = process_fork(&child_frame);
    if (pid > 0 && (flags & CLONE_PARENT_SETTID)) copy_out(parent_id_at, &pid, sizeof pid);
    return pid;
}

static int sys_execve(u32 path_at, u32 arguments, u32 environment) {
    char path[PATH_LENGTH];
    int error = copy_text(path, path_at, sizeof path);
    return error < 0 ? error : process_exec(current->frame, path, arguments, environment);
}

static int sys_waitpid(int pid, u32 status_at, u32 options) { return process_wait(pid, status_at, (int)options); }

static int sys_getpid(void) { return current->pid; }
static int sys_getppid(void) { return current->parent == current ? 0 : current->parent->pid; }
static int sys_root(void) { return 0; } /* everybody is root */

/* ---- groups ---- */

static struct process *meant(int pid) { return pid == 0 ? current : process_with(pid); }

static int sys_setpgid(int pid, int group) {
    struct process *process = meant(pid);
    if (group < 0) return -EINVAL;
    if (!process || (process != current && process->parent != current)) return -ESRCH;
    process->group = group == 0 ? process->pid : group;
    return 0;
}

static int sys_getpgid(int pid) {
    const struct process *process = meant(pid);
    return process ? process->group : -ESRCH;
}

static int sys_getpgrp(void) { return current->group; }

static int sys_setsid(void) {
    if (current->group == current->pid) return -EPERM;
    return current->group = current->session = current->pid;
}

/* ---- the machine, as programs see it ---- */

static int sys_uname(u32 to) {
    static const struct utsname name = {"Varve", "strata", "1.0", "#1", "i686", "(none)"};
    return copy_out(to, &name, sizeof name);
}

static int sys_ugetrlimit(u32 resource, u32 to) {
    const u32 stack = 3, open_files = 7;
    struct rlimit limit = {~0ul, ~0ul};
    if (resource == stack) limit.current = limit.maximum = STACK_SIZE;
    if (resource == open_files) limit.current = limit.maximum = FILES;
    return copy_out(to, &limit, sizeof limit);
}

/* The privilege level from which on ports may be used; it stands in the flags, where IRET puts it. */
static int sys_iopl(u32 level) {
    if (level > 3) return -EINVAL;
    current->frame->eflags = (current->frame->eflags & ~FLAG_IOPL) | level << 12;
    return 0;
}

static int sys_set_thread_area(u32 description_at) {
    struct user_desc description;
    int error = copy_in(&description, description_at, sizeof description);
    if (error) return error;
    if (description.entry_number != ~0u && description.entry_number != TLS_ENTRY) return -EINVAL;
    bool read_only = description.flags >> 3 & 1, pages = description.flags >> 4 & 1;
    current->tls = tls_descriptor(description.base_addr, description.limit, pages, !read_only);
    set_tls(current->tls);
    const u32 entry = TLS_ENTRY;
    return copy_out(description_at, &entry, sizeof entry);
}

const struct call_row process_rows[] = {
    ROW(exit, sys_exit),         ROW(exit_group, sys_exit),   ROW(fork, sys_fork),
    ROW(vfork, sys_fork),        ROW(clone, sys_clone),
    ROW(execve, sys_execve),     ROW(waitpid, sys_waitpid),   ROW(wait4, sys_waitpid),
    ROW(getpid, sys_getpid),     ROW(gettid, sys_getpid),     ROW(getppid, sys_getppid),
    ROW(getuid, sys_root),       ROW(geteuid, sys_root),      ROW(getgid, sys_root),
    ROW(getegid, sys_root),      ROW(getuid32, sys_root),     ROW(geteuid32, sys_root),
    ROW(getgid32, sys_root),     ROW(getegid32, sys_root),    ROW(setpgid, sys_setpgid),
    ROW(getpgid, sys_getpgid),   ROW(getpgrp, sys_getpgrp),   ROW(setsid, sys_setsid),
    ROW(uname, sys_uname),       ROW(ugetrlimit, sys_ugetrlimit), ROW(iopl, sys_iopl),
    ROW(set_thread_area, sys_set_thread_area), ROW(set_tid_address, sys_getpid), LAST_ROW,
};
