/* The control group of a container: made, limited, entered, removed. OCI runtime specification, config-linux.md,
   "Control groups"; values of version 1 are turned into those of version 2 as crun does. */
#include "crun.h"

static void path_of(char *path, const char *name, const char *file) {
    format_into(path, LONGEST_PATH, GROUPS "/%s%s%s", name, *file ? "/" : "", file);
}

static int set(const char *name, const char *file, const char *value) {
    char path[LONGEST_PATH];
    path_of(path, name, file);
    trace("%s/%s = %s\n", name, file, value);
    int error = write_file(path, value);
    return error ? complain("crun", path, error) : 0;
}

/* −1 and 0 mean none in the values of version 1. */
static const char *limit(const char *text) { return text[0] == '-' || text_compare(text, "0") == 0 ? "max" : text; }

int make_group(const struct container *container) {
    char path[LONGEST_PATH], text[48];
    const char *name = container->name;
    struct json *given = json_at(container->config, "linux.resources");
    path_of(path, name, "");
    trace("mkdir %s\n", path);
    int error = make_directory(path, 0755);
    if (error && error != -EEXIST) return complain("crun", path, error);
    const char *memory = json_text(given, "memory.limit", NULL), *pids = json_text(given, "pids.limit", NULL);
    const char *quota = json_text(given, "cpu.quota", NULL), *cpus = json_text(given, "cpu.cpus", NULL);
    u32 shares = json_number(given, "cpu.shares", 0);
    if (memory && set(name, "memory.max", limit(memory))) return 1;
    if (pids && set(name, "pids.max", limit(pids))) return 1;
    if (shares > 0) {
        u32 bounded = shares < 2 ? 2 : shares > 262144 ? 262144 : shares;
        format_into(text, sizeof text, "%u", 1 + (bounded - 2) * 9999 / 262142);
        if (set(name, "cpu.weight", text)) return 1;
    }
    if (quota) {
        format_into(text, sizeof text, "%s %s", limit(quota), json_text(given, "cpu.period", "100000"));
        if (set(name, "cpu.max", text)) return 1;
    }
    if (cpus && set(name, "cpuset.cpus", cpus)) return 1;
    struct json *unified = json_at(given, "unified");
    for (struct json *each = unified ? unified->first : NULL; each; each = each->next)
        if (each->text && set(name, each->name, each->text)) return 1;
    return 0;
}

int enter_group(const char *name) {
    char path[LONGEST_PATH];
    path_of(path, name, "cgroup.procs");
    trace("[child] cgroup.procs = 0\n");
    return write_file(path, "0");
}

int remove_group(const char *name) {
    char path[LONGEST_PATH];
    path_of(path, name, "");
    trace("rmdir %s\n", path);
    return remove_directory(path);
}

void kill_group(const char *name) {
    char path[LONGEST_PATH], text[1024];
    path_of(path, name, "cgroup.procs");
    if (read_file(path, text, sizeof text) < 0) return;
    for (const char *at = text; *at;) {
        send_signal((int)number_from(at, 0), SIGKILL);
        const char *end = text_find(at, '\n');
        at = end ? end + 1 : "";
    }
}
