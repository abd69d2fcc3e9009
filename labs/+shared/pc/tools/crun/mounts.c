/* The tree of a container: its root, what is mounted in it, what is hidden. OCI runtime specification, config.md,
   "Mounts", config-linux.md, "Default Devices", "Masked Paths", "Readonly Paths". */
#include "crun.h"

static const struct {
    const char *name;
    u32 flag;
} options[] = {
    {"ro", MS_RDONLY},   {"nosuid", MS_NOSUID}, {"nodev", MS_NODEV},
    {"noexec", MS_NOEXEC}, {"bind", MS_BIND},   {"rbind", MS_BIND | MS_REC},
};

static int mount(const char *source, const char *target, const char *type, u32 flags, const char *data) {
    trace("[child] mount %s on %s%s%s\n", type ? type : source ? source : "what is there", target, flags & MS_BIND ? ", bind" : "",
          flags & MS_RDONLY ? ", read-only" : "");
    return system_call(SYS_mount, source, target, type, flags, data);
}

/* A file, or a directory, for something to be mounted on. */
static int make_point(const char *path, bool directory) {
    char folder[LONGEST_PATH];
    if (exists(path)) return 0;
    if (directory) return make_path(path);
    u32 length = format_into(folder, sizeof folder, "%s", path);
    while (length > 1 && folder[length] != '/') length--;
    folder[length] = 0;
    int error = make_path(folder);
    int file = error ? error : open(path, O_WRONLY | O_CREAT, 0644);
    return file < 0 ? file : close(file);
}

static int mount_given(const char *root, struct json *given) {
    char target[LONGEST_PATH], data[128] = "";
    const char *type = json_text(given, "type", "none"), *source = json_text(given, "source", type);
    struct stat64 stat = {.st_mode = S_IFDIR};
    u32 flags = 0, used = 0;
    struct json *list = json_at(given, "options");
    for (struct json *option = list ? list->first : NULL; option; option = option->next) {
        u32 k = 0;
        while (k < COUNT(options) && text_compare(options[k].name, option->text) != 0) k++;
        if (k < COUNT(options))
            flags |= options[k].flag;
        else if (text_find(option->text, '='))
            used += format_into(data + used, sizeof data - used, "%s%s", used ? "," : "", option->text);
    }
    format_into(target, sizeof target, "%s%s", root, json_text(given, "destination", "/"));
    int error = flags & MS_BIND ? get_stat(source, &stat) : 0;
    if (!error) error = make_point(target, S_ISDIR(stat.st_mode));
    if (error) return error;
    bool bind = flags & MS_BIND;
    error = mount(source, target, bind ? NULL : text_compare(type, "cgroup") == 0 ? "cgroup2" : type, flags, data);
    if (error || !bind || !(flags & MS_RDONLY)) return error;
    return mount(NULL, target, NULL, flags | MS_REMOUNT, NULL);
}

/* ---- devices ---- */

static int make_devices(const char *root) {
    static const struct {
        const char *name;
        int number;
    } devices[] = {{"null", 0x103}, {"zero", 0x105}, {"full", 0x107}, {"random", 0x108}, {"urandom", 0x109}, {"tty", 0x500}};
    static const char *const links[][2] = {
        {"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"}};
    char path[LONGEST_PATH];
    trace("[child] mknod null, zero, full, random, urandom, tty in /dev\n");
    format_into(path, sizeof path, "%s/dev", root);
    int made = make_path(path);
    if (made) return made;
    for (u32 k = 0; k < COUNT(devices); k++) {
        format_into(path, sizeof path, "%s/dev/%s", root, devices[k].name);
        int error = exists(path) ? 0 : system_call(SYS_mknod, path, S_IFCHR | 0666, devices[k].number);
        if (!error) error = system_call(SYS_chmod, path, 0666);
        if (error) return error;
    }
    for (u32 k = 0; k < COUNT(links); k++) {
        format_into(path, sizeof path, "%s/dev/%s", root, links[k][1]);
        if (!exists(path)) system_call(SYS_symlink, links[k][0], path);
    }
    format_into(path, sizeof path, "%s/dev/ptmx", root);
    if (!exists(path)) system_call(SYS_symlink, "pts/ptmx", path);
    return 0;
}

/* ---- what is not to be seen or changed ---- */

static int hide(const char *path) {
    struct stat64 stat;
    if (get_stat(path, &stat)) return 0;
    if (S_ISDIR(stat.st_mode)) return mount("tmpfs", path, "tmpfs", MS_RDONLY, NULL);
    return mount("/dev/null", path, NULL, MS_BIND, NULL);
}

static int protect(const char *path) {
    if (!exists(path)) return 0;
    int error = mount(path, path, NULL, MS_BIND | MS_REC, NULL);
    return error ? error : mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL);
}

static int each(struct json *list, int (*apply)(const char *path)) {
    int error = 0;
    for (struct json *path = list ? list->first : NULL; path && !error; path = path->next) error = apply(path->text);
    return error;
}

/* ---- the root ---- */

static char root[LONGEST_PATH];

const char *make_root(const struct container *container, int *error) {
    static char what[64];
    struct json *config = container->config;
    const char *given = json_text(config, "root.path", "rootfs");
    format_into(root, sizeof root, given[0] == '/' ? "%s%s" : "%s/%s", given[0] == '/' ? "" : container->bundle, given);
    if ((*error = system_call(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))) return "/";
    if ((*error = mount(root, root, NULL, MS_BIND | MS_REC, NULL))) return "root.path";
    struct json *mounts = json_at(config, "mounts");
    u32 k = 0;
    for (struct json *each = mounts ? mounts->first : NULL; each; each = each->next, k++)
        if ((*error = mount_given(root, each))) {
            format_into(what, sizeof what, "mounts[%u], %s", k, json_text(each, "destination", ""));
            return what;
        }
    return (*error = make_devices(root)) ? "/dev" : NULL;
}

const char *enter_root(struct json *config, int *error) {
    if ((*error = change_directory(root))) return root;
    trace("[child] pivot_root, and the old root is unmounted\n");
    if ((*error = system_call(SYS_pivot_root, ".", "."))) return "pivot_root";
    if ((*error = system_call(SYS_umount2, ".", MNT_DETACH))) return "umount";
    if ((*error = change_directory("/"))) return "/";
    if ((*error = each(json_at(config, "linux.maskedPaths"), hide))) return "linux.maskedPaths";
    if ((*error = each(json_at(config, "linux.readonlyPaths"), protect))) return "linux.readonlyPaths";
    if (json_true(config, "root.readonly") && (*error = mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL)))
        return "root.readonly";
    return NULL;
}
