/* cp FROM TO: copies a file; TO may be a directory. */
#include "lib/unix.h"

static char buffer[4 * PAGE];

static const char *last_name(const char *path) {
    const char *name = path;
    for (; *path; path++)
        if (*path == '/') name = path + 1;
    return name;
}

static int copy(int from, int to) {
    int got;
    while ((got = read(from, buffer, sizeof buffer)) > 0)
        for (int done = 0; done < got;) {
            int part = write(to, buffer + done, (u32)(got - done));
            if (part < 0) return part;
            done += part;
        }
    return got;
}

int main(int count, char **words) {
    char target[256];
    struct stat64 stat, other;
    if (count != 3) {
        print_to(2, "usage: cp FROM TO\n");
        return 2;
    }
    int from = open(words[1], O_RDONLY, 0);
    if (from < 0) return complain("cp", words[1], from);
    get_stat(words[1], &stat);
    bool into = get_stat(words[2], &other) == 0 && S_ISDIR(other.st_mode);
    format_into(target, sizeof target, into ? "%s/%s" : "%s", words[2], last_name(words[1]));
    int to = open(target, O_WRONLY | O_CREAT | O_TRUNC, (int)(stat.st_mode & 0777));
    if (to < 0) return complain("cp", target, to);
    int error = copy(from, to);
    if (error < 0) return complain("cp", target, error);
    return 0;
}
