/* unshare [-muinpUCT] [PROGRAM ARGUMENTS]: runs a program (/bin/sh) in new namespaces of the kinds that letters name.
   With p the program is a child, for only children are born into a new pid namespace. */
#include "call.h"

static int flag_of(char letter) {
    for (u32 k = 0; k < COUNT(kinds); k++)
        if (kinds[k].letter == letter) return kinds[k].flag;
    return 0;
}

int main(int count, char **words) {
    static char *const shell[] = {"sh", NULL};
    int flags = 0, first = 1;
    if (count > 1 && words[1][0] == '-') {
        for (const char *c = words[1] + 1; *c; c++) {
            int flag = flag_of(*c);
            if (flag == 0) return complain("unshare", "letters are m u i n p U C T", -EINVAL);
            flags |= flag;
        }
        first = 2;
    }
    int error = system_call(SYS_unshare, flags);
    if (error) return complain("unshare", count > 1 ? words[1] : "", error);
    char *const *program = first < count ? words + first : shell;
    if (flags & CLONE_NEWPID) return run(program);
    return complain("unshare", program[0], become(program));
}
