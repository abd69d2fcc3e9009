/* Containers: made of an image and a wish, started, removed. */
#include "bundle.h"

static void path_of(char *path, const char *name, const char *file) {
    format_into(path, LONGEST_PATH, CONTAINERS "/%s%s%s", name, *file ? "/" : "", file);
}

struct json *container_record(const char *name) {
    static char text[4096];
    char path[LONGEST_PATH];
    path_of(path, name, "container.json");
    return read_file(path, text, sizeof text) < 0 ? NULL : json_read(text);
}

bool is_running(const char *name) {
    char path[LONGEST_PATH];
    format_into(path, sizeof path, RUNNING "/%s", name);
    return exists(path);
}

int exit_status(const char *name) {
    char path[LONGEST_PATH], text[16];
    path_of(path, name, "exit");
    return read_file(path, text, sizeof text) < 0 ? -1 : (int)number_from(text, 0);
}

struct search {
    const char *given, *found;
};

static int begins_with(const char *path, const char *name, void *context) {
    struct search *search = context;
    (void)path;
    const char *id = json_text(container_record(name), "Id", "");
    if (text_length(search->given) < 3 || memcmp(id, search->given, text_length(search->given)) != 0) return 0;
    search->found = keep(name);
    return 1;
}

const char *find_container(const char *given) {
    char path[LONGEST_PATH];
    struct search search = {given, NULL};
    path_of(path, given, "container.json");
    if (exists(path)) return given;
    each_entry(CONTAINERS, begins_with, &search);
    if (!search.found) refuse(given, "is no container; docker ps -a lists them");
    return search.found;
}

/* ---- making ---- */

/* A name for one that was given none: nobody who is named here had a hand in it. */
static const char *invent_name(void) {
    static const char *const how[] = {"calm", "bold", "keen", "wry", "brisk", "plain"};
    static const char *const who[] = {"creasy", "goldberg", "popek", "corbato", "strachey", "amdahl", "adair", "meyer"};
    char name[32], path[LONGEST_PATH];
    u32 random = 0;
    do {
        system_call(SYS_getrandom, &random, sizeof random, 0);
        format_into(name, sizeof name, "%s_%s", how[(random >> 8) % COUNT(how)], who[(random >> 16) % COUNT(who)]);
        path_of(path, name, "");
    } while (exists(path));
    return keep(name);
}

static bool is_name(const char *name) {
    if (*name == 0 || *name == '.' || *name == '-') return false;
    for (; *name; name++)
        if (!((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || (*name >= '0' && *name <= '9') ||
              text_find("_.-", *name)))
            return false;
    return true;
}

static int write_record(const struct wish *wish, const struct image *image, const char *const words[]) {
    char path[LONGEST_PATH], id[ID];
    random_id(id);
    path_of(path, wish->name, "container.json");
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) return complain("docker", path, file);
    print_to(file, "{ \"Id\": \"%s\", ", id);
    json_put_member(file, "Image", image->name);
    print_to(file, ", ");
    json_put_list(file, "Command", words);
    print_to(file, ", ");
    json_put_list(file, "Layers", image->layers);
    print_to(file, ", \"AutoRemove\": %s, \"Tty\": %s, \"OpenStdin\": %s }\n", wish->remove ? "true" : "false",
             wish->tty ? "true" : "false", wish->interactive ? "true" : "false");
    return close(file);
}

/* The directories of its overlay. What is mounted on comes with a layer of its own, so that it counts as no change. */
static int make_directories(const char *name) {
    static const char *const all[] = {"/diff", "/work", "/merged", "-init/diff/proc", "-init/diff/dev", "-init/diff/sys/fs/cgroup"};
    char path[LONGEST_PATH];
    for (u32 k = 0; k < COUNT(all); k++) {
        format_into(path, sizeof path, LAYERS "/%s%s", name, all[k]);
        int error = make_path(path);
        if (error) return complain("docker", path, error);
    }
    return 0;
}

int make_container(struct wish *wish, struct image *image) {
    const char *words[2 * MOST_WORDS];
    char path[LONGEST_PATH];
    u32 count = 0;
    if (!wish->name) wish->name = invent_name();
    if (!is_name(wish->name)) return refuse(wish->name, "is no name: letters, digits and _ . - make one");
    path_of(path, wish->name, "");
    if (exists(path)) return refuse(wish->name, "is the name of a container already");
    if (wish->entrypoint)
        words[count++] = wish->entrypoint;
    else
        for (u32 k = 0; image->entrypoint[k]; k++) words[count++] = image->entrypoint[k];
    const char **rest = wish->command[0] || wish->entrypoint ? wish->command : image->command;
    for (u32 k = 0; rest[k]; k++) words[count++] = rest[k];
    words[count] = NULL;
    if (count == 0) return refuse(image->name, "says no program, and none was given");
    int error = make_path(path);
    if (error) return complain("docker", path, error);
    if (make_directories(wish->name) || write_bundle(wish, image, words) || write_record(wish, image, words)) {
        remove_container(wish->name);
        return 1;
    }
    return 0;
}

