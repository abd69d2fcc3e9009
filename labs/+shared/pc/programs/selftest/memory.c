/* Memory: heap, mapping, protection, copy-on-write. */
#include "selftest.h"

#define PAGES 64

static volatile u32 *shared_page;

static void write_to_copy(void) {
    for (u32 k = 0; k < PAGES; k++) shared_page[k * (PAGE / 4)] = 0xc0ffee;
}

static void touch_null(void) { *(volatile u32 *)0 = 1; }
static void touch_kernel(void) { *(volatile u32 *)0xc0100000 = 1; }
static void touch_unmapped(void) {
    unmap_memory((void *)shared_page, PAGES * PAGE);
    shared_page[0] = 1;
}
static void write_protected(void) {
    protect_memory((void *)shared_page, PAGE, PROT_READ);
    shared_page[0] = 1;
}
static void run_deep(void) {
    volatile u8 frame[200000];
    for (u32 k = 0; k < sizeof frame; k += PAGE) frame[k] = 1;
}
static void privileged(void) { asm volatile("cli"); }
static void undefined(void) { asm volatile("ud2"); }
static void divide(void) { asm volatile("div %0" : : "r"(0), "a"(1), "d"(0)); }

static bool heap_grows(void) {
    u8 *start = set_heap_end(NULL), *end = start + 100 * PAGE;
    u32 sum = 0;
    if (set_heap_end(end) != end) return false;
    for (u8 *p = start; p < end; p += PAGE) sum += *p, *p = 7;
    set_heap_end(start);
    set_heap_end(end);
    for (u8 *p = start + PAGE; p < end; p += PAGE) sum += *p; /* zero again: given back and new */
    set_heap_end(start);
    return sum == 0;
}

static bool copy_on_write(void) {
    for (u32 k = 0; k < PAGES; k++) shared_page[k * (PAGE / 4)] = k;
    if (!in_child(write_to_copy, 0)) return false;
    for (u32 k = 0; k < PAGES; k++)
        if (shared_page[k * (PAGE / 4)] != k) return false;
    return true;
}

/* The kernel is given addresses that are not ours. */
static bool bad_addresses(void) {
    int file = open("/dev/zero", O_RDONLY, 0);
    bool right = read(file, (void *)0xc0100000, 16) == -EFAULT && read(file, NULL, 16) == -EFAULT;
    right &= open((const char *)0x10, O_RDONLY, 0) == -EFAULT;
    right &= write(1, (const void *)0xfffffff0u, 64) == -EFAULT;
    right &= system_call(SYS_pipe, 4, 0, 0, 0, 0) == -EFAULT;
    close(file);
    return right;
}

static bool holes(void) {
    u8 *at = map_memory(5 * PAGE);
    if (!at || unmap_memory(at + 2 * PAGE, PAGE) != 0) return false;
    at[0] = at[4 * PAGE] = 1;
    bool right = protect_memory(at, 5 * PAGE, PROT_READ) == -ENOMEM; /* there is a hole in it */
    unmap_memory(at, 5 * PAGE);
    return right;
}

void test_memory(void) {
    shared_page = map_memory(PAGES * PAGE);
    check(shared_page != NULL && shared_page[5] == 0, "mapped memory is zero");
    check(heap_grows(), "the heap grows, shrinks, and is zero when it grows again");
    check(copy_on_write(), "what a child writes its parent does not see");
    check(in_child(touch_null, SIGSEGV), "a null pointer ends a process");
    check(in_child(touch_kernel, SIGSEGV), "the kernel's memory is out of reach");
    check(in_child(touch_unmapped, SIGSEGV), "memory that was given back is gone");
    check(in_child(write_protected, SIGSEGV), "read-only memory is not written");
    check(in_child(run_deep, 0), "the stack grows as it is used");
    check(in_child(privileged, SIGSEGV), "a privileged instruction ends a process");
    check(in_child(undefined, SIGILL), "an undefined instruction ends a process");
    check(in_child(divide, SIGFPE), "a division by zero ends a process");
    check(bad_addresses(), "bad addresses in system calls are refused");
    check(holes(), "a mapping can be taken away in the middle");
    unmap_memory((void *)shared_page, PAGES * PAGE);
}
