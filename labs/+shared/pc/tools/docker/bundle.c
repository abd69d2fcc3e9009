/* The bundle of a container: config.json for crun, as the wish and the image have it. */
#include "bundle.h"

static int out;
#define put(...) print_to(out, __VA_ARGS__)

/* Docker's default list. docs.docker.com, "Runtime privilege and Linux capabilities". */
static const char *const usual[] = {"CHOWN",  "DAC_OVERRIDE", "FSETID", "FOWNER",  "MKNOD", "NET_RAW", "SETGID",
                                    "SETUID", "SETFCAP",      "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"};
/* What the others are, for --privileged and --cap-add ALL. */
static const char *const unusual[] = {
    "DAC_READ_SEARCH", "LINUX_IMMUTABLE", "NET_BROADCAST", "NET_ADMIN", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE",
    "SYS_RAWIO", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
    "SYS_TTY_CONFIG", "LEASE", "AUDIT_CONTROL", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND",
    "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE"};

static bool among(const char *const list[], const char *name) {
    for (; *list; list++) {
        const char *given = memcmp(*list, "CAP_", 4) == 0 ? *list + 4 : *list;
        if (text_compare(given, name) == 0 || text_compare(given, "ALL") == 0) return true;
    }
    return false;
}

static bool holds(const struct wish *wish, const char *name, bool usually) {
    if (wish->privileged) return true;
    return (usually && !among(wish->drop, name)) || among(wish->add, name);
}

static void put_set(const struct wish *wish, const char *kind, bool last) {
    bool first = true;
    put("      \"%s\": [", kind);
    for (u32 k = 0; k < COUNT(usual) + COUNT(unusual); k++) {
        bool usually = k < COUNT(usual);
        const char *name = usually ? usual[k] : unusual[k - COUNT(usual)];
        if (!holds(wish, name, usually)) continue;
        put("%s\"CAP_%s\"", first ? "" : ", ", name);
        first = false;
    }
    put(last ? "]\n" : "],\n");
}

/* ---- mounts ---- */

/* HOST:PLACE or NAME:PLACE, with :ro behind it or not. */
static int put_volume(const char *given) {
    char source[LONGEST_PATH], place[LONGEST_PATH];
    const char *cut = text_find(given, ':');
    if (!cut || cut[1] != '/') return refuse(given, "is not FROM:/PLACE");
    const char *end = text_find(cut + 1, ':');
    u32 head = (u32)(cut - given), length = end ? (u32)(end - cut - 1) : text_length(cut + 1);
    if (head >= 64 || length >= sizeof place) return refuse(given, "is too long");
    memcpy(place, given, head);
    place[head] = 0;
    format_into(source, sizeof source, place[0] == '/' ? "%s" : VOLUMES "/%s/_data", place);
    int error = place[0] == '/' ? 0 : make_path(source);
    if (!error && !exists(source)) error = make_path(source);
    if (error) return complain("docker", source, error);
    memcpy(place, cut + 1, length);
    place[length] = 0;
    put(",\n    { ");
    json_put_member(out, "destination", place);
    put(", \"type\": \"bind\", ");
    json_put_member(out, "source", source);
    put(", \"options\": [\"rbind\"%s] }", end && text_compare(end, ":ro") == 0 ? ", \"ro\"" : "");
    return 0;
}

static int put_mounts(const struct wish *wish) {
    put("  \"mounts\": [\n    { \"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\", \"options\": [\"nosuid\", "
        "\"noexec\", \"nodev\"] },\n"
        "    { \"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"nosuid\", \"mode=755\"] },\n"
        "    { \"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup2\", \"source\": \"cgroup\", \"options\": [\"nosuid\", "
        "\"noexec\", \"nodev\"%s] }",
        wish->privileged ? "" : ", \"ro\"");
    for (u32 k = 0; wish->volumes[k]; k++)
        if (put_volume(wish->volumes[k])) return 1;
    put("\n  ],\n");
    return 0;
}

/* ---- limits ---- */

/* 64m as bytes; 0 where it is none. */
static u32 bytes_of(const char *text) {
    u32 shift = 0, value = number_from(text, 0);
    while (*text >= '0' && *text <= '9') text++;
    if (*text) shift = *text == 'k' || *text == 'K' ? 10 : *text == 'm' || *text == 'M' ? 20 : *text == 'g' || *text == 'G' ? 30 : 32;
    return shift == 32 || value > ~0u >> shift ? 0 : value << shift;
}

