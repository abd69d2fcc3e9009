/* System calls on names: paths, directories, and what is known about a file. */
#include "file.h"
#include "fs.h"
#include "inode.h"
#include "path.h"
#include "process.h"
#include "space.h"
#include "string.h"
#include "syscall.h"

/* ---- changes ---- */

typedef int (*change)(const char *path, u32 mode);

static int with_path(u32 path_at, change function, u32 mode) {
    char path[PATH_LENGTH];
    int error = copy_text(path, path_at, sizeof path);
    if (error < 0) return error;
    /* A slash at the end names the same directory. */
    for (u32 length = (u32)error; length > 1 && path[length - 1] == '/';) path[--length] = 0;
    return function(path, mode);
}

static int unlink(const char *path, u32 mode) {
    (void)mode;
    return fs_unlink(path);
}
static int remove_directory(const char *path, u32 mode) {
    (void)mode;
    return fs_remove_directory(path);
}

static int sys_unlink(u32 path_at) { return with_path(path_at, unlink, 0); }
static int sys_rmdir(u32 path_at) { return with_path(path_at, remove_directory, 0); }
static int sys_mkdir(u32 path_at, u32 mode) { return with_path(path_at, fs_make_directory, mode); }

static int with_two(u32 old_at, u32 new_at, int (*function)(const char *, const char *)) {
    char old[PATH_LENGTH], new[PATH_LENGTH];
    int error = copy_text(old, old_at, sizeof old);
    if (error >= 0) error = copy_text(new, new_at, sizeof new);
    return error < 0 ? error : function(old, new);
}

static int sys_link(u32 old_at, u32 new_at) { return with_two(old_at, new_at, fs_link); }
static int sys_rename(u32 old_at, u32 new_at) { return with_two(old_at, new_at, fs_rename); }

/* ---- where a process is ---- */

static int change_directory(const char *path, u32 mode) {
    struct inode *inode;
    (void)mode;
    int error = path_find(path, &inode);
    if (error) return error;
    if (!S_ISDIR(inode->mode)) {
        inode_drop(inode);
        return -ENOTDIR;
    }
    inode_drop(current->directory);
    current->directory = inode;
    return 0;
}

static int sys_chdir(u32 path_at) { return with_path(path_at, change_directory, 0); }

static int sys_getcwd(u32 to, u32 size) {
    char text[PATH_LENGTH];
    int length = path_of(current->directory, text, sizeof text);
    if (length < 0) return length;
    if ((u32)length > size) return -ERANGE;
    int error = copy_out(to, text, (u32)length);
    return error ? error : length;
}

/* ---- what is known ---- */

static struct stat short_stat(const struct stat64 *s) {
    return (struct stat){
        .st_dev = (unsigned long)s->st_dev, .st_ino = (unsigned long)s->st_ino,
        .st_mode = (unsigned short)s->st_mode, .st_nlink = (unsigned short)s->st_nlink,
        .st_rdev = (unsigned long)s->st_rdev, .st_size = (unsigned long)s->st_size, .st_blksize = s->st_blksize,
        .st_blocks = (unsigned long)s->st_blocks, .st_atime = s->st_atime, .st_mtime = s->st_mtime,
        .st_ctime = s->st_ctime,
    };
}

static int give_stat(u32 to, const struct stat64 *stat, bool wide) {
    const struct stat narrow = short_stat(stat);
    return wide ? copy_out(to, stat, sizeof *stat) : copy_out(to, &narrow, sizeof narrow);
}

static int stat_path(u32 path_at, u32 to, bool wide) {
    char path[PATH_LENGTH];
    struct inode *inode;
    struct stat64 stat;
    int error = copy_text(path, path_at, sizeof path);
    if (error < 0) return error;
    error = path_find(path, &inode);
    if (error) return error;
    inode_stat(inode, &stat);
    inode_drop(inode);
    return give_stat(to, &stat, wide);
}

static int stat_file(int descriptor, u32 to, bool wide) {
    const struct file *file = file_of(descriptor);
    struct stat64 stat;
    if (!file) return -EBADF;
    memset(&stat, 0, sizeof stat);
    stat.st_mode = S_IFIFO | 0600;
    if (file->inode) inode_stat(file->inode, &stat);
    return give_stat(to, &stat, wide);
}

