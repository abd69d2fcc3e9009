/* Images: a note of what they are in a file each, and their layers in directories. */
#include "docker.h"

/* A name with its tag; as a file, with no slash in it. */
static void full_name(char *to, u32 size, const char *name) {
    format_into(to, size, text_find(name, ':') ? "%s" : "%s:latest", name);
}

static void path_of(char *path, const char *name) {
    u32 length = format_into(path, LONGEST_PATH, IMAGES "/");
    full_name(path + length, LONGEST_PATH - length, name);
    for (char *c = path + length; *c; c++)
        if (*c == '/') *c = '+';
}

static struct json *read_note(const char *path) {
    static char text[8192];
    return read_file(path, text, sizeof text) < 0 ? NULL : json_read(text);
}

static void texts(struct json *note, const char *path, const char **to, u32 most) {
    u32 count = json_texts(note, path, to, most);
    for (u32 k = 0; k < count; k++) to[k] = keep(to[k]);
}

int load_image(const char *name, struct image *image) {
    char path[LONGEST_PATH];
    path_of(path, name);
    struct json *note = read_note(path);
    if (!note) return refuse(name, "is no image that is kept here; docker images lists them");
    full_name(image->name, sizeof image->name, name);
    format_into(image->id, ID, "%s", json_text(note, "Id", ""));
    texts(note, "Config.Env", image->environment, MOST_WORDS);
    texts(note, "Config.Cmd", image->command, MOST_WORDS);
    texts(note, "Config.Entrypoint", image->entrypoint, MOST_WORDS);
    texts(note, "Layers", image->layers, MOST_LAYERS);
    image->directory = keep(json_text(note, "Config.WorkingDir", "/"));
    image->user = keep(json_text(note, "Config.User", ""));
    return 0;
}

int store_image(struct image *image, const char *name) {
    char path[LONGEST_PATH];
    path_of(path, name);
    full_name(image->name, sizeof image->name, name);
    random_id(image->id);
    make_path(IMAGES);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) return complain("docker", path, file);
    print_to(file, "{\n  \"Id\": \"%s\",\n  \"Config\": {\n    ", image->id);
    json_put_list(file, "Env", image->environment);
    print_to(file, ",\n    ");
    json_put_list(file, "Cmd", image->command);
    print_to(file, ",\n    ");
    json_put_list(file, "Entrypoint", image->entrypoint);
    print_to(file, ",\n    ");
    json_put_member(file, "WorkingDir", image->directory);
    print_to(file, ",\n    ");
    json_put_member(file, "User", image->user);
    print_to(file, "\n  },\n  ");
    json_put_list(file, "Layers", image->layers);
    print_to(file, "\n}\n");
    return close(file);
}

const char *layer_of(const char *container) {
    char from[LONGEST_PATH], to[LONGEST_PATH], id[ID];
    random_id(id);
    format_into(from, sizeof from, LAYERS "/%s/diff", container);
    format_into(to, sizeof to, LAYERS "/%s", id);
    int error = make_path(to);
    format_into(to, sizeof to, LAYERS "/%s/diff", id);
    if (!error) error = copy_tree(from, to);
    if (error) return complain("docker", to, error), NULL;
    return keep(to);
}

int docker_commit(int count, char **words) {
    struct image image = {.name = ""};
    u32 layers = 0;
    if (count != 2) return refuse("commit", "needs the name of a container and one for the image");
    const char *name = find_container(words[0]);
    if (!name || load_image(json_text(container_record(name), "Image", ""), &image)) return 1;
    const char *layer = layer_of(name);
    if (!layer) return 1;
    while (image.layers[layers]) layers++;
    if (layers + 1 == MOST_LAYERS) return refuse(image.name, "has as many layers as an image may have");
    image.layers[layers] = layer;
    if (store_image(&image, words[1])) return 1;
    print("%s\n", image.id);
    return 0;
}

/* ---- looking ---- */

struct extent {
    u32 files, bytes;
};

static int measure(const char *path, const char *name, void *context) {
    struct extent *extent = context;
    struct stat64 stat;
    (void)name;
    if (system_call(SYS_lstat64, path, &stat)) return 0;
    if (S_ISDIR(stat.st_mode)) return each_entry(path, measure, context);
    extent->files++;
    extent->bytes += (u32)stat.st_size;
    return 0;
}

static int list_image(const char *path, const char *name, void *context) {
    struct json *note = read_note(path), *layers = json_at(note, "Layers");
    struct extent extent = {0, 0};
    u32 count = 0;
    (void)context;
    if (!note) return 0;
    for (struct json *layer = layers ? layers->first : NULL; layer; layer = layer->next, count++)
        each_entry(layer->text, measure, &extent);
    char repository[64];
    format_into(repository, sizeof repository, "%s", name);
    char *tag = text_find(repository, ':');
    if (tag) *tag++ = 0;
    for (char *c = repository; *c; c++)
        if (*c == '+') *c = '/';
    print("%-20s %-8s %-12s %6u %6u kB\n", repository, tag ? tag : "", json_text(note, "Id", ""), count, extent.bytes >> 10);
    return 0;
}

int docker_images(int count, char **words) {
    (void)words;
    if (count != 0) return refuse("images", "takes no words");
    print("%-20s %-8s %-12s %6s %9s\n", "REPOSITORY", "TAG", "IMAGE ID", "LAYERS", "SIZE");
    each_entry(IMAGES, list_image, NULL);
    return 0;
}

int docker_history(int count, char **words) {
    struct image image = {.name = ""};
    u32 layers = 0;
    if (count != 1) return refuse("history", "needs an image");
    if (load_image(words[0], &image)) return 1;
    while (image.layers[layers]) layers++;
    print("%6s %9s  %s\n", "FILES", "SIZE", "LAYER, THE TOPMOST FIRST");
    while (layers-- > 0) {
        struct extent extent = {0, 0};
        each_entry(image.layers[layers], measure, &extent);
        print("%6u %6u kB  %s\n", extent.files, extent.bytes >> 10, image.layers[layers]);
    }
    return 0;
}

int docker_tag(int count, char **words) {
    char from[LONGEST_PATH], to[LONGEST_PATH];
    if (count != 2) return refuse("tag", "needs an image and another name");
    path_of(from, words[0]);
    path_of(to, words[1]);
    int error = copy_tree(from, to);
    return error ? complain("docker", words[0], error) : 0;
}

int docker_rmi(int count, char **words) {
    int status = count > 0 ? 0 : refuse("rmi", "needs an image");
    for (int k = 0; k < count; k++) {
        /* Its layers stay: others may stand on them. */
        char path[LONGEST_PATH];
        path_of(path, words[k]);
        int error = unlink(path);
        if (error) status = complain("docker", words[k], error);
    }
    return status;
}
