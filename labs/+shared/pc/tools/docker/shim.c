/* The process that stands between docker and a container, as containerd-shim does: it has crun make and start it, keeps
   what it writes, adopts its first process and learns how that ends. docker itself may be gone by then. */
#include "docker.h"

static void path_of(char *path, const char *name, const char *file) {
    format_into(path, LONGEST_PATH, CONTAINERS "/%s%s%s", name, *file ? "/" : "", file);
}

/* Where --debug tells: the streams 1 and 2 may be the container's. */
static int told = 2;

static void tell_file(const char *path) {
    char piece[256];
    int file = open(path, O_RDONLY, 0), got;
    if (file < 0) return;
    while ((got = read(file, piece, sizeof piece)) > 0) write(told, piece, (u32)got);
    close(file);
}

/* ---- crun ---- */

static int execute_crun(const char *name, const char *const words[]) {
    static char log[LONGEST_PATH];
    const char *all[MOST_WORDS + 3] = {"crun", "--log", log};
    u32 count = 3;
    path_of(log, name, "crun.log");
    while ((all[count++] = *words++)) continue;
    return execute("/bin/crun", (char *const *)all);
}

int run_crun(const char *name, const char *const words[]) {
    char log[LONGEST_PATH];
    int status = 0;
    path_of(log, name, "crun.log");
    if (debugging) {
        unlink(log);
        print_to(told, "docker: crun");
        for (const char *const *word = words; *word; word++) print_to(told, " %s", *word);
        print_to(told, "\n");
    }
    int child = fork();
    if (child == 0) leave(complain("docker", "/bin/crun", execute_crun(name, words)));
    if (child < 0) return complain("docker", "fork", child);
    while (wait_for(child, &status, 0) == -EINTR) continue;
    if (debugging) tell_file(log);
    return EXITED(status) ? EXIT_STATUS(status) : 128 + END_SIGNAL(status);
}

/* ---- the files of a container, put together ---- */

static int mount_layers(const char *name) {
    static char options[4096], target[LONGEST_PATH];
    const char *layers[MOST_LAYERS];
    u32 count = json_texts(container_record(name), "Layers", layers, MOST_LAYERS);
    u32 used = format_into(options, sizeof options, "lowerdir=" LAYERS "/%s-init/diff", name);
    while (count-- > 0) used += format_into(options + used, sizeof options - used, ":%s", layers[count]);
    used += format_into(options + used, sizeof options - used, ",upperdir=" LAYERS "/%s/diff,workdir=" LAYERS "/%s/work", name, name);
    format_into(target, sizeof target, LAYERS "/%s/merged", name);
    if (used + 1 >= sizeof options) return refuse(name, "has too many layers for one mount");
    if (debugging) print_to(2, "docker: mount overlay on %s\n", target);
    int error = system_call(SYS_mount, "overlay", target, "overlay", 0, options);
    return error ? complain("docker", target, error) : 0;
}

static void unmount_layers(const char *name) {
    char target[LONGEST_PATH];
    format_into(target, sizeof target, LAYERS "/%s/merged", name);
    system_call(SYS_umount2, target, MNT_DETACH);
}

/* ---- what it writes ---- */

/* Copies from both pipes to the log, and to whoever started it, until nobody can write any more. */
static void relay(const char *name, int from[2], bool attached) {
    char path[LONGEST_PATH], piece[512];
    path_of(path, name, "log");
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    struct pollfd ends[2] = {{from[0], POLLIN, 0}, {from[1], POLLIN, 0}};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (system_call(SYS_poll, ends, 2, -1) < 0) continue;
        for (int k = 0; k < 2; k++) {
            if (!(ends[k].revents & (POLLIN | POLLHUP))) continue;
            int got = read(ends[k].fd, piece, sizeof piece);
            if (got <= 0) {
                close(ends[k].fd);
                ends[k].fd = -1; /* poll passes over it */
                continue;
            }
            write(log, piece, (u32)got);
            if (attached) write(k + 1, piece, (u32)got);
        }
    }
    close(log);
}

