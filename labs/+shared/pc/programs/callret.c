/* callret [COUNT]: calls and returns, near and through a pointer, which a translator must look up. */
#include "lib/unix.h"

static __attribute__((noinline)) u32 add_one(u32 value) {
    asm volatile("" : "+r"(value)); /* keeps the call from being folded away */
    return value + 1;
}

static __attribute__((noinline)) u32 descend(u32 depth) { return depth == 0 ? 0 : add_one(descend(depth - 1)); }

int main(int count, char **words) {
    u32 rounds = number_from(count > 1 ? words[1] : NULL, 20000), value = 0;
    u32 (*volatile through_pointer)(u32) = add_one;
    for (u32 k = 0; k < rounds; k++) value = through_pointer(add_one(value));
    for (u32 k = 0; k < rounds / 100; k++) value += descend(50);
    u32 expected = 2 * rounds + rounds / 100 * 50;
    return verdict(value == expected, "callret: %u rounds, %u calls counted", rounds, value);
}
