/* Pipes: a ring of one page between those who write and those who read; each waits for the other. */
#include "pipe.h"

#include "frames.h"
#include "process.h"
#include "space.h"

#define PIPES 64

struct pipe {
    u8 *ring; /* null: the entry is free */
    u32 in, out; /* bytes ever written and read */
    u32 readers, writers; /* open files */
    struct queue change;
};

static struct pipe pipes[PIPES];

/* Copies between the ring and the process until the ring is full, or empty, or `length` is done. */
static int read_ring(struct pipe *pipe, u8 *to, u32 length) {
    u32 done = 0;
    while (done < length && pipe->out != pipe->in) {
        u32 at = pipe->out % PAGE_SIZE;
        u32 part = least(least(length - done, pipe->in - pipe->out), PAGE_SIZE - at);
        if (user_copy(to + done, pipe->ring + at, part) != 0) return done ? (int)done : -EFAULT;
        pipe->out += part, done += part;
    }
    return (int)done;
}

static int write_ring(struct pipe *pipe, const u8 *from, u32 length) {
    u32 done = 0;
    while (done < length && pipe->in - pipe->out < PAGE_SIZE) {
        u32 at = pipe->in % PAGE_SIZE;
        u32 part = least(least(length - done, PAGE_SIZE - (pipe->in - pipe->out)), PAGE_SIZE - at);
        if (user_copy(pipe->ring + at, from + done, part) != 0) return done ? (int)done : -EFAULT;
        pipe->in += part, done += part;
    }
    return (int)done;
}

static int wait_for_change(struct pipe *pipe) {
    u32 flags = irq_save();
    int result = sleep_lightly(&pipe->change, 0);
    irq_restore(flags);
    return result == -EINTR ? -RESTART : result;
}

static int read_pipe(struct file *file, void *to, u32 length) {
    struct pipe *pipe = file->object;
    while (pipe->in == pipe->out) {
        if (pipe->writers == 0 || length == 0) return 0;
        if (file->flags & O_NONBLOCK) return -EAGAIN;
        int result = wait_for_change(pipe);
        if (result < 0) return result;
    }
    int done = read_ring(pipe, to, length);
    wake_all(&pipe->change);
    return done;
}

static int write_pipe(struct file *file, const void *from, u32 length) {
    struct pipe *pipe = file->object;
    u32 done = 0;
    /* What fits into the ring at all is never torn apart by another writer. */
    u32 needed = length <= PAGE_SIZE ? length : 1;
    while (done < length) {
        int part = 0;
        if (pipe->readers == 0) {
            signal_send(current, SIGPIPE);
            return -EPIPE;
        }
        if (PAGE_SIZE - (pipe->in - pipe->out) >= needed)
            part = write_ring(pipe, (const u8 *)from + done, length - done);
        if (part > 0) {
            wake_all(&pipe->change);
            done += (u32)part;
            continue;
        }
        if (part == 0) part = file->flags & O_NONBLOCK ? -EAGAIN : wait_for_change(pipe);
        if (part < 0) return done ? (int)done : part;
    }
    return (int)done;
}

static void close_end(struct pipe *pipe, u32 *ends) {
    --*ends;
    wake_all(&pipe->change);
    if (pipe->readers + pipe->writers > 0) return;
    frame_drop(pipe->ring);
    pipe->ring = NULL;
}

static void close_reader(struct file *file) {
    struct pipe *pipe = file->object;
    close_end(pipe, &pipe->readers);
}

static void close_writer(struct file *file) {
    struct pipe *pipe = file->object;
    close_end(pipe, &pipe->writers);
}

static int reader_ready(struct file *file) {
    const struct pipe *pipe = file->object;
    return (pipe->in != pipe->out ? POLLIN : 0) | (pipe->writers == 0 ? POLLHUP : 0);
}

static int writer_ready(struct file *file) {
    const struct pipe *pipe = file->object;
    return pipe->in - pipe->out < PAGE_SIZE || pipe->readers == 0 ? POLLOUT : 0;
}

static int refuse_read(struct file *file, void *to, u32 length) {
    (void)file, (void)to, (void)length;
    return -EBADF;
}

static int refuse_write(struct file *file, const void *from, u32 length) {
    (void)file, (void)from, (void)length;
    return -EBADF;
}

static const struct file_calls reader_calls = {
    .read = read_pipe, .write = refuse_write, .close = close_reader, .ready = reader_ready};
static const struct file_calls writer_calls = {
    .read = refuse_read, .write = write_pipe, .close = close_writer, .ready = writer_ready};

static struct pipe *allocate(void) {
    for (struct pipe *pipe = pipes; pipe < pipes + PIPES; pipe++) {
        if (pipe->ring) continue;
        *pipe = (struct pipe){.ring = frame_get(), .readers = 1, .writers = 1};
        return pipe->ring ? pipe : NULL;
    }
    return NULL;
}

int pipe_make(struct file **reader, struct file **writer) {
    struct pipe *pipe = allocate();
    if (!pipe) return -ENFILE;
    *reader = file_make(&reader_calls, O_RDONLY);
    *writer = *reader ? file_make(&writer_calls, O_WRONLY) : NULL;
    if (!*writer) {
        if (*reader) (*reader)->uses = 0;
        frame_drop(pipe->ring);
        pipe->ring = NULL;
        return -ENFILE;
    }
    (*reader)->object = (*writer)->object = pipe;
    return 0;
}