/* Standard input, output and error of the container; the ends from which its words come, or −1. */
static int give_streams(bool passes, bool attached, bool interactive, int from[2], int saved[3]) {
    int out[2], err[2], error;
    for (int k = 0; k < 3; k++) saved[k] = system_call(SYS_fcntl, k, F_DUPFD_CLOEXEC, 10);
    from[0] = from[1] = -1;
    if (passes) return 0;
    if ((error = make_pipe(out)) || (error = make_pipe(err))) return error;
    for (int k = 0; k < 2; k++) {
        int moved = system_call(SYS_fcntl, k ? err[0] : out[0], F_DUPFD_CLOEXEC, 10);
        close(k ? err[0] : out[0]);
        from[k] = moved;
        duplicate_to(k ? err[1] : out[1], k + 1);
        close(k ? err[1] : out[1]);
    }
    if (!attached || !interactive) {
        int nothing = open("/dev/null", O_RDONLY, 0);
        if (nothing < 0) return nothing;
        duplicate_to(nothing, 0);
        close(nothing);
    }
    return 0;
}

static void take_back(const int saved[3]) {
    for (int k = 0; k < 3; k++) duplicate_to(saved[k], k), close(saved[k]);
}

/* ---- its life ---- */

static int pid_of(const char *name) {
    char path[LONGEST_PATH], text[LONGEST_PATH + 16];
    format_into(path, sizeof path, RUNNING "/%s/status", name);
    return read_file(path, text, sizeof text) < 0 ? -1 : (int)number_from(text, 0);
}

static int await(int pid) {
    int status = 0, got;
    while ((got = wait_for(pid, &status, 0)) == -EINTR) continue;
    return got < 0 ? 127 : EXITED(status) ? EXIT_STATUS(status) : 128 + END_SIGNAL(status);
}

/* From the first call of crun to the last; the exit status of the container. */
static int live(const char *name, bool attached, int ready) {
    char path[LONGEST_PATH], text[16];
    struct json *record = container_record(name);
    bool passes = json_true(record, "Tty") && attached, interactive = json_true(record, "OpenStdin");
    bool removes = json_true(record, "AutoRemove");
    int from[2], saved[3], status = 127;
    path_of(path, name, "");
    const char *const create[] = {"create", "-b", path, name, NULL}, *const start[] = {"start", name, NULL};
    const char *const delete[] = {"delete", "-f", name, NULL};
    system_call(SYS_prctl, PR_SET_NAME, "containerd-shim");
    system_call(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1);
    on_signal(SIGINT, (signal_handler)SIG_IGN, 0);
    if (mount_layers(name)) return 127;
    give_streams(passes, attached, interactive, from, saved);
    told = saved[2];
    int failed = run_crun(name, create);
    told = 2;
    take_back(saved);
    if (!failed) failed = run_crun(name, start);
    int pid = failed ? -1 : pid_of(name);
    if (ready >= 0) {
        if (!failed) write(ready, "+", 1);
        close(ready);
    }
    if (!passes) relay(name, from, attached || failed);
    if (pid > 0) status = await(pid);
    path_of(path, name, "exit");
    format_into(text, sizeof text, "%d\n", status);
    write_file(path, text);
    debugging = false;
    run_crun(name, delete);
    unmount_layers(name);
    if (removes) remove_container(name);
    return status;
}

int start_container(const char *name, bool attached) {
    int ends[2], error = make_pipe(ends);
    char byte, path[LONGEST_PATH];
    if (error) return complain("docker", name, error);
    path_of(path, name, "exit");
    unlink(path);
    int shim = fork();
    if (shim < 0) return complain("docker", "fork", shim);
    if (shim == 0) {
        close(ends[0]);
        if (!attached) system_call(SYS_setsid);
        leave(live(name, attached, ends[1]));
    }
    close(ends[1]);
    on_signal(SIGINT, (signal_handler)SIG_IGN, 0); /* it is the container's */
    bool runs = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    return attached || !runs ? await(shim) : 0;
}
