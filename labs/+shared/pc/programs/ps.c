/* ps: lists processes, from /proc. */
#include "lib/unix.h"

static char records[2048], text[512];

/* The field with that number of a stat file, where the name in brackets is field 2. */
static const char *field(u32 number) {
    char *at = text;
    for (char *c = text; *c; c++)
        if (*c == ')') at = c;
    at += 2;
    for (u32 k = 3; k < number; k++) at = text_find(at, ' ') + 1;
    return at;
}

static void show(const char *pid) {
    char path[64];
    format_into(path, sizeof path, "/proc/%s/stat", pid);
    int file = open(path, O_RDONLY, 0);
    if (file < 0) return; /* it ended meanwhile */
    int got = read(file, text, sizeof text - 1);
    close(file);
    if (got <= 0) return;
    text[got] = 0;
    u32 parent = number_from(field(4), 0), ticks = number_from(field(14), 0) + number_from(field(15), 0);
    u32 pages = number_from(field(24), 0);
    char state = *field(3);
    char *name = text_find(text, '(') + 1;
    *text_find(name, ')') = 0;
    print("%5s %5u %c %5u.%02u %6u %s\n", pid, parent, state, ticks / 100, ticks % 100, pages * 4, name);
}

int main(void) {
    int file = open("/proc", O_RDONLY | O_DIRECTORY, 0), got;
    if (file < 0) return complain("ps", "/proc", file);
    print("  PID PARENT S     TIME     KB NAME\n");
    while ((got = list_directory(file, records, sizeof records)) > 0)
        for (int at = 0; at < got;) {
            struct dirent64 *entry = (struct dirent64 *)(records + at);
            at += entry->d_reclen;
            if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') show(entry->d_name);
        }
    return 0;
}
