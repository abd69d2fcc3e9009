/* pivot_root NEW OLD: the mount at NEW becomes the root, and the old root stands at OLD, which lies below NEW. */
#include "call.h"

int main(int count, char **words) {
    if (count < 3) return complain("pivot_root", "a new root and a place for the old one are needed", -EINVAL);
    int error = system_call(SYS_pivot_root, words[1], words[2]);
    return error ? complain("pivot_root", words[1], error) : 0;
}
