/*
 * compile [FOLDER]: work shaped like the building of a program. For each source in the folder (/src) a process is made
 * that reads the file, takes it apart into words, and writes an object file; at last one links the objects.
 * `compile -c SOURCE OBJECT` and `compile -l RESULT OBJECTS` are what it starts, as cc starts its passes.
 */
#include "lib/unix.h"

#define SYMBOLS 1024
#define MOST_SOURCES 32
#define OUT "/tmp"

/* An object file: how often each symbol occurs, by the hash of its name. */
struct object {
    u32 words, lines, symbols;
    struct {
        u32 hash, uses;
    } table[SYMBOLS];
};

static struct object object;
static char text[32768];

static bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void add_symbol(u32 hash, u32 uses) {
    u32 at = hash % SYMBOLS;
    while (object.table[at].uses != 0 && object.table[at].hash != hash) at = (at + 1) % SYMBOLS;
    if (object.table[at].uses == 0) object.symbols++;
    object.table[at].hash = hash;
    object.table[at].uses += uses;
}

static void take_apart(u32 length) {
    u32 hash = 0;
    for (u32 k = 0; k <= length; k++) {
        char c = k < length ? text[k] : '\n';
        if (c == '\n') object.lines++;
        if (in_word(c)) {
            hash = hash * 31 + (u8)c;
        } else if (hash != 0) {
            object.words++;
            if (object.symbols < SYMBOLS - 1) add_symbol(hash, 1);
            hash = 0;
        }
    }
}

static int load(const char *name, void *to, u32 size) {
    int file = open(name, O_RDONLY, 0);
    if (file < 0) return file;
    int got = read(file, to, size);
    close(file);
    return got;
}

static int store(const char *name, const void *from, u32 size) {
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) return file;
    int done = write(file, from, size), closed = close(file);
    return done < 0 ? done : done != (int)size ? -ENOSPC : closed;
}

static int compile_one(const char *source, const char *target) {
    int length = load(source, text, sizeof text);
    if (length < 0) return complain("compile", source, length);
    take_apart((u32)length);
    int error = store(target, &object, sizeof object);
    return error ? complain("compile", target, error) : 0;
}

static int link_all(const char *target, char **objects) {
    static struct object part;
    for (; *objects; objects++) {
        int got = load(*objects, &part, sizeof part);
        if (got != sizeof part) return complain("compile", *objects, got < 0 ? got : -EIO);
        object.words += part.words;
        object.lines += part.lines;
        for (u32 k = 0; k < SYMBOLS; k++)
            if (part.table[k].uses && object.symbols < SYMBOLS - 1) add_symbol(part.table[k].hash, part.table[k].uses);
    }
    int error = store(target, &object, sizeof object);
    return error ? complain("compile", target, error) : 0;
}

static int run_pass(const char *program, char *const words[]) {
    int status = 0, child = fork();
    if (child == 0) {
        int error = execute(program, words);
        leave(complain("compile", program, error));
    }
    if (child < 0) return complain("compile", "fork", child);
    wait_for(child, &status, 0);
    return status == 0 ? 0 : 1;
}

/* Names of the sources in the folder, in the order of their names. */
static int find_sources(const char *folder, char names[MOST_SOURCES][64]) {
    static char records[2048];
    int file = open(folder, O_RDONLY | O_DIRECTORY, 0), got, count = 0;
    if (file < 0) return file;
    while ((got = list_directory(file, records, sizeof records)) > 0)
        for (int at = 0; at < got; at += ((struct dirent64 *)(records + at))->d_reclen) {
            const char *name = ((struct dirent64 *)(records + at))->d_name;
            u32 length = text_length(name);
            if (count == MOST_SOURCES || length < 3 || length > 50) continue;
            if (name[length - 2] != '.' || name[length - 1] != 'c') continue;
            int place = count++;
            for (; place > 0 && text_compare(names[place - 1], name) > 0; place--)
                memcpy(names[place], names[place - 1], 64);
            memcpy(names[place], name, length + 1);
        }
    close(file);
    return count;
}

/* To check the result: the same count without passes and object files. */
static u32 count_words(const char *source) {
    int length = load(source, text, sizeof text);
    memset(&object, 0, sizeof object);
    if (length > 0) take_apart((u32)length);
    return object.words;
}

static int build(const char *program, const char *folder) {
    static char names[MOST_SOURCES][64], sources[MOST_SOURCES][160], objects[MOST_SOURCES][80];
    char *link_words[MOST_SOURCES + 4] = {(char *)program, "-l", OUT "/a.out"};
    int count = find_sources(folder, names), failures = 0;
    if (count < 0) return complain("compile", folder, count);
    for (int k = 0; k < count; k++) {
        format_into(sources[k], sizeof sources[k], "%s/%s", folder, names[k]);
        format_into(objects[k], sizeof objects[k], OUT "/%s.o", names[k]);
        char *words[] = {(char *)program, "-c", sources[k], objects[k], NULL};
        failures += run_pass(program, words);
        link_words[3 + k] = objects[k];
    }
    failures += run_pass(program, link_words);
    u32 words = 0;
    for (int k = 0; k < count; k++) words += count_words(sources[k]);
    int got = load(OUT "/a.out", &object, sizeof object);
    u32 crc = got == sizeof object ? crc32(0, &object, sizeof object) : 0;
    for (int k = 0; k < count; k++) unlink(objects[k]);
    unlink(OUT "/a.out");
    return verdict(failures == 0 && count > 0 && crc != 0 && words == object.words,
                   "compile: %u sources, %u lines, %u words, %u symbols, crc %x", (u32)count, object.lines,
                   object.words, object.symbols, crc);
}

int main(int count, char **words) {
    if (count == 4 && text_compare(words[1], "-c") == 0) return compile_one(words[2], words[3]);
    if (count > 3 && text_compare(words[1], "-l") == 0) return link_all(words[2], words + 3);
    return build(text_find(words[0], '/') ? words[0] : "/bin/compile", count > 1 ? words[1] : "/src");
}
