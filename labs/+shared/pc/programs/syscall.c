/* syscall [COUNT]: the cheapest system call, getpid, again and again. */
#include "lib/unix.h"

static inline int get_pid_at_once(void) {
    int result;
    asm volatile("int $0x80" : "=a"(result) : "a"(SYS_getpid));
    return result;
}

int main(int count, char **words) {
    u32 calls = number_from(count > 1 ? words[1] : NULL, 10000), same = 0;
    int pid = get_pid();
    for (u32 k = 0; k < calls; k++) same += get_pid_at_once() == pid;
    return verdict(same == calls, "syscall: %u calls, %u of them right", calls, same);
}
