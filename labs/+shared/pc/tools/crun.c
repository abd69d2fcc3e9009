/* crun [--debug] [--log FILE] create | start | run | state | list | exec | kill | delete | spec: runs containers as the
   OCI runtime specification has it (runtime.md). A bundle is a directory with config.json and a root file system.
   --debug tells of every step that the kernel is asked for, --log does so in a file. */
#include "crun/crun.h"

int log_file = -1;

static char text[16384]; /* of the configuration */

static void path_in(char *path, const char *name, const char *file) {
    format_into(path, LONGEST_PATH, STATES "/%s%s%s", name, *file ? "/" : "", file);
}

int read_bundle(struct container *container) {
    char path[LONGEST_PATH];
    format_into(path, sizeof path, "%s/config.json", container->bundle);
    int length = read_file(path, text, sizeof text);
    if (length < 0) return complain("crun", path, length);
    container->config = json_read(text);
    if (!container->config) return complain("crun", path, -EINVAL);
    return 0;
}

/* ---- what is known of containers ---- */

/* Two lines: the pid and the bundle. */
static int recall(struct container *container) {
    char path[LONGEST_PATH], known[LONGEST_PATH + 16];
    path_in(path, container->name, "status");
    int length = read_file(path, known, sizeof known);
    if (length < 0) return print_to(2, "crun: %s: there is no such container\n", container->name), 1;
    char *cut = text_find(known, '\n');
    container->pid = (int)number_from(known, 0);
    format_into(container->bundle, LONGEST_PATH, "%s", cut ? cut + 1 : "");
    return 0;
}

static int remember(const struct container *container) {
    char path[LONGEST_PATH], known[LONGEST_PATH + 16];
    path_in(path, container->name, "status");
    format_into(known, sizeof known, "%d\n%s", container->pid, container->bundle);
    return write_file(path, known);
}

static const char *status_of(const struct container *container) {
    char path[LONGEST_PATH], stat[256];
    format_into(path, sizeof path, "/proc/%d/stat", container->pid);
    if (container->pid == 0 || read_file(path, stat, sizeof stat) < 0) return "stopped";
    char *state = text_find(stat, ')');
    if (!state || state[2] == 'Z') return "stopped";
    path_in(path, container->name, "exec.fifo");
    if (exists(path)) return "created";
    format_into(path, sizeof path, GROUPS "/%s/cgroup.freeze", container->name);
    return read_file(path, stat, sizeof stat) > 0 && stat[0] == '1' ? "paused" : "running";
}

/* ---- commands: each is given the words behind its own name ---- */

static int usage(void) {
    print_to(2, "usage: crun [--debug] [--log FILE] create|run [-b BUNDLE] NAME, start|state|delete [-f] NAME, kill NAME [SIGNAL],\n"
                "       exec NAME PROGRAM ARGUMENTS, list, spec\n");
    return 2;
}

/* Takes an option with a value from the front; null if another word stands there. */
static const char *option(int *count, char ***words, const char *name) {
    if (*count < 2 || text_compare(**words, name) != 0) return NULL;
    const char *value = (*words)[1];
    *count -= 2, *words += 2;
    return value;
}

static bool flag(int *count, char ***words, const char *name) {
    if (*count < 1 || text_compare(**words, name) != 0) return false;
    --*count, ++*words;
    return true;
}

/* What would go unnoticed if it were passed over. */
static int refuse_unserved(struct json *config) {
    static const char *const unserved[] = {"linux.seccomp", "linux.uidMappings", "linux.gidMappings", "linux.devices",
                                           "linux.sysctl", "linux.timeOffsets"};
    for (u32 k = 0; k < COUNT(unserved); k++)
        if (json_at(config, unserved[k])) return print_to(2, "crun: %s is not served here\n", unserved[k]), 1;
    if (!(wanted_namespaces(config) & CLONE_NEWUSER)) return 0;
    return print_to(2, "crun: linux.namespaces: user is not served here\n"), 1;
}

static int create(int count, char **words) {
    struct container container = {.bundle = ""};
    char path[LONGEST_PATH];
    const char *bundle = option(&count, &words, "-b");
    if (count != 1) return usage();
    container.name = words[0];
    if (bundle)
        format_into(container.bundle, LONGEST_PATH, "%s", bundle);
    else if (system_call(SYS_getcwd, container.bundle, LONGEST_PATH) < 0)
        return complain("crun", "getcwd", -EINVAL);
    path_in(path, container.name, "");
    if (exists(path)) return print_to(2, "crun: %s: there is such a container\n", container.name), 1;
    if (read_bundle(&container) || refuse_unserved(container.config)) return 1;
    int error = make_path(path);
    if (error) return complain("crun", path, error);
    if (make_group(&container)) return 1;
    path_in(path, container.name, "exec.fifo");
    if (make_first(&container, path)) {
        kill_group(container.name);
        if (container.pid > 0) wait_for(container.pid, NULL, 0);
        remove_group(container.name);
        path_in(path, container.name, "");
        remove_tree(path);
        return 1;
    }
    return remember(&container) ? 1 : 0;
}