static int sys_stat(u32 path_at, u32 to) { return stat_path(path_at, to, false); }
static int sys_stat64(u32 path_at, u32 to) { return stat_path(path_at, to, true); }
static int sys_fstat(int descriptor, u32 to) { return stat_file(descriptor, to, false); }
static int sys_fstat64(int descriptor, u32 to) { return stat_file(descriptor, to, true); }

/* Everybody is root here: what exists may be used, except that what is no program may not be run. */
static int sys_access(u32 path_at, u32 wanted) {
    char path[PATH_LENGTH];
    struct inode *inode;
    int error = copy_text(path, path_at, sizeof path);
    if (error < 0) return error;
    error = path_find(path, &inode);
    if (error) return error;
    bool refused = (wanted & 1) && !S_ISDIR(inode->mode) && !(inode->mode & 0111);
    inode_drop(inode);
    return refused ? -EACCES : 0;
}

/* ---- listing ---- */

/* Writes one record in either layout and returns its length; 0 if it does not fit. */
static int give_entry(u32 to, u32 room, const struct entry *entry, u32 next, bool wide) {
    u8 record[sizeof(struct dirent64) + NAME_LENGTH + 8];
    u32 name = text_length(entry->name) + 1;
    u32 head = wide ? offsetof(struct dirent64, d_name) : offsetof(struct dirent, d_name);
    u32 length = (head + name + (wide ? 0 : 1) + 3) & ~3u;
    if (length > room) return 0;
    memset(record, 0, sizeof record);
    if (wide) {
        struct dirent64 *r = (struct dirent64 *)record;
        r->d_ino = entry->inode, r->d_off = next, r->d_reclen = (u16)length, r->d_type = entry->type;
    } else {
        struct dirent *r = (struct dirent *)record;
        r->d_ino = entry->inode, r->d_off = next, r->d_reclen = (u16)length;
        record[length - 1] = entry->type;
    }
    memcpy(record + head, entry->name, name);
    int error = copy_out(to, record, length);
    return error ? error : (int)length;
}

static int list(int descriptor, u32 to, u32 room, bool wide) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    if (!file->inode || !S_ISDIR(file->inode->mode)) return -ENOTDIR;
    u32 done = 0;
    for (;;) {
        struct entry entry;
        u32 next = file->position;
        int result = file->inode->calls->list(file->inode, &next, &entry);
        if (result == 1) result = give_entry(to + done, room - done, &entry, next, wide);
        else if (result == 0) return (int)done;
        if (result < 0) return done ? (int)done : result;
        if (result == 0) return done ? (int)done : -EINVAL;
        file->position = next;
        done += (u32)result;
    }
}

static int sys_getdents(int descriptor, u32 to, u32 room) { return list(descriptor, to, room, false); }
static int sys_getdents64(int descriptor, u32 to, u32 room) { return list(descriptor, to, room, true); }

/* No name here stands for another one. */
static int sys_readlink(u32 path_at) {
    int error = sys_access(path_at, 0);
    return error ? error : -EINVAL;
}

/* Rights are noted but bind nobody, so a mask of them changes nothing. */
static int sys_umask(void) { return 022; }

const struct call_row name_rows[] = {
    ROW(unlink, sys_unlink),     ROW(rmdir, sys_rmdir),       ROW(mkdir, sys_mkdir),
    ROW(link, sys_link),         ROW(rename, sys_rename),     ROW(chdir, sys_chdir),
    ROW(getcwd, sys_getcwd),     ROW(stat, sys_stat),         ROW(lstat, sys_stat),
    ROW(fstat, sys_fstat),       ROW(stat64, sys_stat64),     ROW(lstat64, sys_stat64),
    ROW(fstat64, sys_fstat64),   ROW(access, sys_access),     ROW(getdents, sys_getdents),
    ROW(getdents64, sys_getdents64), ROW(umask, sys_umask),
    ROW(readlink, sys_readlink), LAST_ROW,
};
