/*
 * The Linux interface for IA-32, as far as this kernel and its programs speak it: numbers of system calls, error
 * numbers, constants and structures. Kernel and programs include the same file, so that neither can drift from the
 * other, and a program that keeps to it runs on Linux as it is.
 */
#ifndef ABI_LINUX_H
#define ABI_LINUX_H

/* ---- numbers of system calls: EAX at INT 80h; arguments in EBX, ECX, EDX, ESI, EDI, EBP ---- */
#define SYS_exit 1
#define SYS_fork 2
#define SYS_read 3
#define SYS_write 4
#define SYS_open 5
#define SYS_close 6
#define SYS_waitpid 7
#define SYS_creat 8
#define SYS_link 9
#define SYS_unlink 10
#define SYS_execve 11
#define SYS_chdir 12
#define SYS_time 13
#define SYS_lseek 19
#define SYS_getpid 20
#define SYS_getuid 24
#define SYS_alarm 27
#define SYS_pause 29
#define SYS_access 33
#define SYS_sync 36
#define SYS_kill 37
#define SYS_rename 38
#define SYS_mkdir 39
#define SYS_rmdir 40
#define SYS_dup 41
#define SYS_pipe 42
#define SYS_times 43
#define SYS_brk 45
#define SYS_getgid 47
#define SYS_signal 48
#define SYS_geteuid 49
#define SYS_getegid 50
#define SYS_ioctl 54
#define SYS_fcntl 55
#define SYS_setpgid 57
#define SYS_umask 60
#define SYS_dup2 63
#define SYS_getppid 64
#define SYS_getpgrp 65
#define SYS_setsid 66
#define SYS_sigaction 67
#define SYS_gettimeofday 78
#define SYS_readlink 85
#define SYS_mmap 90
#define SYS_munmap 91
#define SYS_ftruncate 93
#define SYS_socketcall 102
#define SYS_stat 106
#define SYS_lstat 107
#define SYS_fstat 108
#define SYS_iopl 110
#define SYS_wait4 114
#define SYS_fsync 118
#define SYS_sigreturn 119
#define SYS_clone 120
#define SYS_uname 122
#define SYS_mprotect 125
#define SYS_sigprocmask 126
#define SYS_getpgid 132
#define SYS__llseek 140
#define SYS_getdents 141
#define SYS_readv 145
#define SYS_writev 146
#define SYS_sched_yield 158
#define SYS_nanosleep 162
#define SYS_poll 168
#define SYS_rt_sigreturn 173
#define SYS_rt_sigaction 174
#define SYS_rt_sigprocmask 175
#define SYS_rt_sigsuspend 179
#define SYS_pread64 180
#define SYS_pwrite64 181
#define SYS_getcwd 183
#define SYS_vfork 190
#define SYS_ugetrlimit 191
#define SYS_mmap2 192
#define SYS_stat64 195
#define SYS_lstat64 196
#define SYS_fstat64 197
#define SYS_getuid32 199
#define SYS_getgid32 200
#define SYS_geteuid32 201
#define SYS_getegid32 202
#define SYS_getdents64 220
#define SYS_fcntl64 221
#define SYS_gettid 224
#define SYS_set_thread_area 243
#define SYS_exit_group 252
#define SYS_set_tid_address 258
#define SYS_clock_gettime 265
#define SYS_tgkill 270
#define SYS_openat 295
#define SYS_mkdirat 296
#define SYS_fstatat64 300
#define SYS_unlinkat 301
#define SYS_renameat 302
#define SYS_linkat 303
#define SYS_faccessat 307
#define SYS_dup3 330
#define SYS_pipe2 331
#define SYS_renameat2 353
#define SYS_clock_gettime64 403

/* ---- error numbers: a call that fails returns one of them, negative ---- */
#define EPERM 1
#define ENOENT 2
#define ESRCH 3
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define ENOEXEC 8
#define EBADF 9
#define ECHILD 10
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define EXDEV 18
#define ENODEV 19
#define ENOTDIR 20
#define EISDIR 21
#define EINVAL 22
#define ENFILE 23
#define EMFILE 24
#define ENOTTY 25
#define EFBIG 27
#define ENOSPC 28
#define ESPIPE 29
#define EROFS 30
#define EMLINK 31
#define EPIPE 32
#define ERANGE 34
#define ENAMETOOLONG 36
#define ENOSYS 38
#define ENOTEMPTY 39
#define ENOTSOCK 88
#define EDESTADDRREQ 89
#define EMSGSIZE 90
#define EPROTONOSUPPORT 93
#define EOPNOTSUPP 95
#define EAFNOSUPPORT 97
#define EADDRINUSE 98
#define ENETDOWN 100
#define ENETUNREACH 101
#define ETIMEDOUT 110
#define EHOSTUNREACH 113
#define EUCLEAN 117

/* ---- files ---- */
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_ACCMODE 3
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_APPEND 02000
#define O_NONBLOCK 04000
#define O_DIRECTORY 0200000
#define O_CLOEXEC 02000000

#define AT_FDCWD (-100) /* instead of a directory's descriptor: the current directory */
#define AT_REMOVEDIR 0x200
#define AT_EMPTY_PATH 0x1000

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define FD_CLOEXEC 1

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISREG(mode) (((mode) & S_IFMT) == S_IFREG)
#define S_ISDIR(mode) (((mode) & S_IFMT) == S_IFDIR)
#define S_ISCHR(mode) (((mode) & S_IFMT) == S_IFCHR)

#define DT_UNKNOWN 0
#define DT_CHR 2
#define DT_DIR 4
#define DT_REG 8

