/* bomb [MOST]: makes processes that do nothing, until it may not or there are MOST (200); says how many. */
#include "call.h"

int main(int count, char **words) {
    u32 most = number_from(count > 1 ? words[1] : NULL, 200), made = 0;
    int child = 0;
    system_call(SYS_setpgid, 0, 0, 0, 0, 0); /* what it ends at the end is its own group */
    while (made < most && (child = fork()) > 0) made++;
    if (child == 0 && made < most)
        for (;;) system_call(SYS_pause);
    if (child < 0)
        print("bomb: refused after %u: %s\n", made, error_text(child));
    else
        print("bomb: nobody stopped it, %u processes\n", made);
    on_signal(SIGTERM, (signal_handler)SIG_IGN, 0);
    send_signal(0, SIGTERM);
    while (wait_for(-1, NULL, 0) > 0) continue;
    return 0;
}
