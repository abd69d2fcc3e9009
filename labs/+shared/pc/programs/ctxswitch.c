/* ctxswitch [COUNT]: two processes pass a number to and fro through two pipes; each time the other one must run. */
#include "lib/unix.h"

static void answer(int from, int to, u32 rounds) {
    for (u32 k = 0, number; k < rounds && read(from, &number, sizeof number) == sizeof number; k++) {
        number++;
        write(to, &number, sizeof number);
    }
    leave(0);
}

int main(int count, char **words) {
    u32 rounds = number_from(count > 1 ? words[1] : NULL, 1000), number = 0;
    int there[2], back[2], error = make_pipe(there) | make_pipe(back);
    if (error) return complain("ctxswitch", "pipe", error);
    int child = fork();
    if (child == 0) answer(there[0], back[1], rounds);
    for (u32 k = 0; k < rounds; k++) {
        number++;
        write(there[1], &number, sizeof number);
        if (read(back[0], &number, sizeof number) != sizeof number) break;
    }
    wait_for(child, NULL, 0);
    return verdict(number == 2 * rounds, "ctxswitch: %u rounds, the number has become %u", rounds, number);
}
