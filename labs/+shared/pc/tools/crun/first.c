/* The first process of a container: born into its namespaces, it puts its tree together, and waits to be started. */
#include "crun.h"

/* Tells crun, which waits, what went wrong. */
static void give_up(int report, const char *what, int error) __attribute__((noreturn));
static void give_up(int report, const char *what, int error) {
    print_to(report, "%s: %s (%d)", what, error_text(error), error < 0 ? -error : error);
    leave(1);
}

static void name_host(struct json *config, int report) {
    const char *host = json_text(config, "hostname", NULL), *domain = json_text(config, "domainname", NULL);
    int error = 0;
    if (host) {
        trace("[child] sethostname %s\n", host);
        error = system_call(SYS_sethostname, host, text_length(host));
    }
    if (!error && domain) error = system_call(SYS_setdomainname, domain, text_length(domain));
    if (error) give_up(report, "hostname", error);
}

/* Its tree is there, but not yet its root: crun has its hooks' turn, and says which pid it sees. Then the container's
   own have theirs. runtime.md, "Lifecycle", 3 to 5. */
static void have_hooks_run(struct container *container, int report, int gate) {
    int error;
    write(report, "+", 1);
    while ((error = read(gate, (char *)&container->pid, sizeof container->pid)) == -EINTR) continue;
    if (error < 0) give_up(report, "exec.fifo", error);
    if (run_hooks(container, "createContainer", "creating")) give_up(report, "hooks.createContainer", -ECHILD);
}

static void be_first(struct container *container, int report, int gate) __attribute__((noreturn));
static void be_first(struct container *container, int report, int gate) {
    struct json *config = container->config;
    const char *words[64], *what;
    int error = enter_group(container->name);
    if (error) give_up(report, "cgroup.procs", error);
    if (wanted_namespaces(config) & CLONE_NEWCGROUP) {
        trace("[child] unshare cgroup\n");
        if ((error = system_call(SYS_unshare, CLONE_NEWCGROUP))) give_up(report, "linux.namespaces: cgroup", error);
    }
    if (wanted_namespaces(config) & CLONE_NEWUTS) name_host(config, report);
    if ((what = make_root(container, &error))) give_up(report, what, error);
    have_hooks_run(container, report, gate);
    if ((what = enter_root(config, &error))) give_up(report, what, error);
    if (json_texts(config, "process.args", words, COUNT(words)) == 0) give_up(report, "process.args", -EINVAL);
    const char *program = find_program(config, words[0]);
    if (!program || !exists(program)) give_up(report, words[0], -ENOENT);
    if ((what = become_user(config, &error))) give_up(report, what, error);
    write(report, "+", 1);
    close(report);
    char byte;
    on_signal(SIGINT, (signal_handler)SIG_DFL, 0);
    trace("[child] waits for start, then execve %s\n", program);
    while ((error = read(gate, &byte, 1)) == -EINTR) continue;
    /* It closes with execve: that is how `start` learns that the hooks are through. */
    if (run_hooks(container, "startContainer", "created")) leave(1);
    leave(complain("crun", words[0], execute_in(config, program, words)));
}

/* Waits for the first process's word that it is so far; else complains as it says, or that it has ended. */
static int hear(int report) {
    char wrong[256];
    u32 length = 0;
    int got = read(report, wrong, 1);
    if (got == 1 && wrong[0] == '+') return 0;
    for (; got > 0 && length + (u32)got < sizeof wrong - 1; got = read(report, wrong + length, sizeof wrong - 1 - length))
        length += (u32)got;
    if (length == 0) length = format_into(wrong, sizeof wrong, "the first process ended before it was ready");
    wrong[length] = 0;
    print_to(2, "crun: %s\n", wrong);
    return -EINVAL;
}

static int let_on(const struct container *container, int gate) {
    if (run_hooks(container, "prestart", "creating") || run_hooks(container, "createRuntime", "creating")) return -ECHILD;
    int written = write(gate, (const char *)&container->pid, sizeof container->pid);
    return written < 0 ? complain("crun", "exec.fifo", written), written : 0;
}

int make_first(struct container *container, const char *fifo) {
    int ends[2], error, flags = wanted_namespaces(container->config) & ~CLONE_NEWCGROUP;
    const char *what = join_given(container->config, &error);
    if (what) return complain("crun", what, error), error;
    if ((error = make_pipe(ends))) return error;
    if ((error = system_call(SYS_mknod, fifo, S_IFIFO | 0600, 0))) return complain("crun", fifo, error), error;
    /* Both ends: opening does not wait, and nobody else's leaving ends it. */
    int gate = open(fifo, O_RDWR | O_CLOEXEC, 0);
    if (gate < 0) return complain("crun", fifo, gate), gate;
    trace("clone, new:");
    for (u32 k = 0; k < COUNT(kinds); k++)
        if (log_file >= 0 && flags & kinds[k].flag) print_to(log_file, " %s", kinds[k].name);
    if (log_file >= 0) print_to(log_file, "\n");
    int pid = system_call(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) {
        close(ends[0]);
        be_first(container, ends[1], gate);
    }
    close(ends[1]);
    if (pid < 0) return complain("crun", "clone", pid), pid;
    container->pid = pid;
    if (!(error = hear(ends[0])) && !(error = let_on(container, gate))) error = hear(ends[0]);
    close(ends[0]);
    close(gate);
    return error;
}
