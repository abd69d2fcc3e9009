/* ns [PID]: the namespaces of a process (of its own). The same number is the same namespace. */
#include "call.h"

int main(int count, char **words) {
    for (u32 k = 0; k < COUNT(kinds); k++) {
        char path[64], target[64];
        format_into(path, sizeof path, "/proc/%s/ns/%s", count > 1 ? words[1] : "self", kinds[k].name);
        int got = system_call(SYS_readlink, path, target, sizeof target - 1);
        if (got < 0) return complain("ns", path, got);
        target[got] = 0;
        print("%s\n", target);
    }
    return 0;
}
