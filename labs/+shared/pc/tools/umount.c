/* umount DIRECTORY: takes a mount away, with those beneath it. */
#include "call.h"

int main(int count, char **words) {
    if (count < 2) return complain("umount", "a directory is needed", -EINVAL);
    int error = system_call(SYS_umount2, words[1], MNT_DETACH);
    return error ? complain("umount", words[1], error) : 0;
}
