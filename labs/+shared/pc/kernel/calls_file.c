/* System calls on open files. */
#include "clock.h"
#include "file.h"
#include "fs.h"
#include "inode.h"
#include "path.h"
#include "pipe.h"
#include "process.h"
#include "space.h"
#include "syscall.h"

static int sys_open(u32 path_at, u32 flags, u32 mode) {
    char path[PATH_LENGTH];
    struct file *file;
    int error = copy_text(path, path_at, sizeof path);
    if (error < 0) return error;
    error = file_open(path, flags, mode, &file);
    if (error) return error;
    int descriptor = file_install(file, 0);
    if (descriptor >= 0 && (flags & O_CLOEXEC)) current->close_on_exec |= 1u << descriptor;
    return descriptor;
}

static int sys_creat(u32 path_at, u32 mode) { return sys_open(path_at, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int read_file(struct file *file, u32 at, u32 length) {
    if (!file || (file->flags & O_ACCMODE) == O_WRONLY) return -EBADF;
    return user_range(at, length) ? file->calls->read(file, (void *)at, length) : -EFAULT;
}

static int write_file(struct file *file, u32 at, u32 length) {
    if (!file || (file->flags & O_ACCMODE) == O_RDONLY) return -EBADF;
    return user_range(at, length) ? file->calls->write(file, (const void *)at, length) : -EFAULT;
}

static int sys_read(int descriptor, u32 at, u32 length) { return read_file(file_of(descriptor), at, length); }
static int sys_write(int descriptor, u32 at, u32 length) { return write_file(file_of(descriptor), at, length); }

typedef int (*transfer)(struct file *file, u32 at, u32 length);

/* Several pieces of memory, one after the other, until one is not done in full. */
static int for_vector(int descriptor, u32 vector_at, u32 count, transfer function) {
    int total = 0;
    for (u32 k = 0; k < count; k++) {
        struct iovec piece;
        int done = copy_in(&piece, vector_at + k * sizeof piece, sizeof piece);
        if (!done) done = function(file_of(descriptor), (u32)piece.iov_base, piece.iov_len);
        if (done < 0) return total ? total : done;
        total += done;
        if ((u32)done < piece.iov_len) break;
    }
    return total;
}

static int sys_readv(int descriptor, u32 at, u32 count) { return for_vector(descriptor, at, count, read_file); }
static int sys_writev(int descriptor, u32 at, u32 count) { return for_vector(descriptor, at, count, write_file); }

/* At a position of its own; files are shorter than 2 GB, so the high half says nothing. */
static int at_position(int descriptor, u32 at, u32 length, u32 position, transfer function) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    if (!file->inode) return -ESPIPE;
    u32 kept = file->position;
    file->position = position;
    int done = function(file, at, length);
    file->position = kept;
    return done;
}

static int sys_pread64(int descriptor, u32 at, u32 length, u32 low) {
    return at_position(descriptor, at, length, low, read_file);
}
static int sys_pwrite64(int descriptor, u32 at, u32 length, u32 low) {
    return at_position(descriptor, at, length, low, write_file);
}

static int sys_close(int descriptor) { return file_close(descriptor); }

static int sys_lseek(int descriptor, int offset, u32 whence) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    if (!file->inode || file->calls == device_calls(0x501)) return -ESPIPE;
    u32 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file->position : file->inode->size;
    if (whence > SEEK_END || (int)(base + (u32)offset) < 0) return -EINVAL;
    file->position = base + (u32)offset;
    return (int)file->position;
}

static int sys_llseek(int descriptor, int high, u32 low, u32 result_at, u32 whence) {
    if (high != ((int)low < 0 ? -1 : 0)) return -EINVAL;
    int position = sys_lseek(descriptor, (int)low, whence);
    if (position < 0) return position;
    const u32 result[2] = {(u32)position, 0};
    return copy_out(result_at, result, sizeof result);
}

static int sys_ftruncate(int descriptor, u32 size) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    if (!file->inode || !S_ISREG(file->inode->mode) || (file->flags & O_ACCMODE) == O_RDONLY) return -EINVAL;
    return file->inode->calls->truncate ? file->inode->calls->truncate(file->inode, size) : -EINVAL;
}

static int sys_dup2(int descriptor, int wanted) {
    struct file *file = file_of(descriptor);
    if (!file || wanted < 0 || wanted >= FILES) return -EBADF;
    if (descriptor == wanted) return wanted;
    file_hold(file);
    if (file_of(wanted)) file_close(wanted);
    return file_install(file, wanted);
}

static int duplicate(int descriptor, int lowest) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    if (lowest < 0 || lowest >= FILES) return -EINVAL;
    file_hold(file);
    return file_install(file, lowest);
}

static int sys_dup(int descriptor) { return duplicate(descriptor, 0); }

