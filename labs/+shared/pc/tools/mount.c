/* mount: lists the mounts; mount TYPE DIRECTORY puts a new proc, tmpfs or cgroup2 there; mount -b FROM DIRECTORY binds. */
#include "call.h"

int main(int count, char **words) {
    static char text[4096];
    if (count == 1) {
        int file = open("/proc/mounts", O_RDONLY, 0), got;
        if (file < 0) return complain("mount", "/proc/mounts", file);
        while ((got = read(file, text, sizeof text)) > 0) write(1, text, (u32)got);
        return 0;
    }
    bool bind = text_compare(words[1], "-b") == 0;
    if (count != (bind ? 4 : 3)) return complain("mount", "usage: mount TYPE DIRECTORY, or mount -b FROM DIRECTORY", -EINVAL);
    const char *source = words[bind ? 2 : 1], *target = words[count - 1];
    int error = system_call(SYS_mount, source, target, bind ? NULL : source, bind ? MS_BIND : 0, NULL);
    return error ? complain("mount", target, error) : 0;
}