static int start(int count, char **words) {
    struct container container = {.name = count == 1 ? words[0] : ""};
    char path[LONGEST_PATH];
    if (count != 1) return usage();
    if (recall(&container) || read_bundle(&container)) return 1;
    if (text_compare(status_of(&container), "created") != 0)
        return print_to(2, "crun: %s is %s\n", container.name, status_of(&container)), 1;
    path_in(path, container.name, "exec.fifo");
    int fifo = open(path, O_WRONLY | O_NONBLOCK, 0);
    int error = fifo < 0 ? fifo : write(fifo, "0", 1);
    if (error < 0) return complain("crun", path, error);
    close(fifo);
    /* As long as the first process has its end, its own hooks are not through. */
    while ((fifo = open(path, O_WRONLY | O_NONBLOCK, 0)) >= 0) {
        close(fifo);
        pause_for(1);
    }
    unlink(path);
    return run_hooks(&container, "poststart", "running");
}

static int state(int count, char **words) {
    struct container container = {.name = count == 1 ? words[0] : ""};
    if (count != 1) return usage();
    if (recall(&container)) return 1;
    put_state(1, &container, status_of(&container));
    return 0;
}

static int show(const char *path, const char *name, void *context) {
    struct container container = {.name = name};
    (void)path, (void)context;
    if (recall(&container)) return 0;
    print("%-12s %5d %-8s %s\n", name, container.pid, status_of(&container), container.bundle);
    return 0;
}

static int list(int count, char **words) {
    (void)words;
    if (count != 0) return usage();
    print("%-12s %5s %-8s %s\n", "NAME", "PID", "STATUS", "BUNDLE");
    int error = each_entry(STATES, show, NULL);
    return error == -ENOENT ? 0 : error;
}

static int kill_first(int count, char **words) {
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"HUP", SIGHUP}, {"INT", SIGINT}, {"KILL", SIGKILL}, {"TERM", SIGTERM}, {"USR1", SIGUSR1},
                   {"USR2", SIGUSR2}, {"STOP", SIGSTOP}, {"CONT", SIGCONT}};
    if (count < 1 || count > 2) return usage();
    struct container container = {.name = words[0]};
    const char *given = count == 2 ? words[1] : "TERM";
    int signal = (int)number_from(given, 0);
    for (u32 k = 0; k < COUNT(signals); k++)
        if (text_compare(signals[k].name, memcmp(given, "SIG", 3) == 0 ? given + 3 : given) == 0) signal = signals[k].number;
    if (signal == 0) return complain("crun", given, -EINVAL);
    if (recall(&container)) return 1;
    trace("kill %d, signal %d\n", container.pid, signal);
    int error = send_signal(container.pid, signal);
    return error ? complain("crun", container.name, error) : 0;
}

static int delete(int count, char **words) {
    char path[LONGEST_PATH];
    bool force = flag(&count, &words, "-f");
    if (count != 1) return usage();
    struct container container = {.name = words[0]};
    path_in(path, container.name, "");
    if (force && !exists(path)) return 0;
    if (recall(&container)) return 1;
    const char *status = status_of(&container);
    if (read_bundle(&container)) return 1;
    if (text_compare(status, "stopped") != 0) {
        if (!force) return print_to(2, "crun: %s is %s: kill it first\n", container.name, status), 1;
        kill_group(container.name);
        for (int k = 0; k < 100 && text_compare(status_of(&container), "stopped") != 0; k++) pause_for(1);
    }
    remove_group(container.name);
    path_in(path, container.name, "");
    int error = remove_tree(path);
    run_hooks(&container, "poststop", "stopped"); /* "log a warning, but continue" */
    return error ? complain("crun", path, error) : 0;
}

/* ---- into one that runs ---- */

static void be_another(const struct container *container, const int files[], const char *const words[])
    __attribute__((noreturn));
static void be_another(const struct container *container, const int files[], const char *const words[]) {
    struct json *config = container->config;
    int error = enter_group(container->name);
    /* The mounts last: with them goes /proc. */
    for (u32 k = COUNT(kinds); k-- > 0 && !error;)
        if (files[k] >= 0 && kinds[k].flag != CLONE_NEWPID) {
            trace("[child] setns %s\n", kinds[k].name);
            error = system_call(SYS_setns, files[k], kinds[k].flag);
        }
    if (error) leave(complain("crun", container->name, error));
    const char *program = find_program(config, words[0]), *what = become_user(config, &error);
    if (what) leave(complain("crun", what, error));
    error = program ? execute_in(config, program, words) : -ENOENT;
    complain("crun", words[0], error);
    leave(error == -ENOENT ? 127 : 126);
}