/* 0.5 as a quota of 100 000 microseconds; 0 where it is none. */
static u32 quota_of(const char *text) {
    u32 quota = number_from(text, 0) * 100000;
    while (*text >= '0' && *text <= '9') text++;
    if (*text == '.')
        for (u32 worth = 10000; worth > 0 && *++text >= '0' && *text <= '9'; worth /= 10) quota += (u32)(*text - '0') * worth;
    return *text ? 0 : quota;
}

static int put_resources(const struct wish *wish) {
    bool some = false;
    put("    \"resources\": {");
    if (wish->memory) {
        if (bytes_of(wish->memory) == 0) return refuse(wish->memory, "is no size such as 64m");
        put(" \"memory\": { \"limit\": %u }", bytes_of(wish->memory));
        some = true;
    }
    if (wish->pids) {
        put("%s \"pids\": { \"limit\": %u }", some ? "," : "", number_from(wish->pids, 0));
        some = true;
    }
    if (wish->cpus || wish->shares || wish->cpuset) {
        if (wish->cpus && quota_of(wish->cpus) == 0) return refuse(wish->cpus, "is no number of processors such as 0.5");
        put("%s \"cpu\": {", some ? "," : "");
        if (wish->cpus) put(" \"quota\": %u, \"period\": 100000", quota_of(wish->cpus));
        if (wish->shares) put("%s \"shares\": %u", wish->cpus ? "," : "", number_from(wish->shares, 0));
        if (wish->cpuset) put("%s \"cpus\": \"%s\"", wish->cpus || wish->shares ? "," : "", wish->cpuset);
        put(" }");
    }
    put(" },\n");
    return 0;
}

static int put_linux(const struct wish *wish) {
    put("  \"linux\": {\n");
    if (put_resources(wish)) return 1;
    put("    \"namespaces\": [{ \"type\": \"pid\" }, { \"type\": \"ipc\" }, { \"type\": \"uts\" }, { \"type\": \"mount\" }, "
        "{ \"type\": \"cgroup\" }%s]",
        wish->network && text_compare(wish->network, "host") == 0 ? "" : ", { \"type\": \"network\" }");
    if (!wish->privileged)
        put(",\n    \"maskedPaths\": [\"/proc/kcore\", \"/proc/keys\", \"/proc/timer_list\", \"/sys/firmware\"],\n"
            "    \"readonlyPaths\": [\"/proc/bus\", \"/proc/fs\", \"/proc/irq\", \"/proc/sys\", \"/proc/sysrq-trigger\"]");
    put("\n  }\n");
    return 0;
}

/* ---- the whole ---- */

/* UID or UID:GID. */
static int put_user(const char *user) {
    const char *group = text_find(user, ':');
    if (*user && (*user < '0' || *user > '9')) return refuse(user, "is no number of a user: names are not looked up");
    put("    \"user\": { \"uid\": %u, \"gid\": %u },\n", number_from(user, 0), group ? number_from(group + 1, 0) : 0);
    return 0;
}

static void put_environment(const struct wish *wish, const struct image *image) {
    const char *list[2 * MOST_WORDS + 2];
    u32 count = 0;
    bool path = false;
    for (u32 k = 0; image->environment[k]; k++) path |= memcmp(image->environment[k], "PATH=", 5) == 0;
    if (!path) list[count++] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    for (u32 k = 0; image->environment[k]; k++) list[count++] = image->environment[k];
    for (u32 k = 0; wish->environment[k]; k++) list[count++] = wish->environment[k];
    list[count] = NULL;
    put("    ");
    json_put_list(out, "env", list);
    put(",\n");
}

int write_bundle(const struct wish *wish, const struct image *image, const char *const words[]) {
    char path[LONGEST_PATH];
    format_into(path, sizeof path, CONTAINERS "/%s/config.json", wish->name);
    out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (out < 0) return complain("docker", path, out);
    put("{\n  \"ociVersion\": \"1.2.0\",\n  ");
    json_put_member(out, "hostname", wish->hostname ? wish->hostname : wish->name);
    put(",\n  \"process\": {\n    \"terminal\": false,\n    ");
    json_put_list(out, "args", words);
    put(",\n");
    put_environment(wish, image);
    put("    ");
    json_put_member(out, "cwd", wish->directory ? wish->directory : image->directory);
    put(",\n");
    if (put_user(wish->user ? wish->user : image->user)) return close(out), 1;
    put("    \"capabilities\": {\n");
    put_set(wish, "bounding", false);
    put_set(wish, "effective", false);
    put_set(wish, "permitted", true);
    put("    }\n  },\n  \"root\": { \"path\": \"" LAYERS "/%s/merged\"%s },\n", wish->name,
        wish->read_only ? ", \"readonly\": true" : "");
    int wrong = put_mounts(wish) || put_linux(wish);
    put("}\n");
    close(out);
    return wrong;
}
