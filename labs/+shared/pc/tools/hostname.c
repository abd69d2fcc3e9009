/* hostname [NAME]: shows the name of the UTS namespace, or sets it. */
#include "call.h"

struct names {
    char system[65], node[65], release[65], version[65], machine[65], domain[65];
};

int main(int count, char **words) {
    struct names names;
    if (count > 1) {
        int error = system_call(SYS_sethostname, words[1], text_length(words[1]));
        return error ? complain("hostname", words[1], error) : 0;
    }
    system_call(SYS_uname, &names);
    print("%s\n", names.node);
    return 0;
}
