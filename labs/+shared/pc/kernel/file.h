/*
 * Open files: what a descriptor stands for. Several descriptors, in several processes, may stand for the same open
 * file and then share its position. A file on disk, a device, a pipe and a socket differ in their table of calls.
 */
#ifndef FILE_H
#define FILE_H

#include "../abi/linux.h"
#include "types.h"

struct file;
struct inode;

struct file_calls {
    /* Addresses are in the process, or in the kernel. Bytes done, or a negative error number. */
    int (*read)(struct file *file, void *to, u32 length);
    int (*write)(struct file *file, const void *from, u32 length);
    int (*control)(struct file *file, u32 request, u32 argument); /* ioctl; may be null */
    void (*close)(struct file *file); /* the last user has gone; may be null */
    int (*ready)(struct file *file); /* POLLIN … of what would not wait; null: nothing ever waits */
};

struct file {
    u32 uses, flags; /* O_RDONLY … */
    u32 position;
    const struct file_calls *calls;
    struct inode *inode; /* null for pipes and sockets */
    void *object; /* of a pipe or a socket */
};

/* An open file of nobody yet, or null if all are taken. */
struct file *file_make(const struct file_calls *calls, u32 flags);
void file_hold(struct file *file);
void file_drop(struct file *file);

/* The open file behind a descriptor of the current process, or null. */
struct file *file_of(int descriptor);
/* Gives the file the lowest free descriptor from `lowest` on; -EMFILE drops the file. */
int file_install(struct file *file, int lowest);
int file_close(int descriptor);

/* path.c finds; this opens: -ENOENT, -EISDIR, -EROFS, … */
int file_open(const char *path, u32 flags, u32 mode, struct file **opened);
/* The calls of a character device, or null; device.c. */
const struct file_calls *device_calls(u32 device);

#endif
