/* unshare [-muinpUCTr] [PROGRAM ARGUMENTS]: runs a program (/bin/sh) in new namespaces of the kinds that letters name.
   With p the program is a child, for only children are born into a new pid namespace; r is U, and makes who calls root
   inside: before execve, which would take the rights from a user without a name. */
#include "call.h"

static int put(const char *path, const char *text) {
    int file = open(path, O_WRONLY, 0);
    int error = file < 0 ? file : write(file, text, text_length(text));
    if (file >= 0) close(file);
    return error < 0 ? complain("unshare", path, error) : 0;
}

static int become_root(int user, int group) {
    char text[32];
    format_into(text, sizeof text, "0 %d 1", user);
    if (put("/proc/self/setgroups", "deny") || put("/proc/self/uid_map", text)) return 1;
    format_into(text, sizeof text, "0 %d 1", group);
    return put("/proc/self/gid_map", text);
}

static int flag_of(char letter) {
    if (letter == 'r') return CLONE_NEWUSER;
    for (u32 k = 0; k < COUNT(kinds); k++)
        if (kinds[k].letter == letter) return kinds[k].flag;
    return 0;
}

int main(int count, char **words) {
    static char *const shell[] = {"sh", NULL};
    int flags = 0, first = 1, user = system_call(SYS_getuid), group = system_call(SYS_getgid);
    bool root = false;
    if (count > 1 && words[1][0] == '-') {
        for (const char *c = words[1] + 1; *c; c++) {
            int flag = flag_of(*c);
            if (flag == 0) return complain("unshare", "letters are m u i n p U C T r", -EINVAL);
            flags |= flag;
            root |= *c == 'r';
        }
        first = 2;
    }
    int error = system_call(SYS_unshare, flags);
    if (error) return complain("unshare", count > 1 ? words[1] : "", error);
    if (root && become_root(user, group)) return 1;
    char *const *program = first < count ? words + first : shell;
    if (flags & CLONE_NEWPID) return run(program);
    return complain("unshare", program[0], become(program));
}
