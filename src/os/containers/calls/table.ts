/** The system calls of Linux on IA-32 that this kernel serves: number, name, handler. arch/x86/entry/syscalls/syscall_32.tbl. */
import type { Handler } from './call.ts';
import { ATTRIBUTE_CALLS as a } from './attributes.ts';
import { EVENT_CALLS as e } from './events.ts';
import { FILE_CALLS as f } from './files.ts';
import { MEMORY_CALLS as m } from './memory.ts';
import { MOUNT_CALLS as d } from './mounting.ts';
import { NAME_CALLS as n } from './names.ts';
import { PROCESS_CALLS as p } from './processes.ts';
import { SIGNAL_CALLS as s } from './signals.ts';
import { STAT_CALLS as i } from './stat.ts';
import { SMALL_CALLS as q } from './small.ts';
import { SOCKET_CALLS as k } from './sockets.ts';
import { TIME_CALLS as t } from './time.ts';
import { EXTENDED_CALLS as x } from './xattr.ts';

export interface CallRow {
  readonly name: string;
  readonly handler: Handler;
}

// prettier-ignore
const ROWS: readonly (readonly [number: number, name: string, handler: Handler])[] = [
  [1, 'exit', p.exit], [2, 'fork', p.fork], [3, 'read', f.read], [4, 'write', f.write], [5, 'open', f.openPath],
  [6, 'close', f.close], [7, 'waitpid', p.waitpid], [8, 'creat', f.creat], [9, 'link', n.link],
  [10, 'unlink', n.unlink], [11, 'execve', p.execve], [12, 'chdir', d.chdir], [13, 'time', t.time],
  [14, 'mknod', n.mknod], [15, 'chmod', a.chmod], [16, 'lchown', a.lchown], [19, 'lseek', f.lseek],
  [20, 'getpid', p.getpid], [21, 'mount', d.mount], [22, 'umount', d.umountOld], [23, 'setuid', p.setuid],
  [24, 'getuid', p.getuid], [27, 'alarm', s.alarm], [29, 'pause', s.pause], [33, 'access', i.access],
  [36, 'sync', t.nothing], [37, 'kill', s.kill], [38, 'rename', n.rename], [39, 'mkdir', n.mkdir],
  [40, 'rmdir', n.rmdir], [41, 'dup', f.dup], [42, 'pipe', f.pipe], [43, 'times', t.times], [45, 'brk', m.brk],
  [46, 'setgid', p.setgid], [47, 'getgid', p.getgid], [48, 'signal', s.signal], [49, 'geteuid', p.geteuid],
  [50, 'getegid', p.getegid], [52, 'umount2', d.umount2], [54, 'ioctl', f.ioctl], [55, 'fcntl', f.fcntl],
  [57, 'setpgid', p.setpgid], [60, 'umask', a.umask], [61, 'chroot', d.chroot], [63, 'dup2', f.dup2],
  [64, 'getppid', p.getppid], [65, 'getpgrp', p.getpgrp], [66, 'setsid', p.setsid], [67, 'sigaction', s.sigaction],
  [70, 'setreuid', p.setreuid], [71, 'setregid', p.setregid], [72, 'sigsuspend', s.sigsuspend],
  [74, 'sethostname', p.sethostname], [75, 'setrlimit', t.setrlimit], [76, 'old_getrlimit', t.getrlimit],
  [77, 'getrusage', t.getrusage], [78, 'gettimeofday', t.gettimeofday], [80, 'getgroups', p.getgroups],
  [81, 'setgroups', p.setgroups], [83, 'symlink', n.symlink], [85, 'readlink', i.readlink], [90, 'mmap', m.oldMmap],
  [91, 'munmap', m.munmap], [92, 'truncate', f.truncateOld], [93, 'ftruncate', f.ftruncate],
  [94, 'fchmod', a.fchmod], [95, 'fchown', a.fchown], [104, 'setitimer', s.setitimer], [106, 'stat', i.stat],
  [107, 'lstat', i.lstat], [108, 'fstat', i.fstat], [114, 'wait4', p.wait4], [116, 'sysinfo', t.sysinfo],
  [118, 'fsync', t.nothing], [119, 'sigreturn', s.sigreturn], [120, 'clone', p.clone], [122, 'uname', p.uname],
  [125, 'mprotect', m.mprotect], [126, 'sigprocmask', s.sigprocmask], [132, 'getpgid', p.getpgid],
  [133, 'fchdir', d.fchdir], [140, '_llseek', f.llseek], [141, 'getdents', n.getdents], [142, '_newselect', t.select],
  [143, 'flock', t.nothing], [144, 'msync', m.msync], [145, 'readv', f.readv], [146, 'writev', f.writev],
  [147, 'getsid', p.getsid], [148, 'fdatasync', t.nothing], [158, 'sched_yield', p.schedYield],
  [162, 'nanosleep', t.nanosleep], [163, 'mremap', m.mremap], [164, 'setresuid', p.setresuid],
  [165, 'getresuid', p.getresuid], [168, 'poll', t.poll], [170, 'setresgid', p.setresgid],
  [171, 'getresgid', p.getresgid], [172, 'prctl', p.prctl], [173, 'rt_sigreturn', s.rtSigreturn],
  [174, 'rt_sigaction', s.rtSigaction], [175, 'rt_sigprocmask', s.rtSigprocmask], [176, 'rt_sigpending', s.rtSigpending],
  [179, 'rt_sigsuspend', s.rtSigsuspend], [180, 'pread64', f.pread64], [181, 'pwrite64', f.pwrite64],
  [183, 'getcwd', d.getcwd], [184, 'capget', p.capget], [185, 'capset', p.capset], [186, 'sigaltstack', s.sigaltstack],
  [187, 'sendfile', f.sendfile64], [190, 'vfork', p.vfork], [191, 'ugetrlimit', t.getrlimit], [192, 'mmap2', m.mmap2],
  [193, 'truncate64', f.truncate64], [194, 'ftruncate64', f.ftruncate64], [195, 'stat64', i.stat64],
  [196, 'lstat64', i.lstat64], [197, 'fstat64', i.fstat64], [198, 'lchown32', a.lchown], [199, 'getuid32', p.getuid],
  [200, 'getgid32', p.getgid], [201, 'geteuid32', p.geteuid], [202, 'getegid32', p.getegid],
  [203, 'setreuid32', p.setreuid], [204, 'setregid32', p.setregid], [205, 'getgroups32', p.getgroups],
  [206, 'setgroups32', p.setgroups], [207, 'fchown32', a.fchown], [208, 'setresuid32', p.setresuid],
  [209, 'getresuid32', p.getresuid], [210, 'setresgid32', p.setresgid], [211, 'getresgid32', p.getresgid],
  [212, 'chown32', a.chown], [213, 'setuid32', p.setuid], [214, 'setgid32', p.setgid], [217, 'pivot_root', d.pivotRoot],
  [219, 'madvise', m.madvise], [220, 'getdents64', n.getdents64], [221, 'fcntl64', f.fcntl], [224, 'gettid', p.gettid],
  [238, 'tkill', s.tkill], [239, 'sendfile64', f.sendfile64], [240, 'futex', p.futex],
  [242, 'sched_getaffinity', t.schedGetaffinity], [243, 'set_thread_area', p.setThreadArea],
  [250, 'fadvise64', t.nothing], [252, 'exit_group', p.exitAll], [258, 'set_tid_address', p.setTidAddress],
  [265, 'clock_gettime', t.clockGettime], [266, 'clock_getres', t.clockGetres],
  [267, 'clock_nanosleep', t.clockNanosleep], [268, 'statfs64', i.statfs64], [269, 'fstatfs64', i.fstatfs64],
  [270, 'tgkill', s.tgkill], [272, 'fadvise64_64', t.nothing], [295, 'openat', f.openat], [296, 'mkdirat', n.mkdirat],
  [297, 'mknodat', n.mknodat], [298, 'fchownat', a.fchownat], [300, 'fstatat64', i.fstatat64],
  [301, 'unlinkat', n.unlinkat], [302, 'renameat', n.renameat], [303, 'linkat', n.linkat],
  [304, 'symlinkat', n.symlinkat], [305, 'readlinkat', i.readlinkat], [306, 'fchmodat', a.fchmodat],
  [307, 'faccessat', i.faccessat], [308, 'pselect6', t.pselect], [309, 'ppoll', t.ppoll], [310, 'unshare', p.unshare],
  [311, 'set_robust_list', p.setRobustList], [320, 'utimensat', a.utimensat], [330, 'dup3', f.dup3],
  [331, 'pipe2', f.pipe2], [340, 'prlimit64', t.prlimit64], [346, 'setns', p.setns], [353, 'renameat2', n.renameat2],
  [354, 'seccomp', p.seccomp], [355, 'getrandom', t.getrandom], [383, 'statx', i.statx], [384, 'arch_prctl', p.archPrctl],
  [403, 'clock_gettime64', t.clockGettime64], [406, 'clock_getres_time64', t.clockGetres64],
  [407, 'clock_nanosleep_time64', t.clockNanosleep64], [412, 'utimensat_time64', a.utimensat64],
  [413, 'pselect6_time64', t.pselect64], [414, 'ppoll_time64', t.ppoll64], [422, 'futex_time64', p.futex64],
  [439, 'faccessat2', i.faccessat2],
  [25, 'stime', q.notPermitted], [34, 'nice', q.nice], [73, 'sigpending', q.sigpending], [82, 'select', q.oldSelect],
  [88, 'reboot', q.notPermitted], [96, 'getpriority', q.getpriority], [97, 'setpriority', q.setpriority],
  [99, 'statfs', q.statfs], [100, 'fstatfs', q.fstatfs], [101, 'ioperm', q.notPermitted], [102, 'socketcall', k.socketcall],
  [103, 'syslog', q.syslog], [105, 'getitimer', q.getitimer], [110, 'iopl', q.notPermitted], [111, 'vhangup', t.nothing],
  [115, 'swapoff', q.notPermitted], [87, 'swapon', q.notPermitted], [121, 'setdomainname', q.setdomainname],
  [124, 'adjtimex', q.notPermitted], [128, 'init_module', q.notPermitted], [129, 'delete_module', q.notPermitted],
  [136, 'personality', t.nothing], [138, 'setfsuid', q.setfsuid], [139, 'setfsgid', q.setfsgid], [150, 'mlock', t.nothing],
  [151, 'munlock', t.nothing], [152, 'mlockall', t.nothing], [153, 'munlockall', t.nothing],
  [154, 'sched_setparam', t.nothing], [155, 'sched_getparam', q.schedGetparam], [156, 'sched_setscheduler', t.nothing],
  [157, 'sched_getscheduler', t.nothing], [159, 'sched_get_priority_max', t.nothing],
  [160, 'sched_get_priority_min', t.nothing], [177, 'rt_sigtimedwait', q.rtSigtimedwait(false)], [182, 'chown', a.chown],
  [215, 'setfsuid32', q.setfsuid], [216, 'setfsgid32', q.setfsgid], [218, 'mincore', q.mincore], [225, 'readahead', t.nothing],
  [226, 'setxattr', x.setxattr], [227, 'lsetxattr', x.lsetxattr], [228, 'fsetxattr', x.fsetxattr],
  [229, 'getxattr', x.getxattr], [230, 'lgetxattr', x.lgetxattr], [231, 'fgetxattr', x.fgetxattr],
  [232, 'listxattr', x.listxattr], [233, 'llistxattr', x.llistxattr], [234, 'flistxattr', x.flistxattr],
  [235, 'removexattr', x.removexattr], [236, 'lremovexattr', x.lremovexattr], [237, 'fremovexattr', x.fremovexattr],
  [241, 'sched_setaffinity', t.nothing], [254, 'epoll_create', e.epollCreate], [255, 'epoll_ctl', e.epollCtl],
  [256, 'epoll_wait', e.epollWait], [264, 'clock_settime', q.notPermitted], [271, 'utimes', q.utimes],
  [283, 'kexec_load', q.notPermitted], [284, 'waitid', q.waitid], [318, 'getcpu', q.getcpu],
  [319, 'epoll_pwait', e.epollWait], [322, 'timerfd_create', e.timerfdCreate], [323, 'eventfd', e.eventfd],
  [324, 'fallocate', q.fallocate], [325, 'timerfd_settime', e.timerfdSettime], [326, 'timerfd_gettime', e.timerfdGettime],
  [328, 'eventfd2', e.eventfd2], [329, 'epoll_create1', e.epollCreate1], [333, 'preadv', q.preadv],
  [334, 'pwritev', q.pwritev], [344, 'syncfs', t.nothing], [356, 'memfd_create', q.memfdCreate],
  [359, 'socket', k.socket], [360, 'socketpair', k.socketpair], [361, 'bind', k.bind], [362, 'connect', k.connect],
  [363, 'listen', k.listen], [364, 'accept4', k.accept4], [365, 'getsockopt', k.getsockopt],
  [366, 'setsockopt', k.setsockopt], [367, 'getsockname', k.getsockname], [368, 'getpeername', k.getpeername],
  [369, 'sendto', k.sendto], [370, 'sendmsg', k.sendmsg], [371, 'recvfrom', k.recvfrom], [372, 'recvmsg', k.recvmsg],
  [373, 'shutdown', k.shutdown], [404, 'clock_settime64', q.notPermitted], [410, 'timerfd_gettime64', e.timerfdGettime64],
  [411, 'timerfd_settime64', e.timerfdSettime64], [421, 'rt_sigtimedwait_time64', q.rtSigtimedwait(true)],
  [436, 'close_range', q.closeRange], [441, 'epoll_pwait2', e.epollPwait2],
];

export const TABLE: ReadonlyMap<number, CallRow> = new Map(
  ROWS.map(([number, name, handler]) => [number, { name, handler }]),
);
