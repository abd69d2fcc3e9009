/* nsenter PID -muinpUCT [PROGRAM ARGUMENTS]: runs a program (/bin/sh) in namespaces of another process. */
#include "call.h"

static int enter(const char *pid, const struct kind *kind) {
    char path[64];
    format_into(path, sizeof path, "/proc/%s/ns/%s", pid, kind->name);
    int file = open(path, O_RDONLY, 0);
    if (file < 0) return complain("nsenter", path, file);
    int error = system_call(SYS_setns, file, kind->flag);
    close(file);
    return error ? complain("nsenter", path, error) : 0;
}

int main(int count, char **words) {
    static char *const shell[] = {"sh", NULL};
    if (count < 3 || words[2][0] != '-') return complain("nsenter", "usage: nsenter PID -muinpUCT [PROGRAM]", -EINVAL);
    /* The mounts last: afterwards /proc may be another one. */
    bool mounts = false;
    for (const char *c = words[2] + 1; *c; c++) {
        u32 k = 0;
        while (k < COUNT(kinds) && kinds[k].letter != *c) k++;
        if (k == COUNT(kinds)) return complain("nsenter", "letters are m u i n p U C T", -EINVAL);
        if (kinds[k].letter == 'm')
            mounts = true;
        else if (enter(words[1], &kinds[k]))
            return 1;
    }
    if (mounts && enter(words[1], &kinds[0])) return 1;
    return run(count > 3 ? words + 3 : shell);
}
