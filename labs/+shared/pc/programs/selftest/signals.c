/* Signals: handlers, masks, interrupted calls, and turns of the processor. */
#include "selftest.h"

static volatile u32 seen, order;

static void count_it(int signal, struct siginfo *about, struct ucontext *context) {
    (void)about, (void)context;
    seen++;
    order = order * 100 + (u32)signal;
}

static bool handler_runs(void) {
    seen = 0;
    on_signal(SIGUSR1, count_it, 0);
    for (u32 k = 0; k < 100; k++) send_signal(get_pid(), SIGUSR1);
    return seen == 100;
}

static bool mask_holds(void) {
    const u32 set[2] = {1u << (SIGUSR1 - 1), 0};
    seen = 0;
    system_call(SYS_rt_sigprocmask, SIG_BLOCK, set, NULL, 8, 0);
    send_signal(get_pid(), SIGUSR1);
    bool right = seen == 0;
    system_call(SYS_rt_sigprocmask, SIG_UNBLOCK, set, NULL, 8, 0);
    return right && seen == 1;
}

/* Registers must be the same behind a handler. */
static bool registers_survive(void) {
    u32 a = 0x11111111, b = 0x22222222, c = 0x33333333, d = SIGUSR1;
    int result = SYS_kill;
    asm volatile("int $0x80" : "+a"(result), "+S"(a), "+D"(b), "+d"(c) : "b"(get_pid()), "c"(d) : "memory");
    return result == 0 && a == 0x11111111 && b == 0x22222222 && c == 0x33333333;
}

static bool interrupts_read(void) {
    int ends[2];
    char c;
    make_pipe(ends);
    int parent = get_pid();
    on_signal(SIGUSR2, count_it, 0);
    if (fork() == 0) {
        pause_for(30);
        send_signal(parent, SIGUSR2);
        leave(0);
    }
    bool right = read(ends[0], &c, 1) == -EINTR;
    close(ends[0]);
    close(ends[1]);
    wait_for(-1, NULL, 0);
    return right;
}

static bool restarts_read(void) {
    int ends[2], parent = get_pid();
    char c = 0;
    make_pipe(ends);
    on_signal(SIGUSR2, count_it, SA_RESTART);
    if (fork() == 0) {
        pause_for(30);
        send_signal(parent, SIGUSR2);
        pause_for(30);
        write(ends[1], "!", 1);
        leave(0);
    }
    bool right = read(ends[0], &c, 1) == 1 && c == '!';
    close(ends[0]);
    close(ends[1]);
    wait_for(-1, NULL, 0);
    return right;
}

static void spin(void) {
    for (;;) asm volatile("");
}

/* A process that never gives the processor away is interrupted and ended. */
static bool kills_spinner(void) {
    int status = 0, child = fork();
    if (child == 0) spin();
    pause_for(20);
    send_signal(child, SIGKILL);
    return wait_for(child, &status, 0) == child && END_SIGNAL(status) == SIGKILL;
}

static bool turns_are_fair(void) {
    int ends[2], children[2], sum[2] = {0, 0};
    make_pipe(ends);
    for (int k = 0; k < 2; k++) {
        children[k] = fork();
        if (children[k] != 0) continue;
        for (;;) {
            for (volatile u32 n = 0; n < 5000; n++) continue;
            write(ends[1], &k, sizeof k);
        }
    }
    u32 start = milliseconds();
    for (int who; milliseconds() - start < 90 && read(ends[0], &who, sizeof who) == sizeof who;) sum[who]++;
    for (int k = 0; k < 2; k++) send_signal(children[k], SIGTERM);
    for (int k = 0; k < 2; k++) wait_for(children[k], NULL, 0);
    close(ends[0]);
    close(ends[1]);
    return sum[0] > 0 && sum[1] > 0 && sum[0] < 8 * sum[1] && sum[1] < 8 * sum[0];
}

static bool child_signal(void) {
    seen = 0;
    on_signal(SIGCHLD, count_it, 0);
    int child = fork();
    if (child == 0) leave(0);
    while (wait_for(child, NULL, 0) == -EINTR) continue;
    on_signal(SIGCHLD, (signal_handler)SIG_DFL, 0);
    return seen == 1;
}

static bool alarm_comes(void) {
    seen = 0;
    on_signal(SIGALRM, count_it, 0);
    system_call(SYS_alarm, 1, 0, 0, 0, 0);
    u32 start = milliseconds();
    system_call(SYS_pause, 0, 0, 0, 0, 0);
    return seen == 1 && milliseconds() - start >= 900;
}

void test_signals(void) {
    check(handler_runs(), "a handler runs a hundred times");
    check(mask_holds(), "a blocked signal waits");
    check(registers_survive(), "registers are the same behind a handler");
    check(interrupts_read(), "a signal interrupts a read");
    check(restarts_read(), "with SA_RESTART the read goes on");
    check(child_signal(), "the end of a child is signalled");
    check(alarm_comes(), "an alarm comes");
    check(kills_spinner(), "a process in an endless loop is killed");
    check(turns_are_fair(), "two busy processes get their turns");
    check(send_signal(31999, SIGTERM) == -ESRCH, "a signal to nobody is refused");
}
