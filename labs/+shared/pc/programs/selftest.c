/*
 * selftest [FORKS]: examines the kernel it runs on: processes, memory, files, pipes, signals, under stress. Prints PASS
 * or FAIL for each point, and the total. FORKS is how many processes the last part makes, one after the other (300).
 */
#include "selftest/selftest.h"

static u32 passed, failed;

void check(bool right, const char *what) {
    print("%s %s\n", right ? "PASS" : "FAIL", what);
    if (right)
        passed++;
    else
        failed++;
}

bool in_child(void (*part)(void), int expected_status) {
    int status = -1, child = fork();
    if (child == 0) {
        part();
        leave(0);
    }
    return child > 0 && wait_for(child, &status, 0) == child && status == expected_status;
}

int main(int count, char **words) {
    u32 forks = number_from(count > 1 ? words[1] : NULL, 300);
    test_processes();
    test_memory();
    test_files();
    test_pipes();
    test_signals();
    test_many_forks(forks);
    print("selftest: %u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
