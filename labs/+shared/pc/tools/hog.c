/* hog [KILOBYTES]: takes memory and writes to it, page by page (4096 KB), saying how far it is at every half megabyte. */
#include "call.h"

int main(int count, char **words) {
    u32 kilobytes = number_from(count > 1 ? words[1] : NULL, 4096);
    u8 *memory = map_memory(kilobytes * 1024);
    if (!memory) return complain("hog", "no room in the address space", -ENOMEM);
    for (u32 at = 0; at < kilobytes * 1024; at += PAGE) {
        memory[at] = 1;
        if ((at + PAGE) % (512 * 1024) == 0) print("hog: %u KB\n", (at + PAGE) / 1024);
    }
    print("hog: has %u KB\n", kilobytes);
    return 0;
}
