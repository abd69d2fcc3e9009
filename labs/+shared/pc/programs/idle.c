/* idle [COUNT]: sleeps for 50 milliseconds several times: what a machine costs that has nothing to do. */
#include "lib/unix.h"

#define NAP 50

int main(int count, char **words) {
    u32 naps = number_from(count > 1 ? words[1] : NULL, 10), long_enough = 0;
    for (u32 k = 0; k < naps; k++) {
        u32 before = milliseconds();
        pause_for(NAP);
        long_enough += milliseconds() - before >= NAP;
    }
    return verdict(long_enough == naps, "idle: %u naps of %u ms, %u long enough", naps, NAP, long_enough);
}
