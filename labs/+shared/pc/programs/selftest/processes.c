/* Processes: fork, exec, wait, and many of them. */
#include "selftest.h"

static void leave_with_77(void) { leave(77); }

static void run_echo(void) {
    char *words[] = {"echo", "PASS a program started by exec prints this", NULL};
    leave(execute("/bin/echo", words) < 0 ? 1 : 0);
}

static void leave_orphan(void) {
    if (fork() == 0) {
        pause_for(30);
        leave(0);
    }
}

/* Several at once, each with its own result; they are buried in the order of their ending. */
static bool crowd(void) {
    enum { CROWD = 20 };
    int pids[CROWD], ended = 0;
    for (int k = 0; k < CROWD; k++) {
        pids[k] = fork();
        if (pids[k] == 0) {
            u32 seed = (u32)k;
            for (u32 n = 0; n < 2000; n++) random_next(&seed);
            leave(k + 1);
        }
    }
    for (int k = 0; k < CROWD; k++) {
        int status, pid = wait_for(-1, &status, 0);
        for (int n = 0; n < CROWD; n++) ended += pid == pids[n] && EXIT_STATUS(status) == n + 1;
    }
    return ended == CROWD;
}

/* Processes until no more can be made: the kernel refuses and lives. */
static bool fork_until_refused(void) {
    int made = 0, gate[2], child = 0;
    char c;
    if (make_pipe(gate) != 0) return false;
    while (made < 500 && (child = fork()) > 0) made++;
    if (child == 0) {
        close(gate[1]);
        read(gate[0], &c, 1); /* until the writer has closed */
        leave(0);
    }
    close(gate[1]);
    close(gate[0]);
    int buried = 0; /* the first program also buries those whose parents ended before them */
    while (wait_for(-1, NULL, 0) > 0) buried++;
    return buried >= made && (child == -EAGAIN || child == -ENOMEM || made == 500);
}

void test_processes(void) {
    int status;
    check(in_child(leave_with_77, 77 << 8), "a child ends with its status");
    check(in_child(run_echo, 0), "exec starts another program");
    check(wait_for(-1, &status, 0) == -ECHILD, "waiting without children is refused");
    char *none[] = {"none", NULL};
    check(execute("/bin/none", none) == -ENOENT, "exec of a missing program returns");
    check(execute("/", none) == -EACCES, "exec of a directory returns");
    check(crowd(), "20 processes at once each end with their own status");
    check(in_child(leave_orphan, 0), "a parent may end before its child");
    check(fork_until_refused(), "fork is refused when there are too many, and nothing breaks");
    check(system_call(SYS_getppid, 0, 0, 0, 0, 0) != get_pid(), "parent and child have different pids");
    check(system_call(9999, 0, 0, 0, 0, 0) == -ENOSYS, "an unknown call returns ENOSYS");
}

void test_many_forks(u32 forks) {
    u32 right = 0;
    for (u32 k = 0; k < forks; k++) {
        int status = 0, child = fork();
        if (child == 0) leave((int)(k & 0x7f));
        right += child > 0 && wait_for(child, &status, 0) == child && EXIT_STATUS(status) == (int)(k & 0x7f);
    }
    print("%u processes one after the other\n", forks);
    check(right == forks, "all of them ended as they should");
}
