/* spin MILLISECONDS [NAME]: computes for so long by the clock, and says how many rounds it got. */
#include "call.h"

int main(int count, char **words) {
    u32 length = number_from(count > 1 ? words[1] : NULL, 100), end = milliseconds() + length, rounds = 0, sum = 1;
    while (milliseconds() < end) {
        for (int k = 0; k < 20000; k++) sum = sum * 1664525u + 1013904223u;
        rounds++;
    }
    print("%s: %u rounds%s\n", count > 2 ? words[2] : "spin", rounds, sum == 0 ? "!" : "");
    return 0;
}
