/* docker build: an image as a Dockerfile says. FROM, RUN, COPY, ADD (as COPY), ENV, WORKDIR, USER, CMD, ENTRYPOINT; LABEL,
   EXPOSE and MAINTAINER are read and change nothing. RUN runs in a real container, whose changes become a layer; COPY
   makes a layer without one. */
#include "docker.h"

#define LONGEST_LINE 1024

static struct image image;
static const char *context;
static bool begun;

static int add_layer(const char *layer) {
    u32 count = 0;
    while (image.layers[count]) count++;
    if (count + 1 >= MOST_LAYERS) return refuse("build", "makes more layers than an image may have");
    image.layers[count] = layer;
    image.layers[count + 1] = NULL;
    return 0;
}

/* ---- words of a line ---- */

static char *skip(char *at) {
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

/* Words at spaces, or a list in JSON; a null behind them. */
static u32 words_of(char *line, const char *to[], u32 most) {
    u32 count = 0;
    if (*line == '[') {
        struct json *list = json_read(line);
        for (struct json *each = list ? list->first : NULL; each && count + 1 < most; each = each->next)
            if (each->text) to[count++] = keep(each->text);
    } else {
        for (char *at = skip(line); *at && count + 1 < most; at = skip(at)) {
            char *end = at;
            while (*end && *end != ' ' && *end != '\t') end++;
            bool last = *end == 0;
            *end = 0;
            to[count++] = keep(at);
            at = last ? end : end + 1;
        }
    }
    to[count] = NULL;
    return count;
}

/* A command as an image has it: in JSON as it stands, else for the shell. */
static void command_of(char *line, const char *to[]) {
    if (*line == '[') {
        words_of(line, to, MOST_WORDS);
        return;
    }
    to[0] = "/bin/sh", to[1] = "-c", to[2] = keep(line), to[3] = NULL;
}

/* A path in the image, from its working directory. */
static void place_of(char *to, const char *path) {
    bool whole = path[0] == '/', top = text_compare(image.directory, "/") == 0;
    format_into(to, LONGEST_PATH, "%s%s%s", whole ? "" : top ? "" : image.directory, whole ? "" : "/", path);
}

/* ---- instructions: each is given the rest of its line ---- */

static int from(char *line) {
    const char *words[4];
    if (words_of(line, words, COUNT(words)) != 1) return refuse("FROM", "takes one image");
    if (begun) return refuse("FROM", "stands twice: builds in stages are not known here");
    begun = true;
    return load_image(words[0], &image);
}

static int run_step(char *line) {
    static struct image step;
    char id[ID];
    struct wish wish = {.name = NULL};
    step = image;
    random_id(id);
    wish.name = keep(id);
    command_of(line, wish.command);
    step.entrypoint[0] = NULL;
    if (make_container(&wish, &step)) return 1;
    print(" ---> Running in %s\n", id);
    int status = start_container(wish.name, true);
    const char *layer = status == 0 ? layer_of(wish.name) : NULL;
    remove_container(wish.name);
    if (status != 0) return print_to(2, "docker: the command '%s' returned a non-zero code: %d\n", line, status), 1;
    return layer ? add_layer(layer) : 1;
}

static int copy(char *line) {
    const char *words[16];
    char id[ID], layer[LONGEST_PATH], source[LONGEST_PATH], target[LONGEST_PATH], place[LONGEST_PATH];
    u32 count = words_of(line, words, COUNT(words));
    if (count < 2) return refuse("COPY", "takes files of the directory and a place in the image");
    random_id(id);
    format_into(layer, sizeof layer, LAYERS "/%s/diff", id);
    int error = make_path(layer);
    place_of(place, words[count - 1]);
    bool into = count > 2 || place[text_length(place) - 1] == '/' || text_compare(words[count - 1], ".") == 0;
    for (u32 k = 0; k + 1 < count && !error; k++) {
        for (const char *c = words[k]; *c; c++)
            if (c[0] == '.' && c[1] == '.') return refuse(words[k], "leads out of the directory");
        struct stat64 stat;
        format_into(source, sizeof source, "%s/%s", context, words[k]);
        if ((error = get_stat(source, &stat))) return complain("docker", source, error);
        const char *name = words[k];
        for (const char *c = words[k]; *c; c++)
            if (*c == '/' && c[1]) name = c + 1;
        /* Of a directory its contents are copied, as Docker does it. */
        bool inside = into && !S_ISDIR(stat.st_mode);
        format_into(target, sizeof target, inside ? "%s%s/%s" : "%s%s", layer, place, name);
        u32 cut = text_length(target);
        while (cut > 0 && target[cut - 1] != '/') cut--;
        target[cut ? cut - 1 : 0] = 0;
        error = make_path(target);
        if (cut) target[cut - 1] = '/';
        if (!error) error = copy_tree(source, target);
    }
    return error ? complain("docker", "COPY", error) : add_layer(keep(layer));
}

static int env(char *line) {
    u32 count = 0;
    char *cut = text_find(line, '=');
    while (image.environment[count]) count++;
    /* ENV NAME VALUE is the older way. */
    if (!cut && (cut = text_find(line, ' '))) *cut = '=';
    if (!cut) return refuse("ENV", "takes NAME=VALUE");
    u32 head = (u32)(cut - line) + 1;
    for (u32 k = 0; k < count; k++)
        if (memcmp(image.environment[k], line, head) == 0) return image.environment[k] = keep(line), 0;
    if (count + 1 == MOST_WORDS) return refuse("ENV", "stands too often");
    image.environment[count] = keep(line);
    image.environment[count + 1] = NULL;
    return 0;
}

static int workdir(char *line) {
    char place[LONGEST_PATH];
    place_of(place, line);
    image.directory = keep(place);
    return 0;
}
static int user(char *line) { return image.user = keep(line), 0; }
static int cmd(char *line) { return command_of(line, image.command), 0; }
static int entrypoint(char *line) {
    image.command[0] = NULL;
    return command_of(line, image.entrypoint), 0;
}
static int nothing(char *line) { return (void)line, 0; }

static const struct {
    const char *name;
    int (*run)(char *line);
} instructions[] = {
    {"FROM", from}, {"RUN", run_step},   {"COPY", copy}, {"ADD", copy},             {"ENV", env},        {"WORKDIR", workdir},
    {"USER", user}, {"CMD", cmd},   {"ENTRYPOINT", entrypoint}, {"LABEL", nothing}, {"EXPOSE", nothing}, {"MAINTAINER", nothing},
};

/* ---- the file ---- */

/* The next instruction, with lines that end in \ joined; null at the end. */
static char *next_line(char **at) {
    static char line[LONGEST_LINE];
    u32 length = 0;
    bool more = true;
    while (more && **at) {
        char *begins = skip(*at);
        more = false;
        bool comment = *begins == '#';
        char *end = text_find(begins, '\n');
        u32 size = end ? (u32)(end - begins) : text_length(begins);
        *at = begins + size + (end != NULL);
        if (comment || (size == 0 && length == 0)) {
            more = true;
            continue;
        }
        if (size > 0 && begins[size - 1] == '\\') size--, more = true;
        if (length + size >= LONGEST_LINE) leave(refuse("Dockerfile", "has a line that is too long"));
        memcpy(line + length, begins, size);
        length += size;
    }
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r')) length--;
    line[length] = 0;
    return length ? line : NULL;
}

static int obey(char *line, u32 step) {
    char *rest = line;
    while (*rest && *rest != ' ') rest++;
    if (*rest) *rest++ = 0;
    rest = skip(rest);
    for (u32 k = 0; k < COUNT(instructions); k++) {
        if (text_compare(instructions[k].name, line) != 0) continue;
        if (!begun && instructions[k].run != from) return refuse(line, "stands before FROM");
        print("Step %u : %s %s\n", step, line, rest);
        return instructions[k].run(rest);
    }
    return refuse(line, "is no instruction that is known here");
}

int docker_build(int count, char **words) {
    static char text[8192], path[LONGEST_PATH];
    const char *name = NULL, *file = NULL;
    const struct option options[] = {{"tag", 't', TEXT, &name}, {"file", 'f', TEXT, &file}};
    int at = take_options(count, words, options, COUNT(options));
    if (at < 0) return 1;
    if (at + 1 != count) return refuse("build", "needs the directory that COPY takes files from");
    context = words[at];
    format_into(path, sizeof path, file ? "%s" : "%s/Dockerfile", file ? file : context);
    int length = read_file(path, text, sizeof text);
    if (length < 0) return complain("docker", path, length);
    char *here = text, *line;
    for (u32 step = 1; (line = next_line(&here)); step++)
        if (obey(line, step)) return 1;
    if (!begun) return refuse(path, "has no FROM");
    if (store_image(&image, name ? name : "built")) return 1;
    print("Successfully built %s\nSuccessfully tagged %s\n", image.id, image.name);
    return 0;
}
