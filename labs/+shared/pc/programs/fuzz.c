/*
 * fuzz [PROCESSES [SEED]]: processes that call the system with numbers and arguments drawn by lot, good and bad ones.
 * Whatever they get for an answer, the kernel must live. Refuses to run on another system, whose files it would spoil.
 */
#include "lib/unix.h"

#define CALLS 500
#define PLAYGROUND "/tmp/fuzz"

static u8 memory[4 * PAGE] __attribute__((aligned(4096)));
static const char *const names[] = {"a", "b", "a/b", "..", ".", "/", "/proc", "/proc/self/stat", "/dev/null", "",
                                    "/bin/sh", "/dev/zero", "a/../b", "/tmp/fuzz/a", "x/y/z"};

/* Calls that would end the process, wait for ever, or let it out of its place. */
static bool is_left_out(u32 number) {
    static const u32 left_out[] = {SYS_exit,     SYS_exit_group,    SYS_fork,      SYS_vfork,        SYS_clone,
                                   SYS_pause,    SYS_rt_sigsuspend, SYS_nanosleep, SYS_poll,         SYS_chdir,
                                   SYS_kill,     SYS_tgkill,        SYS_sigreturn, SYS_rt_sigreturn, SYS_alarm,
                                   SYS_setpgid,  SYS_setsid,        SYS_iopl};
    for (u32 k = 0; k < COUNT(left_out); k++)
        if (left_out[k] == number) return true;
    return false;
}

static u32 draw(u32 *seed, u32 below) { return random_next(seed) % below; }

static u32 draw_argument(u32 *seed) {
    switch (draw(seed, 12)) {
    case 0: return 0;
    case 1: return draw(seed, 8);
    case 2: return draw(seed, 64);
    case 3: return (u32)names[draw(seed, COUNT(names))];
    case 4: return (u32)names[draw(seed, COUNT(names))];
    case 5: return (u32)memory + draw(seed, sizeof memory);
    case 6: return (u32)memory + draw(seed, 4) * PAGE;
    case 7: return 0xc0000000u - draw(seed, 64);
    case 8: return 0xc0100000u + draw(seed, 100000);
    case 9: return draw(seed, 0x10000) << 12;
    case 10: return ~draw(seed, 200);
    default: return random_next(seed) << 8 | random_next(seed);
    }
}

/* What it writes to its standard output nobody wants to see. */
static void play(u32 seed, int nothing) {
    for (int k = 0; k < 3; k++) duplicate_to(nothing, k);
    system_call(SYS_alarm, 1, 0, 0, 0, 0);
    for (u32 k = 0; k < CALLS; k++) {
        u32 number = draw(&seed, 10) == 0 ? draw(&seed, 500) : draw(&seed, 220);
        u32 a = draw_argument(&seed), b = draw_argument(&seed), c = draw_argument(&seed);
        if (!is_left_out(number)) system_call((int)number, a, b, c, draw_argument(&seed), draw_argument(&seed));
    }
    leave(0);
}

int main(int count, char **words) {
    u32 processes = number_from(count > 1 ? words[1] : NULL, 100), seed = number_from(count > 2 ? words[2] : NULL, 1);
    u32 ended = 0;
    int nothing = open("/dev/null", O_RDWR, 0); /* before somebody removes it */
    struct utsname system;
    system_call(SYS_uname, &system, 0, 0, 0, 0);
    if (text_compare(system.sysname, "Varve") != 0) {
        print_to(2, "fuzz: this is %s, not Varve\n", system.sysname);
        return 2;
    }
    make_directory(PLAYGROUND, 0755);
    change_directory(PLAYGROUND);
    for (u32 k = 0; k < processes; k++) {
        int child = fork(), status;
        if (child == 0) play(seed * 1000003u + k, nothing);
        if (child < 0) return complain("fuzz", "fork", child);
        while (wait_for(child, &status, 0) != child) continue;
        ended++;
    }
    return verdict(ended == processes, "fuzz: %u processes of %u calls", ended, CALLS);
}
