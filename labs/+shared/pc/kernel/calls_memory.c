/* System calls about memory. */
#include "file.h"
#include "inode.h"
#include "process.h"
#include "space.h"
#include "syscall.h"

/* The new end of the heap; the old one if it cannot be. */
static int sys_brk(u32 end) {
    if (end != 0) space_set_heap(current->space, end);
    return (int)current->space->heap_end;
}

/* Memory of one's own, empty or from a file; nothing is shared with other processes. */
static int map(u32 address, u32 length, u32 rights, u32 flags, int descriptor, u32 offset) {
    struct region region = {.rights = rights & 7};
    u32 size = PAGE_UP(length);
    if (length == 0 || size < length || !(flags & MAP_PRIVATE) || offset % PAGE_SIZE != 0) return -EINVAL;
    if (!(flags & MAP_ANONYMOUS)) {
        const struct file *file = file_of(descriptor);
        if (!file) return -EBADF;
        if (!file->inode || !S_ISREG(file->inode->mode)) return -ENODEV;
        region.file = file->inode;
        region.file_offset = offset;
    }
    if (flags & MAP_FIXED) {
        if (address % PAGE_SIZE != 0 || !user_range(address, size)) return -EINVAL;
        int error = space_remove(current->space, address, address + size);
        if (error) return error;
    } else if ((address = space_room(current->space, size)) == 0) {
        return -ENOMEM;
    }
    region.start = address;
    region.end = address + size;
    if (region.file) region.file_end = address + (region.file->size > offset ? region.file->size - offset : 0);
    int error = space_add(current->space, &region);
    return error ? error : (int)address;
}

static int sys_mmap2(u32 address, u32 length, u32 rights, u32 flags, int descriptor, u32 pages) {
    return map(address, length, rights, flags, descriptor, pages * PAGE_SIZE);
}

static int sys_mmap(u32 arguments_at) {
    struct mmap_arguments a;
    int error = copy_in(&a, arguments_at, sizeof a);
    return error ? error : map(a.address, a.length, a.protection, a.flags, (int)a.fd, a.offset);
}

static int check_range(u32 address, u32 length) {
    return address % PAGE_SIZE != 0 || PAGE_UP(length) < length || !user_range(address, PAGE_UP(length)) ? -EINVAL : 0;
}

static int sys_munmap(u32 address, u32 length) {
    int error = length == 0 ? -EINVAL : check_range(address, length);
    return error ? error : space_remove(current->space, address, address + PAGE_UP(length));
}

static int sys_mprotect(u32 address, u32 length, u32 rights) {
    int error = check_range(address, length);
    return error ? error : space_protect(current->space, address, address + PAGE_UP(length), rights & 7);
}

const struct call_row memory_rows[] = {
    ROW(brk, sys_brk),       ROW(mmap, sys_mmap),         ROW(mmap2, sys_mmap2),
    ROW(munmap, sys_munmap), ROW(mprotect, sys_mprotect), LAST_ROW,
};
