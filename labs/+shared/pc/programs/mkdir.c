/* mkdir NAMES: makes directories. */
#include "lib/unix.h"

int main(int count, char **words) {
    int status = 0;
    for (int k = 1; k < count; k++) {
        int error = make_directory(words[k], 0755);
        if (error) status = complain("mkdir", words[k], error);
    }
    return status;
}
