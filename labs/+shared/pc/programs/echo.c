/* echo WORDS: prints its arguments. */
#include "lib/unix.h"

int main(int count, char **words) {
    for (int k = 1; k < count; k++) print("%s%s", words[k], k + 1 < count ? " " : "");
    print("\n");
    return 0;
}