static int sys_fcntl(int descriptor, u32 command, u32 argument) {
    struct file *file = file_of(descriptor);
    const u32 changeable = O_APPEND | O_NONBLOCK;
    if (!file) return -EBADF;
    switch (command) {
    case F_DUPFD: return duplicate(descriptor, (int)argument);
    case F_GETFD: return current->close_on_exec >> descriptor & 1;
    case F_SETFD:
        current->close_on_exec &= ~(1u << descriptor);
        current->close_on_exec |= (argument & FD_CLOEXEC) << descriptor;
        return 0;
    case F_GETFL: return (int)file->flags;
    case F_SETFL: file->flags = (file->flags & ~changeable) | (argument & changeable); return 0;
    default: return -EINVAL;
    }
}

static int sys_dup3(int descriptor, int wanted, u32 flags) {
    int result = descriptor == wanted ? -EINVAL : sys_dup2(descriptor, wanted);
    if (result >= 0 && (flags & O_CLOEXEC)) current->close_on_exec |= 1u << result;
    return result;
}

static int sys_pipe2(u32 descriptors_at, u32 flags) {
    struct file *reader, *writer;
    int error = pipe_make(&reader, &writer), ends[2];
    if (error) return error;
    ends[0] = file_install(reader, 0);
    ends[1] = file_install(writer, 0);
    error = ends[0] < 0 || ends[1] < 0 ? -EMFILE : copy_out(descriptors_at, ends, sizeof ends);
    for (u32 k = 0; error && k < 2; k++)
        if (ends[k] >= 0) file_close(ends[k]);
    if (error) return error;
    reader->flags |= flags & O_NONBLOCK;
    writer->flags |= flags & O_NONBLOCK;
    if (flags & O_CLOEXEC) current->close_on_exec |= 1u << ends[0] | 1u << ends[1];
    return 0;
}

static int sys_pipe(u32 descriptors_at) { return sys_pipe2(descriptors_at, 0); }

/* ---- waiting for one of several ---- */

static int look(struct pollfd *entry) {
    struct file *file = file_of(entry->fd);
    int ready = !file ? POLLNVAL : file->calls->ready ? file->calls->ready(file) : POLLIN | POLLOUT;
    entry->revents = entry->fd < 0 ? 0 : (short)(ready & (entry->events | POLLHUP | POLLNVAL));
    return entry->revents != 0;
}

/* One look at all of them; how many are ready. */
static int look_at_all(u32 entries_at, u32 count) {
    int ready = 0;
    for (u32 k = 0; k < count; k++) {
        struct pollfd entry;
        u32 at = entries_at + k * sizeof entry;
        if (copy_in(&entry, at, sizeof entry) != 0) return -EFAULT;
        ready += look(&entry);
        if (copy_out(at, &entry, sizeof entry) != 0) return -EFAULT;
    }
    return ready;
}

/* Looks again at every tick: none of the files knows who waits for several. */
static int sys_poll(u32 entries_at, u32 count, int milliseconds) {
    static struct queue nothing;
    u32 start = clock_ticks(), patience = ((u32)milliseconds + 9) / 10;
    for (;;) {
        int ready = look_at_all(entries_at, count);
        u32 now = clock_ticks();
        if (ready != 0 || (milliseconds >= 0 && now - start >= patience)) return ready;
        u32 flags = irq_save();
        int result = sleep_lightly(&nothing, now + 1);
        irq_restore(flags);
        if (result == -EINTR) return result;
    }
}

static int sys_ioctl(int descriptor, u32 request, u32 argument) {
    struct file *file = file_of(descriptor);
    if (!file) return -EBADF;
    return file->calls->control ? file->calls->control(file, request, argument) : -ENOTTY;
}

static int sys_sync(void) { return fs_sync(); }
static int sys_fsync(int descriptor) { return file_of(descriptor) ? fs_sync() : -EBADF; }

const struct call_row file_rows[] = {
    ROW(open, sys_open),         ROW(creat, sys_creat),         ROW(read, sys_read),
    ROW(write, sys_write),       ROW(readv, sys_readv),         ROW(writev, sys_writev),
    ROW(pread64, sys_pread64),   ROW(pwrite64, sys_pwrite64),   ROW(close, sys_close),
    ROW(lseek, sys_lseek),       ROW(_llseek, sys_llseek),      ROW(ftruncate, sys_ftruncate),
    ROW(dup, sys_dup),           ROW(dup2, sys_dup2),           ROW(fcntl, sys_fcntl),
    ROW(fcntl64, sys_fcntl),     ROW(pipe, sys_pipe),           ROW(ioctl, sys_ioctl),
    ROW(dup3, sys_dup3),         ROW(pipe2, sys_pipe2),         ROW(poll, sys_poll),
    ROW(sync, sys_sync),         ROW(fsync, sys_fsync),         LAST_ROW,
};