static int execute_inside(int count, char **words) {
    int files[COUNT(kinds)], status = 0;
    if (count < 2) return usage();
    struct container container = {.name = words[0]};
    if (recall(&container) || read_bundle(&container)) return 1;
    if (text_compare(status_of(&container), "running") != 0)
        return print_to(2, "crun: %s is %s\n", container.name, status_of(&container)), 1;
    for (u32 k = 0; k < COUNT(kinds); k++) {
        char path[64], own[64], here[64];
        format_into(path, sizeof path, "/proc/%d/ns/%s", container.pid, kinds[k].name);
        int length = system_call(SYS_readlink, path, own, sizeof own - 1);
        own[length < 0 ? 0 : length] = 0;
        format_into(here, sizeof here, "/proc/self/ns/%s", kinds[k].name);
        char mine[64];
        length = system_call(SYS_readlink, here, mine, sizeof mine - 1);
        mine[length < 0 ? 0 : length] = 0;
        files[k] = text_compare(own, mine) == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC, 0);
        if (kinds[k].flag == CLONE_NEWPID && files[k] >= 0) {
            trace("setns pid: of children\n");
            int error = system_call(SYS_setns, files[k], CLONE_NEWPID);
            if (error) return complain("crun", path, error);
        }
    }
    int child = fork();
    if (child == 0) be_another(&container, files, (const char *const *)words + 1);
    if (child < 0) return complain("crun", "fork", child);
    while (wait_for(child, &status, 0) == -EINTR) continue;
    return EXITED(status) ? EXIT_STATUS(status) : 128 + END_SIGNAL(status);
}

static int run_all(int count, char **words) {
    int status = 0;
    if (count < 1) return usage();
    char **name = words + count - 1;
    struct container container = {.name = *name};
    if (create(count, words)) return 1;
    if (recall(&container) || start(1, name)) return 1;
    while (wait_for(container.pid, &status, 0) == -EINTR) continue;
    delete (1, name);
    return EXITED(status) ? EXIT_STATUS(status) : 128 + END_SIGNAL(status);
}

static int spec(int count, char **words) {
    (void)words;
    if (count != 0) return usage();
    if (exists("config.json")) return complain("crun", "config.json", -EEXIST);
    int error = write_file(
        "config.json",
        "{\n  \"ociVersion\": \"1.2.0\",\n"
        "  \"process\": {\n    \"args\": [\"sh\"],\n    \"env\": [\"PATH=/bin\", \"TERM=dumb\"],\n    \"cwd\": \"/\",\n"
        "    \"user\": { \"uid\": 0, \"gid\": 0 },\n    \"capabilities\": {\n"
        "      \"bounding\": [\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"],\n"
        "      \"effective\": [\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"],\n"
        "      \"permitted\": [\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"]\n    },\n"
        "    \"noNewPrivileges\": true\n  },\n"
        "  \"root\": { \"path\": \"rootfs\", \"readonly\": true },\n  \"hostname\": \"crun\",\n"
        "  \"mounts\": [\n    { \"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\" },\n"
        "    { \"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"nosuid\", \"mode=755\"] }\n"
        "  ],\n  \"linux\": {\n    \"namespaces\": [\n      { \"type\": \"pid\" }, { \"type\": \"network\" }, { \"type\": \"ipc\" },\n"
        "      { \"type\": \"uts\" }, { \"type\": \"mount\" }, { \"type\": \"cgroup\" }\n    ]\n  }\n}\n");
    return error ? complain("crun", "config.json", error) : 0;
}

int main(int count, char **words) {
    static const struct {
        const char *name;
        int (*run)(int count, char **words);
    } commands[] = {{"create", create}, {"start", start}, {"run", run_all},        {"state", state}, {"list", list},
                    {"kill", kill_first}, {"delete", delete}, {"exec", execute_inside}, {"spec", spec}};
    count--, words++;
    if (flag(&count, &words, "--debug")) log_file = 2;
    const char *log = option(&count, &words, "--log");
    if (log && (log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) < 0)
        return complain("crun", log, log_file);
    if (count < 1) return usage();
    for (u32 k = 0; k < COUNT(commands); k++)
        if (text_compare(commands[k].name, words[0]) == 0) return commands[k].run(count - 1, words + 1);
    return usage();
}
