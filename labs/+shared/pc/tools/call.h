/* System calls and constants of namespaces and mounts, which Varve does not have: these programs need Linux or the
   lab's container kernel. Numbers as in arch/x86/entry/syscalls/syscall_32.tbl. */
#ifndef CALL_H
#define CALL_H

#include "../programs/lib/unix.h"

#define SYS_mknod 14
#define SYS_chmod 15
#define SYS_lchown 16
#define SYS_mount 21
#define SYS_setuid 23
#define SYS_setgid 46
#define SYS_umount2 52
#define SYS_chroot 61
#define SYS_sethostname 74
#define SYS_setrlimit 75
#define SYS_setgroups 81
#define SYS_symlink 83
#define SYS_setdomainname 121
#define SYS_prctl 172
#define SYS_capset 185
#define SYS_pivot_root 217
#define SYS_setxattr 226
#define SYS_getxattr 229
#define SYS_unshare 310
#define SYS_utimensat 320
#define SYS_setns 346
#define SYS_getrandom 355

#define MS_RDONLY 1
#define MS_NOSUID 2
#define MS_NODEV 4
#define MS_NOEXEC 8
#define MS_REMOUNT 32
#define MS_BIND 4096
#define MS_REC 16384
#define MS_PRIVATE (1 << 18)
#define MNT_DETACH 2

#define PR_SET_KEEPCAPS 8
#define PR_SET_NAME 15
#define PR_CAPBSET_DROP 24
#define PR_SET_CHILD_SUBREAPER 36
#define PR_SET_NO_NEW_PRIVS 38

#define S_IFLNK 0120000
#define F_DUPFD_CLOEXEC 1030

#define CLONE_NEWTIME 0x80
#define CLONE_NEWNS 0x20000
#define CLONE_NEWCGROUP 0x2000000
#define CLONE_NEWUTS 0x4000000
#define CLONE_NEWIPC 0x8000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000

/* The letters of unshare and nsenter, as util-linux has them, and the names under /proc/PID/ns. */
struct kind {
    char letter;
    int flag;
    const char *name;
};
static const struct kind kinds[] __attribute__((unused)) = {
    {'m', CLONE_NEWNS, "mnt"},  {'u', CLONE_NEWUTS, "uts"}, {'i', CLONE_NEWIPC, "ipc"},     {'n', CLONE_NEWNET, "net"},
    {'p', CLONE_NEWPID, "pid"}, {'U', CLONE_NEWUSER, "user"}, {'C', CLONE_NEWCGROUP, "cgroup"}, {'T', CLONE_NEWTIME, "time"},
};

/* Executes a program by name, in /bin unless a slash stands in it; comes back only with an error. */
static inline int become(char *const words[]) {
    char path[256];
    format_into(path, sizeof path, text_find(words[0], '/') ? "%s" : "/bin/%s", words[0]);
    return execute(path, words);
}

/* Makes a child that is the program, and waits; the exit status as a shell has it. */
static inline int run(char *const words[]) {
    int status = 0, child = fork();
    if (child == 0) leave(complain("run", words[0], become(words)));
    if (child < 0) return complain("run", "fork", child);
    while (wait_for(child, &status, 0) == -EINTR) continue;
    return EXITED(status) ? EXIT_STATUS(status) : 128 + END_SIGNAL(status);
}

#endif
