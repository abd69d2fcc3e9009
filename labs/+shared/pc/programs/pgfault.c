/* pgfault [ROUNDS]: touches fresh pages; each touch is a page fault that the kernel answers with a page of zeroes. */
#include "lib/unix.h"

#define PAGES 256

int main(int count, char **words) {
    u32 rounds = number_from(count > 1 ? words[1] : NULL, 8), zeroes = 0, sum = 0;
    for (u32 round = 0; round < rounds; round++) {
        volatile u32 *memory = map_memory(PAGES * PAGE);
        if (!memory) return complain("pgfault", "mmap", ENOMEM);
        for (u32 k = 0; k < PAGES; k++) {
            volatile u32 *word = memory + k * (PAGE / 4) + k;
            zeroes += *word == 0;
            *word = k + 1;
        }
        for (u32 k = 0; k < PAGES; k++) sum += memory[k * (PAGE / 4) + k];
        unmap_memory((void *)memory, PAGES * PAGE);
    }
    bool right = zeroes == rounds * PAGES && sum == rounds * (PAGES * (PAGES + 1) / 2);
    return verdict(right, "pgfault: %u pages touched, %u were zero, sum %u", rounds * PAGES, zeroes, sum);
}
