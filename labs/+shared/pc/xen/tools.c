/*
 * /dev/xen/privcmd and /dev/xen/xenbus, as Linux has them: a program of domain 0 makes hypercalls of its own, and
 * speaks with the store. Xen looks at the domain that calls, so the kernel need not look at what is called.
 */
#include "tools.h"

#include "../kernel/frames.h"
#include "../kernel/machine.h"
#include "../kernel/space.h"
#include "../kernel/string.h"
#include "store.h"

#define HYPERCALL_REQUEST 0x305000u /* _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall)) */

struct privcmd_hypercall {
    u64 number, words[5];
};

static int hypercall_of_program(struct file *file, u32 request, u32 argument) {
    (void)file;
    struct privcmd_hypercall call;
    if (request != HYPERCALL_REQUEST) return -ENOTTY;
    if (copy_in(&call, argument, sizeof call) != 0) return -EFAULT;
    if (call.number >= PAGE_SIZE / 32) return -EINVAL;
    return hypercall((u32)call.number, (u32)call.words[0], (u32)call.words[1], (u32)call.words[2], (u32)call.words[3]);
}

const struct file_calls privcmd_calls = {.control = hypercall_of_program};

/* ---- the store: a message is written, its answer is read ---- */

#define MOST (PAGE_SIZE - sizeof(struct store_header))

static int write_message(struct file *file, const void *from, u32 length) {
    struct store_header *header = file->object;
    if (!header && !(header = file->object = frame_get())) return -ENOMEM;
    if (length < sizeof *header || length > PAGE_SIZE) return -EINVAL;
    if (user_copy(header, from, length) != 0) return -EFAULT;
    if (header->length != length - sizeof *header) return -EINVAL;
    int got = store_exchange(header, header + 1, header + 1, MOST);
    file->position = 0;
    header->length = got < 0 ? 0 : (u32)got;
    return got < 0 ? got : (int)length;
}

static int read_answer(struct file *file, void *to, u32 length) {
    struct store_header *header = file->object;
    if (!header) return 0;
    u32 part = least(length, sizeof *header + header->length - file->position);
    if (user_copy(to, (u8 *)header + file->position, part) != 0) return -EFAULT;
    file->position += part;
    return (int)part;
}

static void close_store(struct file *file) {
    if (file->object) frame_drop(file->object);
}

const struct file_calls xenbus_calls = {.read = read_answer, .write = write_message, .close = close_store};
