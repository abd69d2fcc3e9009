/* Pipes: order, blocking, many writers, ends that close. */
#include "selftest.h"

static u8 buffer[PAGE];

static bool stream(void) {
    int ends[2], status, got;
    u32 sent = 0, seen = 0, seed = 3, length = 0;
    if (make_pipe(ends) != 0) return false;
    int child = fork();
    if (child == 0) {
        close(ends[0]);
        for (u32 round = 0; round < 40; round++) {
            for (u32 k = 0; k < 3000; k++) buffer[k] = (u8)random_next(&seed);
            write(ends[1], buffer, 3000);
        }
        leave(0);
    }
    close(ends[1]);
    for (u32 round = 0; round < 40; round++) {
        for (u32 k = 0; k < 3000; k++) buffer[k] = (u8)random_next(&seed);
        sent = crc32(sent, buffer, 3000);
    }
    while ((got = read(ends[0], buffer, 777)) > 0) {
        seen = crc32(seen, buffer, (u32)got);
        length += (u32)got;
    }
    close(ends[0]);
    return wait_for(child, &status, 0) == child && status == 0 && length == 120000 && seen == sent;
}

/* What several write in small pieces arrives whole. */
static bool several_writers(void) {
    enum { WRITERS = 6, PIECES = 50 };
    int ends[2];
    u32 piece[4], counts[WRITERS] = {0}, torn = 0;
    if (make_pipe(ends) != 0) return false;
    for (u32 w = 0; w < WRITERS; w++) {
        if (fork() != 0) continue;
        for (u32 k = 0; k < PIECES; k++) {
            const u32 mine[4] = {w, k, ~w, ~k};
            write(ends[1], mine, sizeof mine);
        }
        leave(0);
    }
    close(ends[1]);
    while (read(ends[0], piece, sizeof piece) == sizeof piece) {
        bool whole = piece[0] < WRITERS && piece[0] == ~piece[2] && piece[1] == ~piece[3];
        if (whole && piece[1] == counts[piece[0]])
            counts[piece[0]]++;
        else
            torn++;
    }
    close(ends[0]);
    for (u32 w = 0; w < WRITERS; w++) {
        wait_for(-1, NULL, 0);
        torn += counts[w] != PIECES;
    }
    return torn == 0;
}

static void write_to_nobody(void) {
    int ends[2];
    make_pipe(ends);
    close(ends[0]);
    write(ends[1], "x", 1);
}

static bool ignored_pipe_signal(void) {
    int ends[2];
    on_signal(SIGPIPE, (signal_handler)SIG_IGN, 0);
    bool right = make_pipe(ends) == 0 && close(ends[0]) == 0 && write(ends[1], "x", 1) == -EPIPE;
    close(ends[1]);
    on_signal(SIGPIPE, (signal_handler)SIG_DFL, 0);
    return right;
}

/* A chain of processes, each adding one to every byte. */
static bool chain(void) {
    enum { STAGES = 8 };
    int ends[2], input;
    u8 text[64];
    if (make_pipe(ends) != 0) return false;
    memset(text, 1, sizeof text);
    write(ends[1], text, sizeof text);
    close(ends[1]);
    input = ends[0];
    for (u32 k = 0; k < STAGES; k++) {
        if (make_pipe(ends) != 0) return false;
        if (fork() == 0) {
            int got;
            while ((got = read(input, text, 16)) > 0) {
                for (int n = 0; n < got; n++) text[n]++;
                write(ends[1], text, (u32)got);
            }
            leave(0);
        }
        close(ends[1]);
        close(input);
        input = ends[0];
    }
    u32 total = 0, wrong = 0;
    int got;
    while ((got = read(input, text, sizeof text)) > 0)
        for (int n = 0; n < got; n++, total++) wrong += text[n] != 1 + STAGES;
    close(input);
    while (wait_for(-1, NULL, 0) > 0) continue;
    return total == sizeof text && wrong == 0;
}

static bool poll_tells(void) {
    int ends[2];
    if (make_pipe(ends) != 0) return false;
    struct pollfd entry = {ends[0], POLLIN, 0};
    bool right = system_call(SYS_poll, &entry, 1, 20, 0, 0) == 0;
    write(ends[1], "x", 1);
    right &= system_call(SYS_poll, &entry, 1, -1, 0, 0) == 1 && entry.revents == POLLIN;
    close(ends[1]);
    right &= system_call(SYS_poll, &entry, 1, -1, 0, 0) == 1 && (entry.revents & POLLHUP);
    close(ends[0]);
    return right;
}

static bool descriptors_run_out(void) {
    int first[64], count = 0, ends[2], result = 0;
    while (count < 62 && (result = make_pipe(ends)) == 0) first[count++] = ends[0], first[count++] = ends[1];
    for (int k = 0; k < count; k++) close(first[k]);
    return (result == -EMFILE || result == -ENFILE || count >= 62) && make_pipe(ends) == 0 && close(ends[0]) == 0 &&
           close(ends[1]) == 0;
}

void test_pipes(void) {
    check(stream(), "120000 bytes go through a pipe in order");
    check(several_writers(), "what six processes write at once arrives whole");
    check(in_child(write_to_nobody, SIGPIPE), "writing where nobody reads ends a process");
    check(ignored_pipe_signal(), "and returns EPIPE if that is ignored");
    check(chain(), "eight processes in a row");
    check(poll_tells(), "poll tells when there is something to read");
    check(descriptors_run_out(), "too many open files are refused");
}
