/* ptemod [ROUNDS]: changes of page tables: maps a few pages, touches them, takes the right to write away and gives it
   back, and unmaps them. */
#include "lib/unix.h"

#define PAGES 16

int main(int count, char **words) {
    u32 rounds = number_from(count > 1 ? words[1] : NULL, 200), sum = 0, errors = 0;
    for (u32 round = 0; round < rounds; round++) {
        volatile u8 *memory = map_memory(PAGES * PAGE);
        if (!memory) return complain("ptemod", "mmap", ENOMEM);
        for (u32 k = 0; k < PAGES; k++) memory[k * PAGE] = 1;
        errors += protect_memory((void *)memory, PAGES * PAGE, PROT_READ) != 0;
        for (u32 k = 0; k < PAGES; k++) sum += memory[k * PAGE];
        errors += protect_memory((void *)memory, PAGES * PAGE, PROT_READ | PROT_WRITE) != 0;
        for (u32 k = 0; k < PAGES; k++) memory[k * PAGE]++;
        errors += unmap_memory((void *)memory, PAGES * PAGE) != 0;
    }
    return verdict(errors == 0 && sum == rounds * PAGES, "ptemod: %u rounds of %u pages, sum %u", rounds, PAGES, sum);
}
