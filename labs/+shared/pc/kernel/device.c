/* The character devices under /dev, by the numbers that Linux gives them. */
#include "../drivers/drivers.h"
#include "console.h"
#include "inode.h"
#include "machine.h"
#include "space.h"
#include "string.h"

#define DEVICE(major, minor) ((major) << 8 | (minor))
#define PORTS 0x10000u

static int read_null(struct file *file, void *to, u32 length) {
    (void)file, (void)to, (void)length;
    return 0;
}

static int write_null(struct file *file, const void *from, u32 length) {
    (void)file, (void)from;
    return (int)length;
}

static int read_zero(struct file *file, void *to, u32 length) {
    static const u8 zeroes[256];
    (void)file;
    for (u32 done = 0, part; done < length; done += part) {
        part = least(sizeof zeroes, length - done);
        if (user_copy((u8 *)to + done, zeroes, part) != 0) return done ? (int)done : -EFAULT;
    }
    return (int)length;
}

/* /dev/port: the position is the number of the port; each byte read or written is one access. */
static int read_port(struct file *file, void *to, u32 length) {
    u32 done = 0;
    for (; done < length && file->position < PORTS; done++, file->position++) {
        u8 value = in8((u16)file->position);
        if (user_copy((u8 *)to + done, &value, 1) != 0) return -EFAULT;
    }
    return (int)done;
}

static int write_port(struct file *file, const void *from, u32 length) {
    u32 done = 0;
    for (; done < length && file->position < PORTS; done++, file->position++) {
        u8 value;
        if (user_copy(&value, (const u8 *)from + done, 1) != 0) return -EFAULT;
        out8((u16)file->position, value);
    }
    return (int)done;
}

static const struct file_calls null_calls = {.read = read_null, .write = write_null};
static const struct file_calls zero_calls = {.read = read_zero, .write = write_null};
static const struct file_calls port_calls = {.read = read_port, .write = write_port};

const struct file_calls *device_calls(u32 device) {
    switch (device) {
    case DEVICE(1, 3): return &null_calls;
    case DEVICE(1, 4): return &port_calls;
    case DEVICE(1, 5): return &zero_calls;
    case DEVICE(5, 0):
    case DEVICE(5, 1): return &tty_calls;
    default: return machine_device(device);
    }
}
