/* id: the user, and the capabilities in effect, from /proc/self/status. */
#include "call.h"

int main(void) {
    static char text[2048];
    int file = open("/proc/self/status", O_RDONLY, 0);
    int got = file < 0 ? file : read(file, text, sizeof text - 1);
    if (got < 0) return complain("id", "/proc/self/status", got);
    print("uid=%d gid=%d\n", system_call(SYS_getuid), system_call(SYS_getgid));
    for (char *line = text; line && *line;) {
        char *end = text_find(line, '\n');
        if (end) *end = 0;
        if (memcmp(line, "CapEff", 6) == 0 || memcmp(line, "NoNewPrivs", 10) == 0) print("%s\n", line);
        line = end ? end + 1 : NULL;
    }
    return 0;
}
