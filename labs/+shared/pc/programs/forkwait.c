/* forkwait [COUNT]: makes a process, waits for its end, and makes the next. */
#include "lib/unix.h"

int main(int count, char **words) {
    u32 forks = number_from(count > 1 ? words[1] : NULL, 200), right = 0;
    for (u32 k = 0; k < forks; k++) {
        int status = 0, child = fork();
        if (child == 0) leave((int)(k % 100));
        if (child < 0) return complain("forkwait", "fork", child);
        right += wait_for(child, &status, 0) == child && EXITED(status) && EXIT_STATUS(status) == k % 100;
    }
    return verdict(right == forks, "forkwait: %u processes, %u of them ended as they should", forks, right);
}
