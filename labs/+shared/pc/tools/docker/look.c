/* What is known of containers: those there are, what they have written, use, and changed. */
#include "docker.h"

/* ---- ps ---- */

static void put_status(char *to, u32 size, const char *name) {
    char path[LONGEST_PATH], frozen[8];
    format_into(path, sizeof path, GROUPS "/%s/cgroup.freeze", name);
    int status = exit_status(name);
    if (is_running(name))
        format_into(to, size, read_file(path, frozen, sizeof frozen) > 0 && frozen[0] == '1' ? "Up (Paused)" : "Up");
    else if (status < 0)
        format_into(to, size, "Created");
    else
        format_into(to, size, "Exited (%d)", status);
}

static int show_container(const char *path, const char *name, void *all) {
    char status[32], command[64];
    (void)path;
    if (!*(bool *)all && !is_running(name)) return 0;
    put_status(status, sizeof status, name);
    struct json *record = container_record(name), *list = json_at(record, "Command");
    u32 used = 0;
    command[0] = 0;
    for (struct json *word = list ? list->first : NULL; word; word = word->next)
        used += format_into(command + used, sizeof command - used, "%s%s", used ? " " : "", word->text);
    if (used > 20) command[17] = command[18] = command[19] = '.', command[20] = 0;
    print("%-12s  %-14s  %-20s  %-11s  %s\n", json_text(record, "Id", ""), json_text(record, "Image", ""), command, status, name);
    return 0;
}

int docker_ps(int count, char **words) {
    bool all = false;
    const struct option options[] = {{"all", 'a', FLAG, &all}};
    if (take_options(count, words, options, COUNT(options)) < 0) return 1;
    print("%-12s  %-14s  %-20s  %-11s  %s\n", "CONTAINER ID", "IMAGE", "COMMAND", "STATUS", "NAMES");
    each_entry(CONTAINERS, show_container, &all);
    return 0;
}

/* ---- logs ---- */

int docker_logs(int count, char **words) {
    bool follow = false;
    char path[LONGEST_PATH], piece[512];
    const struct option options[] = {{"follow", 'f', FLAG, &follow}};
    int at = take_options(count, words, options, COUNT(options)), got;
    if (at < 0) return 1;
    if (at + 1 != count) return refuse("logs", "needs a container");
    const char *name = find_container(words[at]);
    if (!name) return 1;
    format_into(path, sizeof path, CONTAINERS "/%s/log", name);
    int log = open(path, O_RDONLY, 0);
    if (log < 0) return 0; /* it has written nothing yet */
    for (bool more = true; more; pause_for(follow ? 10 : 0)) {
        more = follow && is_running(name);
        while ((got = read(log, piece, sizeof piece)) > 0) write(1, piece, (u32)got);
    }
    return 0;
}

/* ---- stats ---- */

static u32 group_number(const char *name, const char *file, const char *row) {
    char path[LONGEST_PATH], text[512];
    format_into(path, sizeof path, GROUPS "/%s/%s", name, file);
    if (read_file(path, text, sizeof text) < 0) return 0;
    u32 length = text_length(row);
    for (char *line = text; line; line = text_find(line, '\n'), line = line ? line + 1 : NULL)
        if (memcmp(line, row, length) == 0) return number_from(line + length, ~0u);
    return 0;
}

#define MOST_SHOWN 64
struct usage {
    const char *names[MOST_SHOWN];
    u32 before[MOST_SHOWN], count;
};

static int sample(const char *path, const char *name, void *context) {
    struct usage *usage = context;
    (void)path;
    if (!is_running(name) || usage->count == MOST_SHOWN) return 0;
    usage->names[usage->count] = keep(name);
    usage->before[usage->count++] = group_number(name, "cpu.stat", "usage_usec ");
    return 0;
}

/* Processor time of a tenth of a second. */
int docker_stats(int count, char **words) {
    static struct usage usage;
    char limit[16];
    (void)words;
    if (count != 0 && text_compare(words[0], "--no-stream") != 0) return refuse("stats", "takes no words");
    each_entry(CONTAINERS, sample, &usage);
    u32 from = milliseconds();
    pause_for(100);
    print("%-16s %6s %10s / %-10s %5s\n", "NAME", "CPU %", "MEM USAGE", "LIMIT", "PIDS");
    for (u32 k = 0; k < usage.count; k++) {
        const char *name = usage.names[k];
        u32 spent = group_number(name, "cpu.stat", "usage_usec ") - usage.before[k], passed = milliseconds() - from;
        u32 permille = passed ? spent / passed : 0;
        u32 most = group_number(name, "memory.max", "");
        if (most == ~0u || most == 0)
            format_into(limit, sizeof limit, "none");
        else
            format_into(limit, sizeof limit, "%u kB", most >> 10);
        print("%-16s %4u.%u %7u kB / %-10s %5u\n", name, permille / 10, permille % 10,
              group_number(name, "memory.current", "") >> 10, limit, group_number(name, "pids.current", ""));
    }
    return 0;
}

/* ---- inspect ---- */

static int show_file(const char *path) {
    char piece[512];
    int file = open(path, O_RDONLY, 0), got;
    if (file < 0) return file;
    while ((got = read(file, piece, sizeof piece)) > 0) write(1, piece, (u32)got);
    return close(file);
}

int docker_inspect(int count, char **words) {
    static const char *const files[] = {"container.json", "config.json"};
    char path[LONGEST_PATH];
    if (count != 1) return refuse("inspect", "needs a container or an image");
    format_into(path, sizeof path, text_find(words[0], ':') ? IMAGES "/%s" : IMAGES "/%s:latest", words[0]);
    for (char *c = path + sizeof IMAGES; *c; c++)
        if (*c == '/') *c = '+';
    if (show_file(path) == 0) return 0;
    const char *name = find_container(words[0]);
    if (!name) return 1;
    for (u32 k = 0; k < COUNT(files); k++) {
        format_into(path, sizeof path, CONTAINERS "/%s/%s", name, files[k]);
        int error = show_file(path);
        if (error) return complain("docker", path, error);
    }
    return 0;
}

/* ---- diff ---- */

struct walk {
    const char *const *layers; /* the lowest first */
    u32 top;                   /* bytes of the paths that belong to the layer itself */
};

/* A: it is new. C: it stands over one of a lower layer. D: a mark that it is gone. */
static int show_change(const char *path, const char *name, void *context) {
    const struct walk *walk = context;
    const char *inside = path + walk->top;
    char below[LONGEST_PATH];
    struct stat64 stat;
    bool over = false;
    (void)name;
    for (const char *const *layer = walk->layers; *layer; layer++) {
        format_into(below, sizeof below, "%s%s", *layer, inside);
        over |= exists(below);
    }
    system_call(SYS_lstat64, path, &stat);
    bool gone = S_ISCHR(stat.st_mode) && stat.st_rdev == 0;
    print("%c %s\n", gone ? 'D' : over ? 'C' : 'A', inside);
    return S_ISDIR(stat.st_mode) ? each_entry(path, show_change, context) : 0;
}

int docker_diff(int count, char **words) {
    const char *layers[MOST_LAYERS];
    char top[LONGEST_PATH];
    if (count != 1) return refuse("diff", "needs a container");
    const char *name = find_container(words[0]);
    if (!name) return 1;
    json_texts(container_record(name), "Layers", layers, MOST_LAYERS);
    struct walk walk = {layers, format_into(top, sizeof top, LAYERS "/%s/diff", name)};
    return each_entry(top, show_change, &walk);
}
