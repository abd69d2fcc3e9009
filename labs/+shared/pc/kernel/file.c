/* Descriptors and open files. */
#include "file.h"

#include "fs.h"
#include "inode.h"
#include "path.h"
#include "process.h"

#define OPEN_FILES 256

static struct file files[OPEN_FILES];

struct file *file_make(const struct file_calls *calls, u32 flags) {
    for (struct file *file = files; file < files + OPEN_FILES; file++) {
        if (file->uses > 0) continue;
        *file = (struct file){.uses = 1, .flags = flags, .calls = calls};
        return file;
    }
    return NULL;
}

void file_hold(struct file *file) { file->uses++; }

void file_drop(struct file *file) {
    if (file->uses > 1) {
        file->uses--;
        return;
    }
    if (file->calls->close) file->calls->close(file);
    if (file->inode) inode_drop(file->inode);
    file->uses = 0; /* last: closing may have waited */
}

struct file *file_of(int descriptor) {
    return descriptor >= 0 && descriptor < FILES ? current->files[descriptor] : NULL;
}

int file_install(struct file *file, int lowest) {
    for (int k = lowest < 0 ? FILES : lowest; k < FILES; k++) {
        if (current->files[k]) continue;
        current->files[k] = file;
        current->close_on_exec &= ~(1u << k);
        return k;
    }
    file_drop(file);
    return -EMFILE;
}

int file_close(int descriptor) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    current->files[descriptor] = NULL;
    current->close_on_exec &= ~(1u << descriptor);
    file_drop(file);
    return 0;
}

/* ---- files that have an inode ---- */

static int read_inode(struct file *file, void *to, u32 length) {
    int got = S_ISDIR(file->inode->mode) ? -EISDIR : inode_read(file->inode, to, file->position, length);
    if (got > 0) file->position += (u32)got;
    return got;
}

static int write_inode(struct file *file, const void *from, u32 length) {
    if (file->flags & O_APPEND) file->position = file->inode->size;
    int done = inode_write(file->inode, from, file->position, length);
    if (done > 0) file->position += (u32)done;
    return done;
}

/* A file that was written and closed is on the disk. */
static void close_inode(struct file *file) {
    if ((file->flags & O_ACCMODE) != O_RDONLY) fs_sync();
}

static const struct file_calls inode_file = {.read = read_inode, .write = write_inode, .close = close_inode};

static int find_or_create(const char *path, u32 flags, u32 mode, struct inode **inode) {
    int error = path_find(path, inode);
    if (!(flags & O_CREAT)) return error;
    if (error == 0 && (flags & O_EXCL)) {
        inode_drop(*inode);
        return -EEXIST;
    }
    return error == -ENOENT ? fs_create(path, S_IFREG | (mode & 0777), inode) : error;
}

static int check_opening(struct inode *inode, u32 flags) {
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (S_ISDIR(inode->mode) && writes) return -EISDIR;
    if (!S_ISDIR(inode->mode) && (flags & O_DIRECTORY)) return -ENOTDIR;
    if (writes && S_ISREG(inode->mode) && !inode->calls->write) return -EACCES;
    if (S_ISCHR(inode->mode) && !device_calls(inode->device)) return -ENXIO;
    if (writes && S_ISREG(inode->mode) && (flags & O_TRUNC)) return inode->calls->truncate(inode, 0);
    return 0;
}

int file_open(const char *path, u32 flags, u32 mode, struct file **opened) {
    struct inode *inode;
    int error = find_or_create(path, flags, mode, &inode);
    if (error) return error;
    error = check_opening(inode, flags);
    *opened = error ? NULL : file_make(S_ISCHR(inode->mode) ? device_calls(inode->device) : &inode_file, flags);
    if (*opened) {
        (*opened)->inode = inode;
        return 0;
    }
    inode_drop(inode);
    return error ? error : -ENFILE;
}
