/* Whole files and whole trees of them. */
#include "files.h"

int read_file(const char *path, char *to, u32 size) {
    int file = open(path, O_RDONLY, 0), got = 0;
    u32 length = 0;
    if (file < 0) return file;
    while (length < size && (got = read(file, to + length, size - length)) > 0) length += (u32)got;
    close(file);
    if (got < 0) return got;
    if (length == size) return -EFBIG;
    to[length] = 0;
    return (int)length;
}

int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) return file;
    int error = write(file, text, text_length(text));
    close(file);
    return error < 0 ? error : 0;
}

bool exists(const char *path) {
    struct stat64 stat;
    return system_call(SYS_lstat64, path, &stat) == 0;
}

int make_path(const char *path) {
    char part[LONGEST_PATH];
    for (u32 k = 1;; k++) {
        if (k >= sizeof part) return -ENAMETOOLONG;
        if (path[k] != '/' && path[k] != 0) continue;
        memcpy(part, path, k);
        part[k] = 0;
        int error = make_directory(part, 0755);
        if (error && error != -EEXIST) return error;
        if (path[k] == 0) return 0;
    }
}

int each_entry(const char *path, int (*found)(const char *path, const char *name, void *context), void *context) {
    char records[1024], inside[LONGEST_PATH];
    int folder = open(path, O_RDONLY | O_DIRECTORY, 0), got, answer = 0;
    if (folder < 0) return folder;
    while (answer == 0 && (got = list_directory(folder, records, sizeof records)) > 0) {
        for (int at = 0; at < got && answer == 0; at += ((struct dirent64 *)(records + at))->d_reclen) {
            const char *name = ((struct dirent64 *)(records + at))->d_name;
            if (text_compare(name, ".") == 0 || text_compare(name, "..") == 0) continue;
            format_into(inside, sizeof inside, "%s/%s", path, name);
            answer = found(inside, name, context);
        }
    }
    close(folder);
    return answer;
}

/* ---- removing ---- */

static int remove_entry(const char *path, const char *name, void *removed) {
    (void)name;
    int error = remove_tree(path);
    if (error == 0) *(bool *)removed = true;
    return error;
}

int remove_tree(const char *path) {
    struct stat64 stat;
    int error = system_call(SYS_lstat64, path, &stat);
    if (error) return error;
    if (!S_ISDIR(stat.st_mode)) return unlink(path);
    /* What is removed while a directory is read may shift what follows: again, until nothing was found. */
    for (bool removed = true; removed && error == 0;) {
        removed = false;
        error = each_entry(path, remove_entry, &removed);
    }
    return error ? error : remove_directory(path);
}

/* ---- copying ---- */

static const char OPAQUE[] = "trusted.overlay.opaque";

static int copy_contents(const char *from, const char *to, u32 mode) {
    static char piece[4096];
    int source = open(from, O_RDONLY, 0), target, got;
    if (source < 0) return source;
    if ((target = open(to, O_WRONLY | O_CREAT | O_TRUNC, (int)mode)) < 0) return close(source), target;
    while ((got = read(source, piece, sizeof piece)) > 0)
        if ((got = write(target, piece, (u32)got)) < 0) break;
    close(source);
    close(target);
    return got;
}

static int copy_link(const char *from, const char *to) {
    char target[LONGEST_PATH];
    int got = system_call(SYS_readlink, from, target, sizeof target - 1);
    if (got < 0) return got;
    target[got] = 0;
    return system_call(SYS_symlink, target, to);
}

static int copy_entry(const char *path, const char *name, void *context) {
    char to[LONGEST_PATH];
    format_into(to, sizeof to, "%s/%s", (const char *)context, name);
    return copy_tree(path, to);
}

static int copy_directory(const char *from, const char *to) {
    char mark;
    int error = make_directory(to, 0755);
    if (error && error != -EEXIST) return error;
    if (system_call(SYS_getxattr, from, OPAQUE, &mark, 1) == 1)
        error = system_call(SYS_setxattr, to, OPAQUE, &mark, 1, 0);
    else
        error = 0;
    return error ? error : each_entry(from, copy_entry, (void *)to);
}

int copy_tree(const char *from, const char *to) {
    struct stat64 stat, there;
    int error = system_call(SYS_lstat64, from, &stat);
    if (error) return error;
    bool directory = S_ISDIR(stat.st_mode), link = (stat.st_mode & S_IFMT) == S_IFLNK;
    if (system_call(SYS_lstat64, to, &there) == 0 && !(directory && S_ISDIR(there.st_mode)))
        if ((error = remove_tree(to))) return error;
    error = directory                 ? copy_directory(from, to)
            : link                    ? copy_link(from, to)
            : S_ISREG(stat.st_mode)   ? copy_contents(from, to, stat.st_mode & 07777)
                                      : system_call(SYS_mknod, to, stat.st_mode, (int)stat.st_rdev);
    if (error) return error;
    if ((error = system_call(SYS_lchown, to, (int)stat.st_uid, (int)stat.st_gid))) return error;
    if (link) return 0;
    const struct timespec times[] = {{(long)stat.st_atime, (long)stat.st_atime_nsec},
                                     {(long)stat.st_mtime, (long)stat.st_mtime_nsec}};
    if ((error = system_call(SYS_chmod, to, stat.st_mode & 07777))) return error;
    return system_call(SYS_utimensat, AT_FDCWD, to, times, 0);
}
