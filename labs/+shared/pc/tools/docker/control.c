/* Containers that run: another program in them, signals, freezing, waiting for their end. */
#include "docker.h"

int docker_exec(int count, char **words) {
    bool interactive, tty, detach = false;
    const char *all[MOST_WORDS] = {"exec"};
    const struct option options[] = {
        {"interactive", 'i', FLAG, &interactive}, {"tty", 't', FLAG, &tty}, {"detach", 'd', FLAG, &detach}};
    int at = take_options(count, words, options, COUNT(options));
    if (at < 0) return 1;
    if (count - at < 2) return refuse("exec", "needs a container and a program");
    const char *name = find_container(words[at]);
    if (!name) return 1;
    if (!is_running(name)) return refuse(name, "does not run");
    if (count - at >= MOST_WORDS - 1) return refuse("exec", "is given more words than it can pass on");
    all[1] = name;
    for (int k = at + 1; k < count; k++) all[k - at + 1] = words[k];
    if (detach && fork() > 0) return 0;
    return run_crun(name, all);
}

/* Waits at most so long; whether it has ended. */
static bool has_ended(const char *name, u32 most) {
    for (u32 from = milliseconds(); is_running(name); pause_for(5))
        if (milliseconds() - from > most) return false;
    return true;
}

static int end_one(const char *given, const char *signal, u32 patience) {
    const char *name = find_container(given);
    if (!name) return 1;
    if (!is_running(name)) return refuse(name, "does not run");
    const char *const first[] = {"kill", name, signal, NULL}, *const last[] = {"kill", name, "KILL", NULL};
    int status = run_crun(name, first);
    if (status == 0 && patience > 0 && !has_ended(name, patience)) status = run_crun(name, last);
    if (patience > 0 || text_compare(signal, "KILL") == 0) has_ended(name, 1000);
    if (status == 0) print("%s\n", given);
    return status;
}

/* A second of patience, where Docker has ten: a shell that is process 1 does not hear of TERM. */
int docker_stop(int count, char **words) {
    const char *seconds = "1";
    const struct option options[] = {{"time", 't', TEXT, &seconds}};
    int at = take_options(count, words, options, COUNT(options)), status = 0;
    if (at < 0) return 1;
    if (at == count) return refuse("stop", "needs a container");
    for (; at < count; at++) status |= end_one(words[at], "TERM", 1000 * number_from(seconds, 1) + 1);
    return status;
}

int docker_kill(int count, char **words) {
    const char *signal = "KILL";
    const struct option options[] = {{"signal", 's', TEXT, &signal}};
    int at = take_options(count, words, options, COUNT(options)), status = 0;
    if (at < 0) return 1;
    if (at == count) return refuse("kill", "needs a container");
    for (; at < count; at++) status |= end_one(words[at], signal, 0);
    return status;
}

static int freeze(int count, char **words, const char *value) {
    char path[LONGEST_PATH];
    int status = count > 0 ? 0 : refuse("pause", "needs a container");
    for (int k = 0; k < count; k++) {
        const char *name = find_container(words[k]);
        if (!name) return 1;
        format_into(path, sizeof path, GROUPS "/%s/cgroup.freeze", name);
        int error = is_running(name) ? write_file(path, value) : -ESRCH;
        if (error)
            status = complain("docker", name, error);
        else
            print("%s\n", name);
    }
    return status;
}
int docker_pause(int count, char **words) { return freeze(count, words, "1"); }
int docker_unpause(int count, char **words) { return freeze(count, words, "0"); }

int docker_wait(int count, char **words) {
    if (count != 1) return refuse("wait", "needs a container");
    const char *name = find_container(words[0]);
    if (!name) return 1;
    while (is_running(name)) pause_for(5);
    print("%d\n", exit_status(name));
    return 0;
}
