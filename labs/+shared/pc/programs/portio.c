/* portio [COUNT]: reads a port of a device, the mask of the first interrupt controller, through /dev/port: one IN
   instruction of the kernel for each. Linux has the same file, for root. */
#include "lib/unix.h"

#define PORT 0x21
#define LINE_OF_SECOND_CONTROLLER 0x04 /* its bit is 0: it is let through */

int main(int count, char **words) {
    u32 reads = number_from(count > 1 ? words[1] : NULL, 2000), same = 0;
    int file = open("/dev/port", O_RDONLY, 0);
    u8 first = 0xff, mask;
    if (file < 0) return complain("portio", "/dev/port", file);
    system_call(SYS_pread64, file, &first, 1, PORT, 0);
    for (u32 k = 0; k < reads; k++) same += system_call(SYS_pread64, file, &mask, 1, PORT, 0) == 1 && mask == first;
    return verdict(same == reads && first != 0xff, "portio: %u reads of port %u, %u alike", reads, PORT, same);
}
