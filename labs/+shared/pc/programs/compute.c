/* compute [ROUNDS]: pure computation. Each round fills a table with random numbers, sorts it, and adds it to a CRC. */
#include "lib/unix.h"

#define SIZE 4096
#define ROUNDS 4
#define CRC 0x4943c810u /* of ROUNDS rounds */

static u32 table[SIZE];

static void sift_down(u32 root, u32 end) {
    u32 value = table[root];
    for (u32 child; (child = 2 * root + 1) < end; root = child) {
        if (child + 1 < end && table[child + 1] > table[child]) child++;
        if (table[child] <= value) break;
        table[root] = table[child];
    }
    table[root] = value;
}

static void heap_sort(void) {
    for (u32 root = SIZE / 2; root-- > 0;) sift_down(root, SIZE);
    for (u32 end = SIZE - 1; end > 0; end--) {
        u32 largest = table[0];
        table[0] = table[end];
        table[end] = largest;
        sift_down(0, end);
    }
}

int main(int count, char **words) {
    u32 rounds = number_from(count > 1 ? words[1] : NULL, ROUNDS), seed = 1, crc = 0;
    bool right = crc32(0, "123456789", 9) == 0xcbf43926u;
    for (u32 round = 0; round < rounds; round++) {
        u32 before = 0, after = 0;
        for (u32 k = 0; k < SIZE; k++) before += table[k] = random_next(&seed);
        heap_sort();
        for (u32 k = 0; k < SIZE; k++) after += table[k];
        for (u32 k = 1; k < SIZE; k++) right &= table[k - 1] <= table[k];
        right &= before == after;
        crc = crc32(crc, table, sizeof table);
    }
    if (rounds == ROUNDS) right &= crc == CRC;
    return verdict(right, "compute: %u rounds of %u numbers, crc %x", rounds, SIZE, crc);
}
