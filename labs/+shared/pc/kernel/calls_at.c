/*
 * System calls on names that begin at a directory of the caller's choice. Each does what its older relative does, while
 * the process is for a moment in that directory.
 */
#include "file.h"
#include "inode.h"
#include "process.h"
#include "syscall.h"

/* Runs an older call in the directory behind a descriptor. */
static int in_directory(int descriptor, u32 number, u32 a, u32 b, u32 c) {
    call function = call_numbered(number);
    if (descriptor == AT_FDCWD) return function(a, b, c, 0, 0, 0);
    const struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    if (!file->inode || !S_ISDIR(file->inode->mode)) return -ENOTDIR;
    struct inode *before = current->directory;
    inode_hold(file->inode);
    current->directory = file->inode;
    int result = function(a, b, c, 0, 0, 0);
    inode_drop(current->directory);
    current->directory = before;
    return result;
}

static int sys_openat(int descriptor, u32 path_at, u32 flags, u32 mode) {
    return in_directory(descriptor, SYS_open, path_at, flags, mode);
}

static int sys_mkdirat(int descriptor, u32 path_at, u32 mode) {
    return in_directory(descriptor, SYS_mkdir, path_at, mode, 0);
}

static int sys_unlinkat(int descriptor, u32 path_at, u32 flags) {
    return in_directory(descriptor, flags & AT_REMOVEDIR ? SYS_rmdir : SYS_unlink, path_at, 0, 0);
}

static int sys_fstatat64(int descriptor, u32 path_at, u32 to, u32 flags) {
    if (flags & AT_EMPTY_PATH) return call_numbered(SYS_fstat64)((u32)descriptor, to, 0, 0, 0, 0);
    return in_directory(descriptor, SYS_stat64, path_at, to, 0);
}

static int sys_faccessat(int descriptor, u32 path_at, u32 wanted) {
    return in_directory(descriptor, SYS_access, path_at, wanted, 0);
}

/* Two names: both must begin in the same place, which is what programs do. */
static int sys_renameat(int old_descriptor, u32 old_at, int new_descriptor, u32 new_at) {
    if (old_descriptor != new_descriptor) return -EXDEV;
    return in_directory(old_descriptor, SYS_rename, old_at, new_at, 0);
}

static int sys_linkat(int old_descriptor, u32 old_at, int new_descriptor, u32 new_at) {
    if (old_descriptor != new_descriptor) return -EXDEV;
    return in_directory(old_descriptor, SYS_link, old_at, new_at, 0);
}

const struct call_row at_rows[] = {
    ROW(openat, sys_openat),       ROW(mkdirat, sys_mkdirat),     ROW(unlinkat, sys_unlinkat),
    ROW(fstatat64, sys_fstatat64), ROW(faccessat, sys_faccessat), ROW(renameat, sys_renameat),
    ROW(renameat2, sys_renameat),  ROW(linkat, sys_linkat),       LAST_ROW,
};
