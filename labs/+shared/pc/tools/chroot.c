/* chroot DIRECTORY [PROGRAM ARGUMENTS]: runs a program (/bin/sh) for which the directory is the root. */
#include "call.h"

int main(int count, char **words) {
    static char *const shell[] = {"sh", NULL};
    if (count < 2) return complain("chroot", "a directory is needed", -EINVAL);
    int error = system_call(SYS_chroot, words[1]);
    if (!error) error = change_directory("/");
    if (error) return complain("chroot", words[1], error);
    char *const *program = count > 2 ? words + 2 : shell;
    return complain("chroot", program[0], become(program));
}