int remove_container(const char *name) {
    static const char *const all[] = {CONTAINERS "/%s", LAYERS "/%s-init", LAYERS "/%s"};
    char path[LONGEST_PATH];
    int status = 0;
    for (u32 k = 0; k < COUNT(all); k++) {
        format_into(path, sizeof path, all[k], name);
        int error = exists(path) ? remove_tree(path) : 0;
        if (error) status = complain("docker", path, error);
    }
    return status;
}

/* ---- commands ---- */

static int take_wish(int count, char **words, struct wish *wish) {
    const struct option options[] = {
        {"name", 0, TEXT, &wish->name},         {"detach", 'd', FLAG, &wish->detach},
        {"interactive", 'i', FLAG, &wish->interactive}, {"tty", 't', FLAG, &wish->tty},
        {"rm", 0, FLAG, &wish->remove},         {"env", 'e', LIST, wish->environment},
        {"volume", 'v', LIST, wish->volumes},   {"workdir", 'w', TEXT, &wish->directory},
        {"hostname", 'h', TEXT, &wish->hostname}, {"user", 'u', TEXT, &wish->user},
        {"memory", 'm', TEXT, &wish->memory},   {"cpus", 0, TEXT, &wish->cpus},
        {"cpu-shares", 'c', TEXT, &wish->shares}, {"cpuset-cpus", 0, TEXT, &wish->cpuset},
        {"pids-limit", 0, TEXT, &wish->pids},   {"cap-add", 0, LIST, wish->add},
        {"cap-drop", 0, LIST, wish->drop},      {"privileged", 0, FLAG, &wish->privileged},
        {"read-only", 0, FLAG, &wish->read_only}, {"network", 0, TEXT, &wish->network},
        {"entrypoint", 0, TEXT, &wish->entrypoint},
    };
    struct image image = {.name = ""};
    int at = take_options(count, words, options, COUNT(options));
    if (at < 0) return 1;
    if (at == count) return refuse("run", "needs an image; docker images lists them");
    if (count - at > MOST_WORDS) return refuse("run", "is given more words than it can pass on");
    if (wish->network && text_compare(wish->network, "none") != 0 && text_compare(wish->network, "host") != 0)
        return refuse(wish->network, "is no network that is known here: none is loopback alone, as without the option; host is the host's");
    for (int k = at + 1; k < count; k++) wish->command[k - at - 1] = words[k];
    return load_image(words[at], &image) || make_container(wish, &image);
}

int docker_create(int count, char **words) {
    struct wish wish = {.name = NULL};
    if (take_wish(count, words, &wish)) return 1;
    print("%s\n", wish.name);
    return 0;
}

int docker_run(int count, char **words) {
    struct wish wish = {.name = NULL};
    if (take_wish(count, words, &wish)) return 125;
    int status = start_container(wish.name, !wish.detach);
    if (wish.detach && status == 0) print("%s\n", wish.name);
    return status;
}

int docker_start(int count, char **words) {
    bool attach = false;
    const struct option options[] = {{"attach", 'a', FLAG, &attach}};
    int at = take_options(count, words, options, COUNT(options));
    if (at < 0) return 1;
    if (at + 1 != count) return refuse("start", "needs a container");
    const char *name = find_container(words[at]);
    if (!name) return 1;
    if (is_running(name)) return refuse(name, "runs already");
    int status = start_container(name, attach);
    if (!attach && status == 0) print("%s\n", name);
    return status;
}

int docker_rm(int count, char **words) {
    bool force = false;
    const struct option options[] = {{"force", 'f', FLAG, &force}};
    int at = take_options(count, words, options, COUNT(options)), status = 0;
    if (at < 0) return 1;
    if (at == count) return refuse("rm", "needs a container");
    for (; at < count; at++) {
        const char *name = find_container(words[at]);
        if (!name) {
            status = 1;
            continue;
        }
        if (is_running(name)) {
            if (!force) {
                status = refuse(name, "runs: stop it first, or use rm -f");
                continue;
            }
            char *kill[] = {(char *)name, NULL};
            if ((status = docker_kill(1, kill))) continue;
        }
        /* One that removes itself may have done so by now. */
        if (!exists(CONTAINERS) || remove_container(name)) status = 1;
    }
    return status;
}
