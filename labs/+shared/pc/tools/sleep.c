/* sleep MILLISECONDS: waits. */
#include "call.h"

int main(int count, char **words) {
    pause_for(number_from(count > 1 ? words[1] : NULL, 1000));
    return 0;
}
