/* Who the program of a container is: namespaces, user, capabilities, limits, environment. OCI runtime specification,
   config.md, "Process", config-linux.md, "Namespaces". */
#include "crun.h"

/* Names of the specification, in the order of `kinds`. */
static const char *const kind_names[] = {"mount", "uts", "ipc", "network", "pid", "user", "cgroup", "time"};

static const struct kind *kind_of(const char *name) {
    for (u32 k = 0; k < COUNT(kind_names); k++)
        if (text_compare(kind_names[k], name) == 0) return &kinds[k];
    return NULL;
}

int wanted_namespaces(struct json *config) {
    struct json *list = json_at(config, "linux.namespaces");
    int flags = 0;
    for (struct json *each = list ? list->first : NULL; each; each = each->next) {
        const struct kind *kind = kind_of(json_text(each, "type", ""));
        if (kind && !json_at(each, "path")) flags |= kind->flag;
    }
    return flags;
}

const char *join_given(struct json *config, int *error) {
    struct json *list = json_at(config, "linux.namespaces");
    for (struct json *each = list ? list->first : NULL; each; each = each->next) {
        const char *path = json_text(each, "path", NULL);
        if (!path) continue;
        trace("[child] setns %s\n", path);
        int file = open(path, O_RDONLY, 0);
        *error = file < 0 ? file : system_call(SYS_setns, file, 0);
        if (file >= 0) close(file);
        if (*error) return path;
    }
    return NULL;
}

/* In the order of their numbers. include/uapi/linux/capability.h */
static const char *const capabilities[] = {
    "CHOWN",        "DAC_OVERRIDE",    "DAC_READ_SEARCH", "FOWNER",        "FSETID",     "KILL",           "SETGID",
    "SETUID",       "SETPCAP",         "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
    "IPC_LOCK",     "IPC_OWNER",       "SYS_MODULE",      "SYS_RAWIO",     "SYS_CHROOT", "SYS_PTRACE",     "SYS_PACCT",
    "SYS_ADMIN",    "SYS_BOOT",        "SYS_NICE",        "SYS_RESOURCE",  "SYS_TIME",   "SYS_TTY_CONFIG", "MKNOD",
    "LEASE",        "AUDIT_WRITE",     "AUDIT_CONTROL",   "SETFCAP",       "MAC_OVERRIDE", "MAC_ADMIN",    "SYSLOG",
    "WAKE_ALARM",   "BLOCK_SUSPEND",   "AUDIT_READ",      "PERFMON",       "BPF",        "CHECKPOINT_RESTORE",
};

struct set {
    u32 low, high;
};

static struct set set_of(struct json *config, const char *path) {
    struct set set = {0, 0};
    struct json *list = json_at(config, path);
    char name[40];
    for (u32 k = 0; k < COUNT(capabilities); k++) {
        format_into(name, sizeof name, "CAP_%s", capabilities[k]);
        if (!json_has(list, name)) continue;
        if (k < 32)
            set.low |= 1u << k;
        else
            set.high |= 1u << (k - 32);
    }
    return set;
}

static int drop_bounding(struct set keep) {
    for (u32 k = 0; k < COUNT(capabilities); k++) {
        int error = (k < 32 ? keep.low >> k : keep.high >> (k - 32)) & 1 ? 0 : system_call(SYS_prctl, PR_CAPBSET_DROP, k);
        if (error) return error;
    }
    return 0;
}

static int set_capabilities(struct json *config) {
    const u32 header[] = {0x20080522, 0};
    struct set effective = set_of(config, "process.capabilities.effective");
    struct set permitted = set_of(config, "process.capabilities.permitted");
    struct set inheritable = set_of(config, "process.capabilities.inheritable");
    const u32 sets[] = {effective.low, permitted.low, inheritable.low, effective.high, permitted.high, inheritable.high};
    trace("[child] capset %08x%08x\n", effective.high, effective.low);
    return system_call(SYS_capset, header, sets);
}

static const char *set_limits(struct json *config, int *error) {
    static const char *const names[] = {"CPU",     "FSIZE", "DATA",  "STACK",      "CORE",     "RSS",  "NPROC",  "NOFILE",
                                        "MEMLOCK", "AS",    "LOCKS", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME"};
    static char type[40];
    struct json *list = json_at(config, "process.rlimits");
    for (struct json *each = list ? list->first : NULL; each; each = each->next) {
        const u32 values[] = {json_number(each, "soft", ~0u), json_number(each, "hard", ~0u)};
        u32 k = 0;
        do format_into(type, sizeof type, "RLIMIT_%s", names[k]);
        while (text_compare(type, json_text(each, "type", "")) != 0 && ++k < COUNT(names));
        *error = k == COUNT(names) ? -EINVAL : system_call(SYS_setrlimit, k, values);
        if (*error) return json_text(each, "type", "process.rlimits");
    }
    return NULL;
}

const char *become_user(struct json *config, int *error) {
    u32 user = json_number(config, "process.user.uid", 0), group = json_number(config, "process.user.gid", 0);
    int groups[32], count = 0;
    struct json *more = json_at(config, "process.user.additionalGids");
    for (struct json *each = more ? more->first : NULL; each && count < 32; each = each->next)
        groups[count++] = (int)number_from(each->text, 0);
    const char *what = set_limits(config, error);
    if (what) return what;
    struct json *given = json_at(config, "process.capabilities");
    if (given && (*error = drop_bounding(set_of(config, "process.capabilities.bounding")))) return "capabilities.bounding";
    if ((*error = system_call(SYS_setgroups, count, groups)) && count > 0) return "process.user.additionalGids";
    if ((*error = system_call(SYS_setgid, group))) return "process.user.gid";
    system_call(SYS_prctl, PR_SET_KEEPCAPS, 1);
    if ((*error = system_call(SYS_setuid, user))) return "process.user.uid";
    system_call(SYS_prctl, PR_SET_KEEPCAPS, 0);
    if (given && (*error = set_capabilities(config))) return "process.capabilities";
    if (json_at(config, "process.user.umask")) system_call(SYS_umask, json_number(config, "process.user.umask", 022));
    if (json_true(config, "process.noNewPrivileges") && (*error = system_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)))
        return "process.noNewPrivileges";
    *error = change_directory(json_text(config, "process.cwd", "/"));
    return *error ? "process.cwd" : NULL;
}

const char *find_program(struct json *config, const char *name) {
    static char path[LONGEST_PATH];
    const char *folders = "/bin:/usr/bin";
    struct json *list = json_at(config, "process.env");
    if (text_find(name, '/')) return name;
    for (struct json *each = list ? list->first : NULL; each; each = each->next)
        if (memcmp(each->text, "PATH=", 5) == 0) folders = each->text + 5;
    while (*folders) {
        u32 length = 0;
        while (folders[length] && folders[length] != ':') length++;
        char folder[LONGEST_PATH];
        memcpy(folder, folders, length);
        folder[length] = 0;
        format_into(path, sizeof path, "%s/%s", folder, name);
        if (system_call(SYS_access, path, 1) == 0) return path;
        folders += length + (folders[length] == ':');
    }
    return NULL;
}

int execute_in(struct json *config, const char *path, const char *const words[]) {
    static const char *texts[128];
    json_texts(config, "process.env", texts, COUNT(texts));
    environment = (char **)texts;
    return execute(path, (char *const *)words);
}
