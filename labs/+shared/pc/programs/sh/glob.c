/* Names with * and ?: looks through one directory and sorts what fits. */
#include "glob.h"

#include "../lib/unix.h"

#define MOST 128
#define LONGEST 64

static bool fits(const char *pattern, const char *name) {
    for (; *pattern; pattern++, name++) {
        if (*pattern == '*') {
            do
                if (fits(pattern + 1, name)) return true;
            while (*name++);
            return false;
        }
        if (*name == 0 || (*pattern != '?' && *pattern != *name)) return false;
    }
    return *name == 0;
}

static char names[MOST][LONGEST];
static int count;

static void keep(const char *name) {
    u32 length = text_length(name) + 1;
    int at = count;
    if (count == MOST || length > LONGEST) return;
    for (; at > 0 && text_compare(names[at - 1], name) > 0; at--) memcpy(names[at], names[at - 1], LONGEST);
    memcpy(names[at], name, length);
    count++;
}

static void look_through(const char *folder, const char *pattern) {
    static char records[1024];
    int file = open(folder, O_RDONLY | O_DIRECTORY, 0), got;
    if (file < 0) return;
    while ((got = list_directory(file, records, sizeof records)) > 0)
        for (int at = 0; at < got; at += ((struct dirent64 *)(records + at))->d_reclen) {
            const char *name = ((struct dirent64 *)(records + at))->d_name;
            if ((name[0] != '.' || pattern[0] == '.') && fits(pattern, name)) keep(name);
        }
    close(file);
}

int glob(const char *pattern, void (*found)(const char *path, void *context), void *context) {
    char path[256];
    u32 start = 0;
    for (u32 k = 0; pattern[k]; k++)
        if (pattern[k] == '/') start = k + 1;
    if (start >= sizeof path - LONGEST) return 0;
    memcpy(path, pattern, start);
    path[start] = 0;
    count = 0;
    look_through(start ? path : ".", pattern + start);
    for (int k = 0; k < count; k++) {
        memcpy(path + start, names[k], text_length(names[k]) + 1);
        found(path, context);
    }
    return count;
}
