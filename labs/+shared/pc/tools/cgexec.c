/* cgexec GROUP PROGRAM ARGUMENTS: runs a program in a control group, whose path begins at /sys/fs/cgroup. */
#include "call.h"

int main(int count, char **words) {
    char path[128];
    if (count < 3) return complain("cgexec", "a group and a program are needed", -EINVAL);
    format_into(path, sizeof path, "/sys/fs/cgroup/%s/cgroup.procs", words[1]);
    int file = open(path, O_WRONLY, 0);
    if (file < 0) return complain("cgexec", path, file);
    int error = write(file, "0", 1); /* whoever writes */
    close(file);
    if (error < 0) return complain("cgexec", path, error);
    return complain("cgexec", words[2], become(words + 2));
}