struct stat {
    unsigned long st_dev, st_ino;
    unsigned short st_mode, st_nlink, st_uid, st_gid;
    unsigned long st_rdev, st_size, st_blksize, st_blocks;
    unsigned long st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec;
    unsigned long unused[2];
};

struct stat64 {
    unsigned long long st_dev;
    unsigned long pad0, st_ino_low;
    unsigned int st_mode, st_nlink;
    unsigned long st_uid, st_gid;
    unsigned long long st_rdev;
    unsigned long pad3;
    long long st_size;
    unsigned long st_blksize;
    unsigned long long st_blocks; /* of 512 bytes */
    unsigned long st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec;
    unsigned long long st_ino;
} __attribute__((packed, aligned(4)));

/* The type of the entry stands in the last byte of a record. */
struct dirent {
    unsigned long d_ino, d_off;
    unsigned short d_reclen;
    char d_name[];
};

struct dirent64 {
    unsigned long long d_ino;
    long long d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[];
} __attribute__((packed, aligned(4)));

#define POLLIN 1
#define POLLOUT 4
#define POLLHUP 16
#define POLLNVAL 32

struct pollfd {
    int fd;
    short events, revents;
};

struct iovec {
    void *iov_base;
    unsigned long iov_len;
};

/* ---- terminals ---- */
#define TCGETS 0x5401
#define TCSETS 0x5402
#define TCSETSW 0x5403
#define TCSETSF 0x5404
#define TIOCGPGRP 0x540f
#define TIOCSPGRP 0x5410
#define TIOCGWINSZ 0x5413

#define ICRNL 0000400 /* c_iflag: a carriage return typed is a new line */
#define OPOST 0000001 /* c_oflag: edit what is written */
#define ONLCR 0000004 /* … a new line is written as carriage return and line feed */
#define ISIG 0000001  /* c_lflag: ^C sends a signal */
#define ICANON 0000002 /* … input comes in lines */
#define ECHO 0000010  /* … what is typed is shown */

#define VINTR 0
#define VERASE 2
#define VKILL 3
#define VEOF 4
#define VMIN 6

struct termios {
    unsigned int c_iflag, c_oflag, c_cflag, c_lflag;
    unsigned char c_line;
    unsigned char c_cc[19];
};

struct winsize {
    unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};

/* ---- processes and signals ---- */
#define WNOHANG 1

#define CLONE_VM 0x100
#define CLONE_VFORK 0x4000
#define CLONE_THREAD 0x10000
#define CLONE_SETTLS 0x80000
#define CLONE_PARENT_SETTID 0x100000
#define CLONE_CHILD_SETTID 0x1000000

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGWINCH 28
#define SIGNALS 32 /* signals 1 to 31 are known */

#define SIG_DFL ((void *)0)
#define SIG_IGN ((void *)1)

#define SA_SIGINFO 0x00000004
#define SA_RESTORER 0x04000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

/* sigaction, number 67 */
struct sigaction_old {
    void *handler;
    unsigned long mask, flags;
    void *restorer;
};

/* rt_sigaction, number 174 */
struct sigaction {
    void *handler;
    unsigned long flags;
    void *restorer;
    unsigned long mask[2];
};

struct sigcontext {
    unsigned long gs, fs, es, ds;
    unsigned long edi, esi, ebp, esp, ebx, edx, ecx, eax;
    unsigned long trapno, err, eip, cs, eflags, esp_at_signal, ss;
    void *fpstate;
    unsigned long oldmask, cr2;
};

struct siginfo {
    int si_signo, si_errno, si_code;
    unsigned long si_addr; /* for SIGSEGV, SIGFPE, SIGILL */
    unsigned long rest[28];
};

struct ucontext {
    unsigned long uc_flags;
    struct ucontext *uc_link;
    struct {
        void *sp;
        int flags;
        unsigned long size;
    } uc_stack;
    struct sigcontext uc_mcontext;
    unsigned long uc_sigmask[2];
};

struct user_desc {
    unsigned int entry_number, base_addr, limit, flags;
};

struct utsname {
    char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

struct rlimit {
    unsigned long current, maximum;
};

/* ---- memory ---- */
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20

struct mmap_arguments {
    unsigned long address, length, protection, flags, fd, offset;
};

/* What a program finds on its stack behind its environment. */
#define AT_NULL 0
#define AT_PHDR 3
#define AT_PHENT 4
#define AT_PHNUM 5
#define AT_PAGESZ 6
#define AT_BASE 7
#define AT_FLAGS 8
#define AT_ENTRY 9
#define AT_UID 11
#define AT_EUID 12
#define AT_GID 13
#define AT_EGID 14
#define AT_HWCAP 16
#define AT_CLKTCK 17
#define AT_SECURE 23
#define AT_RANDOM 25

/* ---- time ---- */
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7

struct timespec {
    long tv_sec, tv_nsec;
};
struct timeval {
    long tv_sec, tv_usec;
};
/* In hundredths of a second. */
struct tms {
    long tms_utime, tms_stime, tms_cutime, tms_cstime;
};

/* ---- sockets ---- */
#define SOCKET_socket 1
#define SOCKET_bind 2
#define SOCKET_connect 3
#define SOCKET_getsockname 6
#define SOCKET_send 9
#define SOCKET_recv 10
#define SOCKET_sendto 11
#define SOCKET_recvfrom 12
#define SOCKET_setsockopt 14

#define AF_INET 2
#define SOCK_DGRAM 2
#define IPPROTO_UDP 17
#define MSG_DONTWAIT 0x40
#define SOL_SOCKET 1
#define SO_RCVTIMEO 20

/* Port and address in the order of the network: the most significant byte first. */
struct sockaddr_in {
    unsigned short sin_family, sin_port;
    unsigned int sin_addr;
    unsigned char sin_zero[8];
};

#endif
