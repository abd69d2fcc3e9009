/* cat [FILES]: copies files, or what is typed, to standard output. */
#include "lib/unix.h"

static char buffer[PAGE];

static int copy(int file, const char *name) {
    int got;
    while ((got = read(file, buffer, sizeof buffer)) > 0)
        for (int done = 0; done < got;) {
            int part = write(1, buffer + done, (u32)(got - done));
            if (part < 0) return complain("cat", "standard output", part);
            done += part;
        }
    return got < 0 ? complain("cat", name, got) : 0;
}

int main(int count, char **words) {
    int status = count > 1 ? 0 : copy(0, "standard input");
    for (int k = 1; k < count; k++) {
        int file = open(words[k], O_RDONLY, 0);
        if (file < 0) {
            status = complain("cat", words[k], file);
            continue;
        }
        status |= copy(file, words[k]);
        close(file);
    }
    return status;
}
